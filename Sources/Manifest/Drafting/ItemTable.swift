import Catalogue
import Quantities

/// The key and the cut of every item of a catalogue, worked out once.
struct ItemKeys: Sendable {
    let keys: [String]
    let layouts: [ChunkLayout]
    let fileBytes: [[Int64]]

    init(_ catalogue: Catalogue) {
        keys = catalogue.items.map {
            ManifestNames.item(title: catalogue.titles[Int($0.title)].id, version: $0.version)
        }
        layouts = catalogue.items.map(\.layout)
        fileBytes = catalogue.items.map { $0.files.map(\.sizeBytes) }
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
        positions.append(position)
        var item = ItemTable.describe(position, catalogue, keys)
        item.completes = completed.contains(position)
        entries.append(item)
    }

    /// What is said of an item that isn't fetched.
    static func describe(_ position: Int32, _ catalogue: Catalogue, _ keys: ItemKeys)
        -> ManifestItem
    {
        let item = catalogue.items[Int(position)]
        return ManifestItem(
            key: keys.keys[Int(position)], title: catalogue.titles[Int(item.title)].id,
            version: item.version, name: "", fileBytes: keys.fileBytes[Int(position)],
            chunkBytes: item.chunkBytes, index: item.indexDigest, completes: false)
    }

    /// Says of the item at `position`, which is fetched and was named, what that takes: where it
    /// lies, and whom else to ask for it.
    mutating func set(fallbacks: [ManifestContent.End], of position: Int32) {
        guard let entry = positions.firstIndex(of: position) else { return }
        entries[entry] = entries[entry].fetched(catalogue, at: position)
        entries[entry].fallbacks = fallbacks
    }

    func chunkBytes(ofKey key: String) -> Int64 {
        entries.first { $0.key == key }?.chunkBytes ?? 0
    }

    /// All of them, ascending by key.
    var sorted: [ManifestItem] { entries.sorted { $0.key < $1.key } }
}

extension ManifestItem {
    /// The same with what is said of an item that is fetched: its name, and where it lies.
    func fetched(_ catalogue: Catalogue, at position: Int32) -> ManifestItem {
        let item = catalogue.items[Int(position)]
        var fetched = self
        fetched.name = catalogue.titles[Int(item.title)].name
        fetched.path = item.blobDigest.map { "blobs/" + $0.hex } ?? key
        return fetched
    }
}
