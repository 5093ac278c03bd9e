import Foundation
import GRDB
import Quantities

/// The part that holdings and wishes share: rows gathered by device, then merged with what is
/// stored.
struct DeviceRows {
    /// Every known device.
    let devices: IdentifierIndex
    /// What one device may have.
    enum Limit {
        /// Holdings, and wishes.
        static let rows = 100_000
        /// The sum of the bytes that its holdings state: sums of it are far from 64 bits.
        static let bytes: Int64 = 1_000_000_000_000_000_000
    }

    private let table: String
    /// Rows and bytes of each device so far; of a delta with those that are stored.
    private var rowCounts: [Int]
    private var byteCounts: [Int64]
    private var collector: Collector
    private var last: (text: Identifier, position: Int32)?

    /// For `table`, which is `holding` or `wish`; `limitBytes` is ``Collector/limitBytes``.
    init(_ database: Database, table: String, limitBytes: Int) throws {
        devices = IdentifierIndex(
            ascending: try String.fetchAll(database, sql: "SELECT id FROM device ORDER BY id"))
        self.table = table
        rowCounts = [Int](repeating: 0, count: devices.texts.count)
        byteCounts = [Int64](repeating: 0, count: devices.texts.count)
        collector = Collector(owners: devices.texts.count, limitBytes: limitBytes)
    }

    /// The position of a device, nil when it isn't known. Rows come in runs of one device, so the
    /// last is remembered.
    mutating func position(of device: String) -> Int32? {
        let text = Identifier(device)
        if let last, last.text == text { return last.position }
        guard let position = devices.position(of: device) else { return nil }
        last = (text, position)
        return position
    }

    /// Counts a row of a device, and says why it is one too many; nil when it isn't.
    ///
    /// Rows that replace others count too: they are told apart at the end only.
    ///
    /// - Parameters:
    ///   - device: its position.
    ///   - bytes: that the row states, at least 0.
    /// - Returns: a code and a message, nil when the row can be taken.
    mutating func count(device: Int32, bytes: Int64 = 0) -> (code: String, message: String)? {
        let place = Int(device)
        guard rowCounts[place] < Limit.rows else {
            return (
                "E_TOO_MANY",
                "device '\(devices.texts[place])' has more than \(Limit.rows) rows"
            )
        }
        guard bytes <= Limit.bytes - min(byteCounts[place], Limit.bytes) else {
            return (
                "E_TOO_MUCH",
                "the holdings of device '\(devices.texts[place])' come to more than "
                    + "\(Limit.bytes) bytes"
            )
        }
        rowCounts[place] += 1
        byteCounts[place] += bytes
        return nil
    }

    /// Whether nothing of a device was counted yet.
    func isNew(device: Int32) -> Bool { rowCounts[Int(device)] == 0 }

    /// Counts what a device has and keeps.
    mutating func count(stored: (rows: Int, bytes: Int64), of device: Int32) {
        rowCounts[Int(device)] = stored.rows
        byteCounts[Int(device)] = stored.bytes
    }

    /// The packed row that is stored for a device.
    func stored(_ device: Int32, in database: Database) throws -> [UInt8]? {
        try Data.fetchOne(
            database, sql: "SELECT packed FROM \(table) WHERE device = ?",
            arguments: [devices.texts[Int(device)]]
        ).map { [UInt8]($0) }
    }

    /// Adds a device's next row.
    mutating func add(
        device: Int32, into database: Database, _ encode: (inout ByteWriter) -> Void
    ) throws {
        collector.add(owner: device, encode)
        if collector.isFull { try collector.spill(into: database) }
    }

    /// Replaces the packed row of every named device by what `merge` makes of its rows and the
    /// stored one: nil for nothing at all.
    mutating func finish(
        _ database: Database, report: inout ImportReport,
        merge: (_ rows: [UInt8], _ stored: [UInt8]?, _ report: inout ImportReport) throws ->
            [UInt8]?
    ) throws {
        let find = try database.makeStatement(sql: "SELECT packed FROM \(table) WHERE device = ?")
        let put = try database.makeStatement(
            sql: "INSERT OR REPLACE INTO \(table) (device, packed) VALUES (?, ?)")
        let delete = try database.makeStatement(sql: "DELETE FROM \(table) WHERE device = ?")
        let texts = devices.texts
        try collector.drain(from: database) { owner, rows in
            let device = texts[Int(owner)]
            let stored = try Data.fetchOne(find, arguments: [device]).map { [UInt8]($0) }
            let merged: [UInt8]?
            do {
                merged = try merge(rows, stored, &report)
            } catch let fault as ByteReader.Fault {
                throw StoreError.damaged(table, device: device, fault)
            }
            switch (stored, merged) {
            case (let old, let new) where old == new: report.unchanged += 1
            case (nil, _): report.added += 1
            case (_, nil): report.removed += 1
            default: report.changed += 1
            }
            guard stored != merged else { return }
            if let merged {
                try put.execute(arguments: [device, Data(merged)])
            } else {
                try delete.execute(arguments: [device])
            }
        }
    }
}
