import Fleet
import GRDB
import Quantities

/// Wishes of one import session: gathered by device, named, merged.
///
/// As ``HoldingImport``, but what a wish names is a title, and the last row of
/// several for one title counts.
struct WishImport {
    private var rows: DeviceRows
    private let catalogue: CatalogueNames
    private let isDelta: Bool
    private var stated: [Identifier: Int32] = [:]
    private var meant: [Identifier: Int32] = [:]
    private var names: [Identifier] = []
    private var unknown: [Bool] = []

    init(_ database: Database, isDelta: Bool, limitBytes: Int) throws {
        rows = try DeviceRows(database, table: "wish", limitBytes: limitBytes)
        catalogue = try CatalogueNames(database)
        self.isDelta = isDelta
    }

    /// Whether there is such a device.
    mutating func knows(device: String) -> Bool { rows.position(of: device) != nil }

    /// Says that a device's wishes are exactly those given, even if none are.
    mutating func name(device: String, in database: Database) throws -> Bool {
        guard let position = rows.position(of: device) else { return false }
        try rows.add(device: position, into: database) { _ in }
        return true
    }

    /// Takes a row, or says why not: its device isn't known, or has too much.
    mutating func put(_ record: WishRecord, in database: Database, report: inout ImportReport)
        throws -> (code: String, message: String)?
    {
        guard let device = rows.position(of: record.device) else {
            return ImportSession.unknown("device", record.device)
        }
        if record.operation != .remove {
            let excess = try count(record, of: device, in: database)
            if let excess { return excess }
        }
        let name = number(of: Identifier(record.title))
        if unknown[Int(name)] { report.unknownNames += 1 }
        let packed = PackedWish(name: name, rank: record.rank, wantedUntil: record.wantedUntil)
        try rows.add(device: device, into: database) { writer in
            writer.append(varint: UInt64(name))
            writer.append(byte: record.operation == .remove ? 1 : 0)
            packed.writeFields(into: &writer)
        }
        return nil
    }

    /// Counts a row, with what a delta leaves as it is.
    private mutating func count(_ record: WishRecord, of device: Int32, in database: Database)
        throws -> (code: String, message: String)?
    {
        if isDelta, rows.isNew(device: device), let stored = try rows.stored(device, in: database) {
            do {
                let wished = try PackedWish.unpacked(stored)
                rows.count(stored: (wished.count, 0), of: device)
            } catch {
                throw StoreError.damaged("wish", device: record.device, error)
            }
        }
        return rows.count(device: device)
    }

    private mutating func number(of key: Identifier) -> Int32 {
        if let number = stated[key] { return number }
        let known = catalogue.wished(key.text)
        let meaning = known.map { Identifier(catalogue.titles[Int($0)].id) } ?? key
        let number = meant[meaning] ?? Int32(names.count)
        if number == Int32(names.count) {
            names.append(meaning)
            unknown.append(known == nil)
            meant[meaning] = number
        }
        stated[key] = number
        return number
    }

    /// Writes everything.
    mutating func finish(_ database: Database, report: inout ImportReport) throws {
        let ids = try WishImport.identifiers(for: names, in: database)
        let isDelta = isDelta
        try rows.finish(database, report: &report) { collected, stored, report in
            let base = isDelta ? try stored.map { try PackedWish.unpacked($0) } ?? [] : []
            let merged = try WishImport.merge(
                collected, ids: ids, onto: base, isDelta: isDelta, report: &report)
            return merged.isEmpty ? nil : PackedWish.packed(merged)
        }
        if unknown.contains(true) { try NameSweep.wished.run(database) }
    }

    /// The device's wishes afterwards, ascending by name.
    private static func merge(
        _ rows: [UInt8], ids: [Int32], onto base: [PackedWish], isDelta: Bool,
        report: inout ImportReport
    ) throws(ByteReader.Fault) -> [PackedWish] {
        var wishes: [Int32: PackedWish] = [:]
        for wish in base { wishes[wish.name] = wish }
        var named: Set<Int32> = []
        var reader = ByteReader(rows)
        while reader.remaining > 0 {
            let name = ids[try reader.count(upTo: ids.count - 1)]
            let removes = try reader.byte() == 1
            let wish = try PackedWish.read(name: name, from: &reader)
            if !named.insert(name).inserted { report.duplicates += 1 }
            let old = wishes.updateValue(wish, forKey: name)
            guard removes else { continue }
            wishes[name] = nil
            if old == nil, isDelta { report.ignored += 1 }
        }
        return wishes.values.sorted { $0.name < $1.name }
    }

    /// `wished_name.id` of each name; those that are new get theirs in order.
    private static func identifiers(for names: [Identifier], in database: Database) throws
        -> [Int32]
    {
        var ids = [Int32](repeating: 0, count: names.count)
        let find = try database.makeStatement(sql: "SELECT id FROM wished_name WHERE name = ?")
        let insert = try database.makeStatement(sql: "INSERT INTO wished_name (name) VALUES (?)")
        for position in names.indices.sorted(by: { names[$0] < names[$1] }) {
            if let id = try Int32.fetchOne(find, arguments: [names[position].text]) {
                ids[position] = id
            } else {
                try insert.execute(arguments: [names[position].text])
                ids[position] = Int32(truncatingIfNeeded: database.lastInsertedRowID)
            }
        }
        return ids
    }
}
