import Fleet
import GRDB
import Quantities

/// Holdings of one import session: gathered by device, named, merged.
///
/// What a row names becomes a number in `held_name`: the title and version when
/// the catalogue knows it, else the text as stated, to be resolved when a later
/// catalogue does. New numbers are given at the end in the order of the names,
/// so the order of the rows leaves no trace.
struct HoldingImport {
    private var rows: DeviceRows
    private let catalogue: CatalogueNames
    private let kind: Kind
    private var stated: [Stated: Int32] = [:]
    private var meant: [Meant: Int32] = [:]
    private var names: [Meant] = []
    private var unknown: [Bool] = []
    private var last: (stated: Stated, name: Int32)?

    /// What rows say of what is stored.
    enum Kind {
        /// A device has exactly the rows.
        case snapshot
        /// A row adds, replaces or removes one item.
        case delta
        /// A row adds or removes chunks.
        case report
    }

    /// A name and version as a row has them.
    private struct Stated: Hashable {
        let name: Identifier
        let version: Identifier
    }

    /// What `held_name` has for it.
    private struct Meant: Hashable, Comparable {
        let name: Identifier
        let version: Identifier

        static func < (a: Self, b: Self) -> Bool {
            a.name == b.name ? a.version < b.version : a.name < b.name
        }
    }

    init(_ database: Database, kind: Kind, limitBytes: Int) throws {
        rows = try DeviceRows(database, table: "holding", limitBytes: limitBytes)
        catalogue = try CatalogueNames(database)
        self.kind = kind
    }

    /// Every known device, ascending.
    var deviceNames: [String] { rows.devices.texts }

    /// The position of a device in ``deviceNames``, nil when it isn't known.
    mutating func position(of device: String) -> Int32? { rows.position(of: device) }

    /// Whether there is such a device.
    mutating func knows(device: String) -> Bool { rows.position(of: device) != nil }

    /// Says that a device's holdings are exactly those given, even if none are.
    mutating func name(device: String, in database: Database) throws -> Bool {
        guard let position = rows.position(of: device) else { return false }
        try rows.add(device: position, into: database) { _ in }
        return true
    }

    /// Takes a row, or says why not: its device isn't known, or has too much.
    mutating func put(_ record: HoldingRecord, in database: Database, report: inout ImportReport)
        throws -> (code: String, message: String)?
    {
        guard let device = rows.position(of: record.device) else {
            return ImportSession.unknown("device", record.device)
        }
        if record.operation != .remove {
            let excess = try count(record, of: device, in: database)
            if let excess { return excess }
        }
        let name = number(of: record)
        if unknown[Int(name)] { report.unknownNames += 1 }
        let packed = PackedHolding(
            name: name, chunks: record.chunks, area: record.area, bought: record.bought,
            bytes: record.bytes, observedAt: record.observedAt)
        try rows.add(device: device, into: database) { writer in
            writer.append(varint: UInt64(name))
            packed.writeFields(
                into: &writer,
                flags: record.operation == .remove ? PackedHolding.Flag.removal : 0, time: 0)
        }
        return nil
    }

    /// Counts a row, with what a delta leaves as it is.
    private mutating func count(_ record: HoldingRecord, of device: Int32, in database: Database)
        throws -> (code: String, message: String)?
    {
        if kind != .snapshot, rows.isNew(device: device),
            let stored = try rows.stored(device, in: database)
        {
            do {
                let held = try PackedHolding.unpacked(stored)
                let bytes = held.reduce(0) { $0 + max(0, $1.bytes ?? 0) }
                rows.count(stored: (held.count, bytes), of: device)
            } catch {
                throw StoreError.damaged("holding", device: record.device, error)
            }
        }
        return rows.count(device: device, bytes: max(0, record.bytes ?? 0))
    }

    /// The session's own number for what a row names.
    private mutating func number(of record: HoldingRecord) -> Int32 {
        let key = Stated(
            name: Identifier(record.item), version: Identifier(record.version ?? ""))
        if let last, last.stated == key { return last.name }
        let number = stated[key] ?? newNumber(for: key)
        last = (key, number)
        return number
    }

    private mutating func newNumber(for key: Stated) -> Int32 {
        let known = catalogue.item(key.name.text, version: key.version.text)
        let meaning =
            known.map {
                Meant(
                    name: Identifier(catalogue.titles[Int($0.title)].id),
                    version: Identifier(String($0.major)))
            } ?? Meant(name: key.name, version: key.version)
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
        let ids = try HoldingImport.identifiers(for: names, in: database)
        let kind = kind
        try rows.finish(database, report: &report) { collected, stored, report in
            let entries = try HoldingMerge.decode(collected, ids: ids)
            let base =
                kind == .snapshot ? [] : try stored.map { try PackedHolding.unpacked($0) } ?? []
            let merged =
                kind == .report
                ? ReportMerge.merge(entries, onto: base, report: &report)
                : HoldingMerge.merge(
                    entries, onto: base, isDelta: kind == .delta, report: &report)
            return merged.isEmpty ? nil : PackedHolding.packed(merged)
        }
        if unknown.contains(true) { try NameSweep.held.run(database) }
    }

    /// `held_name.id` of each name; those that are new get theirs in order.
    private static func identifiers(for names: [Meant], in database: Database) throws -> [Int32] {
        var ids = [Int32](repeating: 0, count: names.count)
        let find = try database.makeStatement(
            sql: """
                SELECT id FROM held_name
                WHERE name = ? AND version = ? AND pinned_title IS NULL
                """)
        let insert = try database.makeStatement(
            sql: "INSERT INTO held_name (name, version) VALUES (?, ?)")
        for position in names.indices.sorted(by: { names[$0] < names[$1] }) {
            let arguments: StatementArguments = [
                names[position].name.text, names[position].version.text,
            ]
            if let id = try Int32.fetchOne(find, arguments: arguments) {
                ids[position] = id
            } else {
                try insert.execute(arguments: arguments)
                ids[position] = Int32(truncatingIfNeeded: database.lastInsertedRowID)
            }
        }
        return ids
    }
}
