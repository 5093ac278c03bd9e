import Catalogue
import Fleet
import GRDB
import Quantities

/// Reads holdings, in two passes: first which items are held at all, then, with the catalogue, what
/// of them.
struct HoldingReader {
    /// An item by its title's position in ``CatalogueNames/titles`` and its version.
    typealias Meaning = (title: Int32, major: Int32)

    /// By `held_name.id`; nil when unknown.
    private var meanings: [Meaning?] = []
    private var texts: [String] = []
    private var used: [Bool] = []
    private(set) var holdings = HoldingTable()
    private(set) var offsets: [Int32] = []
    private var unknown = Tally()
    private var unsized = Tally()
    private var beyond = Tally()
    private var twice = Tally()

    init(_ database: Database, names: CatalogueNames) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, name, version, pinned_title, pinned_major FROM held_name ORDER BY id")
        while let row = try rows.next() {
            let id: Int = row[0]
            while texts.count <= id {
                texts.append("")
                meanings.append(nil)
            }
            texts[id] = row[1]
            if let title = row[3] as String? {
                meanings[id] = names.item(title, version: String(row[4] as Int32))
            } else {
                meanings[id] = names.item(texts[id], version: row[2])
            }
        }
        used = [Bool](repeating: false, count: texts.count)
    }

    /// The first pass.
    mutating func markUsed(_ database: Database) throws {
        try SnapshotReader.forEachPacked(database, "holding") { _, bytes in
            for holding in try PackedHolding.unpacked(bytes) {
                guard used.indices.contains(Int(holding.name)) else {
                    throw ByteReader.Fault.outOfRange
                }
                used[Int(holding.name)] = true
            }
        }
    }

    /// What is held by someone.
    var usedItems: [Meaning] { used.indices.compactMap { used[$0] ? meanings[$0] : nil } }

    /// The second pass.
    mutating func read(_ database: Database, devices: [Device], catalogue: CatalogueReader) throws {
        let items = meanings.map { meaning in
            meaning.flatMap { catalogue.item(title: $0.title, major: $0.major) } ?? -1
        }
        let chunkCounts = catalogue.catalogue.items.map { $0.layout.count }
        var builder = OffsetBuilder(devices: devices)
        try SnapshotReader.forEachPacked(database, "holding") { device, bytes in
            try builder.begin(device, at: holdings.count)
            let own = try PackedHolding.unpacked(bytes).compactMap { packed in
                items[Int(packed.name)] < 0
                    ? unknownHolding(packed, device: device)
                    : knownHolding(
                        packed, item: items[Int(packed.name)], device: device, chunkCounts)
            }
            for holding in settled(own, device: device) { holdings.append(holding) }
        }
        try builder.end(at: holdings.count)
        offsets = builder.offsets
    }

    private mutating func unknownHolding(_ packed: PackedHolding, device: String) -> Holding {
        unknown.add("'\(texts[Int(packed.name)])' of device '\(device)'")
        if packed.bytes == nil { unsized.add("'\(texts[Int(packed.name)])' of device '\(device)'") }
        return Holding(
            item: -1, area: packed.area ?? .cache, bought: packed.bought,
            unknownBytes: max(0, packed.bytes ?? 0))
    }

    /// A holding whose chunks are those that its item has; nil when none are.
    private mutating func knownHolding(
        _ packed: PackedHolding, item: Int32, device: String, _ chunkCounts: [Int32]
    ) -> Holding? {
        var holding = Holding(item: item, area: packed.area ?? .cache, bought: packed.bought)
        guard case .some(let stated) = packed.chunks else { return holding }
        let whole = RangeSet32(0..<chunkCounts[Int(item)])
        let chunks = stated.intersection(whole)
        if chunks != stated { beyond.add("'\(texts[Int(packed.name)])' of device '\(device)'") }
        if chunks.isEmpty { return nil }
        if chunks != whole { holding.chunks = .some(chunks) }
        return holding
    }

    /// One device's holdings in order, what it holds of one item under several names as one.
    private mutating func settled(_ unsorted: [Holding], device: String) -> [Holding] {
        var result: [Holding] = []
        result.reserveCapacity(unsorted.count)
        for holding in unsorted.sorted(by: HoldingReader.precedes) {
            if let last = result.last, last.item == holding.item, holding.item >= 0 {
                twice.add("device '\(device)'")
                result[result.count - 1] = HoldingReader.union(last, holding)
            } else {
                result.append(holding)
            }
        }
        return result
    }

    private static func precedes(_ a: Holding, _ b: Holding) -> Bool {
        if a.item != b.item { return a.item < b.item }
        if a.unknownBytes != b.unknownBytes { return a.unknownBytes < b.unknownBytes }
        if a.area != b.area { return a.area == .wish }
        return !a.bought && b.bought
    }

    private static func union(_ a: Holding, _ b: Holding) -> Holding {
        var result = a
        switch (a.chunks, b.chunks) {
        case (.some(let one), .some(let other)): result.chunks = .some(one.union(other))
        default: result.chunks = .all
        }
        if b.area == .wish { result.area = .wish }
        result.bought = a.bought || b.bought
        return result
    }

    var notes: [Diagnostic] {
        unknown.notes("W_UNKNOWN_HELD", "holdings") { count, example in
            "\(count) holdings are of items that the catalogue doesn't know, such as \(example)"
        }
            + unsized.notes("W_UNKNOWN_BYTES", "holdings") { count, example in
                "\(count) unknown holdings state no bytes and count as none, such as \(example)"
            }
            + beyond.notes("W_CHUNKS_BEYOND", "holdings") { count, example in
                "\(count) holdings name chunks that their items don't have, such as \(example)"
            }
            + twice.notes("W_HELD_TWICE", "holdings") { count, example in
                "\(count) items are held under several names and taken together, such as by \(example)"
            }
    }
}
