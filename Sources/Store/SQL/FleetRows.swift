import Fleet
import GRDB
import Quantities

/// Reads of origins, accounts, devices and links, each in the order of its identifiers.
enum FleetRows {
    static func origins(_ database: Database) throws -> [OriginRecord] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, site, egress_kbps, base_url, cost_per_gb, nightly_bytes
                FROM origin ORDER BY id
                """
        ).map {
            OriginRecord(
                origin: $0[0], site: $0[1], egressKbps: $0[2], baseURL: $0[3], costPerGB: $0[4],
                nightlyBytes: $0[5])
        }
    }

    static func accounts(_ database: Database) throws -> [Account] {
        var accounts: [Account] = []
        try forEachAccount(database) { accounts.append($0) }
        return accounts
    }

    /// Gives each account, or the one of `id`.
    static func forEachAccount(
        _ database: Database, id: String? = nil, _ body: (Account) throws -> Void
    ) throws {
        let condition = id == nil ? "" : "WHERE id = ?"
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, status, territory FROM account \(condition) ORDER BY id",
            arguments: id.map { [$0] } ?? [])
        while let row = try rows.next() {
            guard let status = Account.Status(rawValue: row[1]) else {
                throw StoreError(.corrupt, "account '\(row[0] as String)' has an unknown status")
            }
            try body(Account(id: row[0], status: status, territory: row[2]))
        }
    }

    /// Gives each device, or the one of `id`: its marks are the latest that its row, its reports
    /// and its neighbours' state.
    static func forEachDevice(
        _ database: Database, id: String? = nil, _ body: (DeviceRecord) throws -> Void
    ) throws {
        let columns = TableShape.device.columns.map { column -> String in
            guard ["last_served", "last_sent"].contains(column) else { return "d.\(column)" }
            return "max(ifnull(d.\(column), m.\(column)), ifnull(m.\(column), d.\(column)))"
        }.joined(separator: ", ")
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(columns) FROM device d LEFT JOIN report_mark m ON m.device = d.id
                \(id == nil ? "" : "WHERE d.id = ?") ORDER BY d.id
                """,
            arguments: id.map { [$0] } ?? [])
        while let row = try rows.next() { try body(try device(row)) }
    }

    private static func device(_ row: Row) throws -> DeviceRecord {
        guard let state = Device.State(rawValue: row[14]) else {
            throw StoreError(.corrupt, "device '\(row[0] as String)' has an unknown state")
        }
        var window: DailyWindow?
        if let from = row[7] as Int32?, let until = row[8] as Int32? {
            window = DailyWindow(fromMinute: from, untilMinute: until)
        }
        return DeviceRecord(
            device: row[0], account: row[1], site: row[2], wishBytes: row[3], cacheBytes: row[4],
            upKbps: row[5], downKbps: row[6], window: window, accepts: row[9], address: row[10],
            publicKey: row[11],
            lastServed: (row[12] as Int32?).map { CivilDate(dayNumber: $0) },
            lastSent: (row[13] as Int64?).map { Instant(seconds: $0) }, state: state,
            picks: PickList.split(row[15]))
    }

    /// Gives each link, those of `end` only when it is stated.
    static func forEachLink(
        _ database: Database, end: String? = nil, _ body: (LinkRecord) throws -> Void
    ) throws {
        let columns = TableShape.link.columns.joined(separator: ", ")
        let condition = end == nil ? "" : "WHERE from_end = ?1 OR to_end = ?1"
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(columns) FROM link \(condition)
                ORDER BY from_end, to_end, capacity, paced, capacity_kbps
                """,
            arguments: end.map { [$0] } ?? [])
        while let row = try rows.next() {
            let isCapacity: Bool = row[2]
            try body(
                LinkRecord(
                    from: row[0], to: row[1], kbps: isCapacity ? row[4] : row[5],
                    isCapacity: isCapacity,
                    measuredAt: (row[6] as Int64?).map { Instant(seconds: $0) }, bytes: row[7],
                    paced: row[3], failures: row[8]))
        }
    }
}
