import GRDB

/// Forgets names that no device's row refers to any more.
///
/// Names are kept so that packed rows can refer to them by number; those of
/// unknown titles would pile up for ever. Which are used is only seen by reading
/// all rows, so nothing is done until there are many more names than the
/// catalogue accounts for.
struct NameSweep {
    static let held = NameSweep(names: "held_name", rows: "holding", known: "item")
    static let wished = NameSweep(names: "wished_name", rows: "wish", known: "title")

    /// How many names may stay beyond twice what the catalogue has.
    private static let spareNames = 100_000

    private let names: String
    private let rows: String
    private let known: String

    /// Forgets them, if there are more than `spare` and twice what is known. Costs a count, or a
    /// pass over all rows.
    func run(_ database: Database, spare: Int = NameSweep.spareNames) throws {
        guard try count(names, database) > 2 * count(known, database) + spare else { return }
        let used = try used(database)
        let ids = try Int.fetchAll(database, sql: "SELECT id FROM \(names) ORDER BY id")
        let forget = try database.makeStatement(sql: "DELETE FROM \(names) WHERE id = ?")
        for id in ids where !used.indices.contains(id) || !used[id] {
            try forget.execute(arguments: [id])
        }
    }

    private func count(_ table: String, _ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
    }

    /// By number, up to the last one used.
    private func used(_ database: Database) throws -> [Bool] {
        var used: [Bool] = []
        func use(_ name: Int32) {
            while used.count <= Int(name) { used.append(false) }
            used[Int(name)] = true
        }
        try SnapshotReader.forEachPacked(database, rows) { _, bytes in
            if rows == "holding" {
                for holding in try PackedHolding.unpacked(bytes) { use(holding.name) }
            } else {
                for wish in try PackedWish.unpacked(bytes) { use(wish.name) }
            }
        }
        return used
    }
}
