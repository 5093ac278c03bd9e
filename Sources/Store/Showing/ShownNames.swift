import Fleet
import GRDB

/// What names in packed rows are shown as, and which of them a filter lets through.
struct ShownNames {
    private let names: CatalogueNames
    /// The title that is asked for, as the catalogue names it or else as given; nil: all.
    private let filter: Identifier?

    init(_ database: Database, title: String?) throws {
        let names = try CatalogueNames(database)
        self.names = names
        filter = title.map { title in
            Identifier(names.wished(title).map { names.titles[Int($0)].id } ?? title)
        }
    }

    /// Whether what is of this title, or of this unknown name, is asked for.
    func isShown(_ name: String) -> Bool { filter.map { $0 == Identifier(name) } ?? true }

    /// The titles that are asked for, ascending.
    func titleIDs(_ database: Database) throws -> [String] {
        names.titles.map(\.id).filter { isShown($0) }
    }

    /// What a number in packed holdings is shown as.
    struct Held {
        var record: HoldingRecord
        var isKnown: Bool

        func holding(_ packed: PackedHolding, device: String) -> ShownHolding {
            var record = record
            record.device = device
            record.chunks = packed.chunks
            record.area = packed.area
            record.bought = packed.bought
            record.bytes = packed.bytes
            record.observedAt = packed.observedAt
            return ShownHolding(record: record, isKnown: isKnown)
        }
    }

    /// By `held_name.id`.
    func held(_ database: Database) throws -> [Int32: Held] {
        var held: [Int32: Held] = [:]
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, name, version, pinned_title, pinned_major FROM held_name")
        while let row = try rows.next() {
            let name: String = row[3] ?? row[1]
            let version: String = (row[4] as Int32?).map { String($0) } ?? row[2]
            var record = HoldingRecord(device: "", item: name)
            record.version = version.isEmpty ? nil : version
            let known = names.item(name, version: version)
            if let known {
                record.item = names.titles[Int(known.title)].id
                record.version = String(known.major)
            }
            held[row[0]] = Held(record: record, isKnown: known != nil)
        }
        return held
    }

    /// By `wished_name.id`.
    func wished(_ database: Database) throws -> [Int32: ShownWish] {
        var wished: [Int32: ShownWish] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT id, name FROM wished_name")
        while let row = try rows.next() {
            let name: String = row[1]
            let known = names.wished(name)
            let title = known.map { names.titles[Int($0)].id } ?? name
            wished[row[0]] = ShownWish(
                record: WishRecord(device: "", title: title, rank: 0), isKnown: known != nil)
        }
        return wished
    }
}
