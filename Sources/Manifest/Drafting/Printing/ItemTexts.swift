import CanonicalJSON
import Catalogue
import Quantities

/// What every manifest says of an item alike, as bytes that are worked out once.
struct ItemTexts: Sendable {
    /// The place of each item among all, by key.
    let ranks: [Int32]
    /// `"cut":[…]`, by item.
    private var cuts: [[UInt8]]
    /// `,"index":"…","key":"…"`, by item.
    private var keys: [[UInt8]]
    /// What follows where the item is fetched, and where it isn't: title and version among it.
    private var fetched: [[UInt8]]
    private var others: [[UInt8]]

    /// Items that `isNamed` says no manifest names are left out.
    init(_ catalogue: Catalogue, _ known: ItemKeys, isNamed: [Bool]) {
        let order = known.keys.indices.sorted { known.keys[$0] < known.keys[$1] }
        var ranks = [Int32](repeating: 0, count: order.count)
        for (rank, item) in order.enumerated() { ranks[item] = Int32(rank) }
        self.ranks = ranks
        cuts = [[UInt8]](repeating: [], count: order.count)
        (keys, fetched, others) = (cuts, cuts, cuts)
        for item in isNamed.indices where isNamed[item] {
            add(item, ItemTable.describe(Int32(item), catalogue, known), catalogue)
        }
    }

    private mutating func add(_ position: Int, _ item: ManifestItem, _ catalogue: Catalogue) {
        cuts[position].append(contentsOf: "\"cut\":[".utf8)
        for (place, bytes) in ([item.chunkBytes] + item.fileBytes).enumerated() {
            if place > 0 { cuts[position].append(UInt8(ascii: ",")) }
            cuts[position].append(decimal: bytes)
        }
        cuts[position].append(UInt8(ascii: "]"))
        if let index = item.index { keys[position].append(member: "index", index.hex) }
        keys[position].append(member: "key", item.key)
        others[position].append(titleOf: item)
        let fetched = item.fetched(catalogue, at: Int32(position))
        if !fetched.name.isEmpty { self.fetched[position].append(member: "name", fetched.name) }
        self.fetched[position].append(member: "path", fetched.path)
        self.fetched[position].append(titleOf: fetched)
    }

    /// Writes an item that isn't fetched.
    func append(_ item: Int32, completes: Bool, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (completes ? "{\"completes\":true," : "{").utf8)
        bytes.append(contentsOf: cuts[Int(item)])
        bytes.append(contentsOf: keys[Int(item)])
        bytes.append(contentsOf: others[Int(item)])
        bytes.append(UInt8(ascii: "}"))
    }

    /// Writes an item that is fetched; `fallbacks` are places of ends.
    func append(
        _ item: Int32, fallbacks: [Int32], completes: Bool, isWish: Bool, to bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: (completes ? "{\"completes\":true," : "{").utf8)
        bytes.append(contentsOf: cuts[Int(item)])
        for (place, end) in fallbacks.enumerated() {
            bytes.append(contentsOf: (place == 0 ? ",\"fallbacks\":[" : ",").utf8)
            bytes.append(decimal: Int64(end))
        }
        if !fallbacks.isEmpty { bytes.append(UInt8(ascii: "]")) }
        bytes.append(contentsOf: keys[Int(item)])
        bytes.append(contentsOf: fetched[Int(item)])
        bytes.append(contentsOf: (isWish ? ",\"wish\":true}" : "}").utf8)
    }
}

extension [UInt8] {
    /// Appends `,"key":"text"`.
    fileprivate mutating func append(member key: String, _ text: String) {
        append(contentsOf: ",\"\(key)\":".utf8)
        append(quoted: text)
    }

    fileprivate mutating func append(titleOf item: ManifestItem) {
        guard !item.keyTellsTitle else { return }
        append(member: "title", item.title)
        append(member: "version", item.version)
    }
}
