import Feeds
import Fleet
import Store

/// A row of one of the fleet's tables: read by `Feeds`, taken by `Store`.
protocol ImportedRow: TableRow, PrintedRecord, Sendable {
    /// Gives a batch to the store.
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal]
    /// Whether a file may be named after the one device whose rows it has.
    static var hasDrops: Bool { get }
}

extension ImportedRow {
    /// Tables with deltas have drops, unless one says otherwise.
    static var hasDrops: Bool { hasDelta }
}

extension SiteRecord: ImportedRow {
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(sites: batch)
    }
}

extension OriginRecord: ImportedRow {
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(origins: batch)
    }
}

extension Account: ImportedRow {
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(accounts: batch)
    }
}

extension DeviceRecord: ImportedRow {
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(devices: batch)
    }
}

extension HoldingRecord: ImportedRow {
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(holdings: batch)
    }
}

extension WishRecord: ImportedRow {
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(wishes: batch)
    }
}

extension LinkRecord: ImportedRow {
    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(links: batch)
    }
}

extension ReportRecord: ImportedRow {
    static let hasDrops = true

    static func put(_ batch: [Self], in session: ImportSession) throws -> [RowRefusal] {
        try session.put(reports: batch)
    }
}
