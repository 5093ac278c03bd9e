import GRDB
import Quantities

/// Reads and writes of what reports leave.
struct ReportRows {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Moves a device's marks forwards, never back; nil leaves one as it is.
    func mark(
        _ device: String, night: Int32? = nil, at: Int64? = nil, served: Int32? = nil,
        sent: Int64? = nil
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO report_mark (device, night, at, last_served, last_sent)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (device) DO UPDATE SET
                    night = ifnull(excluded.night, night), at = ifnull(excluded.at, at),
                    last_served = max(
                        ifnull(excluded.last_served, last_served),
                        ifnull(last_served, excluded.last_served)),
                    last_sent = max(
                        ifnull(excluded.last_sent, last_sent),
                        ifnull(last_sent, excluded.last_sent))
                """
        ).execute(arguments: [device, night, at, served, sent])
    }

    /// Merges what was measured into the link between two devices.
    func measure(_ samples: LinkSamples, from: String, to: String) throws {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT measured_kbps, measured_at, bytes, failures FROM link
                    WHERE from_end = ? AND to_end = ? AND NOT capacity AND NOT paced
                    """), arguments: [from, to])
        let old = row.map {
            LinkSamples.Stored(kbps: $0[0], measuredAt: $0[1], bytes: $0[2], failures: $0[3])
        }
        guard let link = samples.merged(with: old) else { return }
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO link (from_end, to_end, capacity, paced, capacity_kbps,
                    measured_kbps, measured_at, bytes, failures)
                VALUES (?, ?, 0, 0, 0, ?, ?, ?, ?)
                """
        ).execute(arguments: [from, to, link.kbps, link.measuredAt, link.bytes, link.failures])
    }

    /// Adds to what is known of a night.
    func add(_ told: ReportedNight) throws {
        var sum = try night(told.night) ?? ReportedNight(night: told.night)
        sum.add(told)
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO report_night VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            sum.night.dayNumber, sum.devices, sum.rows, sum.peerBytes, sum.originBytes,
            sum.localBytes, sum.wasteBytes, sum.completedWishes, sum.failures,
        ])
    }

    private func night(_ night: CivilDate) throws -> ReportedNight? {
        try nights("WHERE night = ?", [night.dayNumber]).first
    }

    /// The nights that are known, the first one first.
    func nights(_ condition: String = "", _ arguments: StatementArguments = []) throws
        -> [ReportedNight]
    {
        try Row.fetchAll(
            database, sql: "SELECT * FROM report_night \(condition) ORDER BY night",
            arguments: arguments
        ).map { row in
            var night = ReportedNight(night: CivilDate(dayNumber: row[0]))
            night.devices = row[1]
            night.rows = row[2]
            night.peerBytes = row[3]
            night.originBytes = row[4]
            night.localBytes = row[5]
            night.wasteBytes = row[6]
            night.completedWishes = row[7]
            night.failures = row[8]
            return night
        }
    }
}

extension Store {
    /// What devices reported, by night, the first one first.
    package func reportedNights() throws -> [ReportedNight] {
        try read { database in try ReportRows(database).nights() }
    }
}
