import GRDB
import Quantities
import Schedule

/// Reads and writes of the tables of nights and publications.
enum NightRows {
    /// The columns of figures, in the order of ``arguments(_:)``.
    static let figureColumns = [
        "value", "wished_value", "objective", "bound", "origin_bytes", "peer_bytes", "carried_cost",
        "origin_floor_bytes", "finish_slot", "served_wishes", "part_wishes", "unserved_wishes",
    ]

    /// The columns of `night`, in the order of ``row(of:)``.
    static let columns =
        [
            "date", "state", "starts_at", "slot_seconds", "slot_count", "profile",
            "snapshot_digest", "plan_digest", "planned_at",
        ] + figureColumns

    static func row(of entry: NightEntry) -> StatementArguments {
        [
            entry.night.date.dayNumber, NightEntry.State.planned.rawValue,
            entry.night.start.seconds, entry.night.slotSeconds, entry.night.slotCount,
            entry.profile.rawValue, entry.snapshotDigest.hex, entry.planDigest.hex,
            entry.plannedAt.seconds,
        ] + arguments(entry.figures)
    }

    static func arguments(_ figures: Figures) -> StatementArguments {
        [
            figures.value, figures.wishedValue, figures.objective, figures.bound,
            figures.originBytes, figures.peerBytes, figures.carriedCost, figures.originFloorBytes,
            figures.finishSlot, figures.servedWishes, figures.partWishes, figures.unservedWishes,
        ]
    }

    static func lastSequence(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM publication") ?? 0
    }

    static func requireChange(_ database: Database, _ date: CivilDate, _ verb: String) throws {
        guard database.changesCount == 0 else { return }
        throw StoreError(
            .misuse, "the plan of \(date) that is to be \(verb) is not the one that is remembered")
    }

    /// Entries by date, each with its last publication.
    static func entries(
        _ database: Database, where condition: String = "true",
        arguments: StatementArguments = []
    ) throws -> [NightEntry] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT night.*, publication.sequence, publication.night, publication.folder,
                    publication.plan_digest AS published_digest, publication.published_at
                FROM night LEFT JOIN publication ON publication.sequence = (
                    SELECT max(p.sequence) FROM publication p WHERE p.night = night.date)
                WHERE \(condition) ORDER BY night.date
                """, arguments: arguments
        ).map { try entry($0) }
    }

    private static func entry(_ row: Row) throws -> NightEntry {
        guard let state = NightEntry.State(rawValue: row["state"]),
            let profile = Profile.Order(rawValue: row["profile"]),
            let slotSeconds = row["slot_seconds"] as Int32?, slotSeconds > 0,
            let slotCount = row["slot_count"] as Int32?, slotCount > 0
        else { throw StoreError(.corrupt, "a row of the nights is damaged") }
        return NightEntry(
            night: Night(
                date: CivilDate(dayNumber: row["date"]), start: Instant(seconds: row["starts_at"]),
                slotSeconds: slotSeconds, slotCount: slotCount), state: state, profile: profile,
            snapshotDigest: try digest(row["snapshot_digest"]),
            planDigest: try digest(row["plan_digest"]), figures: figures(row),
            plannedAt: Instant(seconds: row["planned_at"]),
            auditedAt: (row["audited_at"] as Int64?).map { Instant(seconds: $0) },
            publication: row["sequence"] == nil
                ? nil : try publication(row, digest: "published_digest"))
    }

    static func publication(_ row: Row, digest column: String = "plan_digest") throws
        -> Publication
    {
        Publication(
            sequence: row["sequence"], date: CivilDate(dayNumber: row["night"]),
            folder: row["folder"], planDigest: try digest(row[column]),
            publishedAt: Instant(seconds: row["published_at"]))
    }

    private static func digest(_ hex: String) throws -> Digest {
        guard let digest = Digest(hex: hex) else {
            throw StoreError(.corrupt, "'\(hex)' is no digest")
        }
        return digest
    }

    private static func figures(_ row: Row) -> Figures {
        Figures(
            value: row["value"], wishedValue: row["wished_value"], objective: row["objective"],
            bound: row["bound"], originBytes: row["origin_bytes"], peerBytes: row["peer_bytes"],
            carriedCost: row["carried_cost"], originFloorBytes: row["origin_floor_bytes"],
            finishSlot: row["finish_slot"], servedWishes: row["served_wishes"],
            partWishes: row["part_wishes"], unservedWishes: row["unserved_wishes"])
    }
}
