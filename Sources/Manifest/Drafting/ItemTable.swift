import Catalogue
import Quantities

/// The key and the cut of every item of a catalogue, worked out once.
struct ItemKeys: Sendable {
    let keys: [String]
    let layouts: [ChunkLayout]

    init(_ catalogue: Catalogue) {
        keys = catalogue.items.map {
            ManifestNames.item(title: catalogue.titles[Int($0.title)].id, version: $0.version)
        }
        layouts = catalogue.items.map(\.layout)
    }
}

/// The items that one manifest names, gathered while it is drawn up.
struct ItemTable {
    private let catalogue: Catalogue
    private let keys: ItemKeys
    /// Positions in `Catalogue.items` of what is complete in the end.
    private let completed: [Int32]
    /// Positions in `Catalogue.items`, in the order of their first mention.
    private var positions: [Int32] = []
    private var entries: [ManifestItem] = []

    init(catalogue: Catalogue, keys: ItemKeys, completed: [Int32]) {
        self.catalogue = catalogue
        self.keys = keys
        self.completed = completed
    }

    /// The piece of these chunks; its item is named from now on.
    mutating func piece(_ item: Int32, _ chunks: Range<Int32>) -> ManifestContent.Piece {
        name(item)
        let layout = keys.layouts[Int(item)]
        return ManifestContent.Piece(
            item: keys.keys[Int(item)], chunks: ClosedRange(chunks),
            offset: layout.offset(ofChunk: chunks.lowerBound), bytes: layout.bytes(in: chunks))
    }

    /// Describes the item from now on.
    ///
    /// A device names few items, so a search along the array beats hashing.
    mutating func name(_ position: Int32) {
        guard !positions.contains(position) else { return }
        let item = catalogue.items[Int(position)]
        let title = catalogue.titles[Int(item.title)]
        positions.append(position)
        entries.append(
            ManifestItem(
                key: keys.keys[Int(position)], title: title.id, version: item.version,
                name: title.name, files: item.files, chunkBytes: item.chunkBytes,
                index: item.indexDigest, completes: completed.contains(position),
                path: item.blobDigest.map { "blobs/" + $0.hex } ?? keys.keys[Int(position)]))
    }

    /// Whom to ask for the item at `position`, which must have been named.
    mutating func set(fallbacks: [ManifestContent.End], of position: Int32) {
        guard let entry = positions.firstIndex(of: position) else { return }
        entries[entry].fallbacks = fallbacks
    }

    func chunkBytes(ofKey key: String) -> Int64 {
        entries.first { $0.key == key }?.chunkBytes ?? 0
    }

    /// All of them, ascending by key.
    var sorted: [ManifestItem] { entries.sorted { $0.key < $1.key } }
}
