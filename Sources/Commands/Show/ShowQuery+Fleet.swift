import Console
import Fleet
import Nightly
import Quantities
import Store

// The fleet, in the columns of the tables that are imported.

extension ShowQuery {
    /// Rows of one of the fleet's tables, by identifier.
    func records(_ subject: ShowSubject) throws {
        let store = try workspace.openStore()
        switch subject {
        case .sites: try printed(store.sites())
        case .origins: try printed(store.origins())
        case .accounts: try printed(store.accounts())
        case .devices:
            try printed(DeviceRecord.self) { row in try store.forEachDevice(device) { try row($0) }
            }
        case .holdings:
            try printed(HoldingRecord.self) { row in
                try store.forEachHolding(device: device, title: title) { try row($0.record) }
            }
        case .wishes:
            try printed(WishRecord.self) { row in
                try store.forEachWish(device: device, title: title) { try row($0.record) }
            }
        default:
            try printed(LinkRecord.self) { row in
                try store.forEachLink(end: device) { try row($0) }
            }
        }
    }

    private func printed<Record: PrintedRecord>(_ records: [Record]) throws {
        try printed(Record.self) { row in for record in records { try row(record) } }
    }

    private func printed<Record: PrintedRecord>(
        _ type: Record.Type, _ body: (_ row: @escaping (Record) throws -> Void) throws -> Void
    ) throws {
        let columns = Record.printedColumns
        try rows(of: columns) { row in
            try body { record in
                try row(zip(columns, record.printedFields).map { ShowQuery.cell($0, $1) })
            }
        }
    }

    /// A field as a cell: what it is follows from its column's name.
    private static func cell(_ column: String, _ field: String) -> Cell {
        if field.isEmpty { return .none }
        switch column {
        case "accepts", "bought", "paced": return .flag(field == "yes")
        case "rank", "failures": return Int64(field).map { .integer($0) } ?? .text(field)
        case let name where name.hasSuffix("kbps"):
            return Int64(field).map { .integer($0) } ?? .text(field)
        case let name where name.hasSuffix("bytes"):
            return Int64(field).map { .bytes($0) } ?? .text(field)
        default: return .text(field)
        }
    }
}
