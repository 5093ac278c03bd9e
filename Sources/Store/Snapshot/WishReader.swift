import Fleet
import GRDB
import Quantities

/// Reads the wishes that outlast the night's start.
struct WishReader {
    /// By `wished_name.id`: position in ``CatalogueNames/titles``, -1 when unknown.
    private var meanings: [Int32] = []
    private var texts: [String] = []
    /// Of all devices' wishes: position in ``CatalogueNames/titles``.
    private(set) var titles: [Int32] = []
    private var ranks: [Int32] = []
    private var offsets: [Int32] = []
    private var unknown = Tally()

    init(_ database: Database, names: CatalogueNames) throws {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, name FROM wished_name ORDER BY id")
        while let row = try rows.next() {
            let id: Int = row[0]
            while texts.count <= id {
                texts.append("")
                meanings.append(-1)
            }
            texts[id] = row[1]
            meanings[id] = names.wished(texts[id]) ?? -1
        }
    }

    mutating func read(_ database: Database, devices: [Device], night: Night) throws {
        var builder = OffsetBuilder(devices: devices)
        try SnapshotReader.forEachPacked(database, "wish") { device, bytes in
            try builder.begin(device, at: titles.count)
            for wish in try PackedWish.unpacked(bytes) {
                if let until = wish.wantedUntil, until <= night.start { continue }
                guard texts.indices.contains(Int(wish.name)) else {
                    throw ByteReader.Fault.outOfRange
                }
                let title = meanings[Int(wish.name)]
                if title < 0 { unknown.add("'\(texts[Int(wish.name)])' of device '\(device)'") }
                guard title >= 0 else { continue }
                titles.append(title)
                ranks.append(wish.rank)
            }
        }
        try builder.end(at: titles.count)
        offsets = builder.offsets
    }

    /// All wishes with positions in the catalogue, and where each device's begin; a title wished
    /// for twice counts once, at its better rank.
    func resolved(_ catalogue: CatalogueReader) -> (wishes: [Wish], offsets: [Int32]) {
        var wishes: [Wish] = []
        wishes.reserveCapacity(titles.count)
        var starts: [Int32] = [0]
        starts.reserveCapacity(offsets.count)
        for device in offsets.indices.dropLast() {
            var own: [Wish] = []
            for i in Int(offsets[device])..<Int(offsets[device + 1]) {
                guard let title = catalogue.title(at: titles[i]) else { continue }
                own.append(Wish(title: title, rank: ranks[i]))
            }
            own.sort { a, b in a.rank == b.rank ? a.title < b.title : a.rank < b.rank }
            var seen: Set<Int32> = []
            for wish in own where seen.insert(wish.title).inserted { wishes.append(wish) }
            starts.append(Int32(wishes.count))
        }
        return (wishes, starts)
    }

    var notes: [Diagnostic] {
        unknown.notes("W_UNKNOWN_WISH", "wishes") { count, example in
            "\(count) wishes name titles that the catalogue doesn't know, such as \(example)"
        }
    }
}
