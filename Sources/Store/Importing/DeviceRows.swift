import Foundation
import GRDB
import Quantities

/// The part that holdings and wishes share: rows gathered by device, then merged with what is
/// stored.
struct DeviceRows {
    /// Every known device.
    let devices: IdentifierIndex
    private let table: String
    private var collector: Collector
    private var last: (text: Identifier, position: Int32)?

    /// For `table`, which is `holding` or `wish`; `limitBytes` is ``Collector/limitBytes``.
    init(_ database: Database, table: String, limitBytes: Int) throws {
        devices = IdentifierIndex(
            ascending: try String.fetchAll(database, sql: "SELECT id FROM device ORDER BY id"))
        self.table = table
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
