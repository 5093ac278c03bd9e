import Console
import Nightly
import Quantities
import Schedule
import Store

extension ShowColumns {
    static let nights: [ShowColumn<NightEntry>] =
        [
            .init("night") { text($0.night.date) },
            .init("state") { .text($0.state.rawValue) },
            .init("profile") { .text($0.profile.rawValue) },
            .init("starts_utc", .rows) { text($0.night.start) },
            .init("ends_utc", .rows) { text($0.night.end) },
            .init("slots", .rows) { .integer(Int64($0.night.slotCount)) },
            .init("slot_seconds", .rows) { .integer(Int64($0.night.slotSeconds)) },
        ] + figures + [
            .init("finish_utc", .rows) { row in
                let slot = row.figures.finishSlot
                return slot > 0 ? text(row.night.start(ofSlot: slot)) : .none
            },
            .init("planned_at", .rows) { text($0.plannedAt) },
            .init("audited_at", .rows) { text($0.auditedAt) },
            .init("sequence") { .integer(ifAny: $0.publication?.sequence) },
            .init("published_at") { text($0.publication?.publishedAt) },
            .init("folder", .rows) { .text(ifAny: $0.publication?.folder) },
            .init("plan_sha256", .rows) { .text($0.planDigest.hex) },
            .init("snapshot_sha256", .rows) { .text($0.snapshotDigest.hex) },
        ]

    private static let figures: [ShowColumn<NightEntry>] = [
        .init("served", .people) { share($0.figures.value, of: $0.figures.wishedValue) },
        .init("best", .people) { share($0.figures.objective, of: $0.figures.bound) },
        .init("value", .rows) { .millionths($0.figures.value) },
        .init("wished_value", .rows) { .millionths($0.figures.wishedValue) },
        .init("objective", .rows) { .millionths($0.figures.objective) },
        .init("bound", .rows) { .millionths($0.figures.bound) },
        .init("served_wishes") { .integer(Int64($0.figures.servedWishes)) },
        .init("part_wishes") { .integer(Int64($0.figures.partWishes)) },
        .init("unserved_wishes") { .integer(Int64($0.figures.unservedWishes)) },
        .init("origin_bytes") { .bytes($0.figures.originBytes) },
        .init("peer_bytes") { .bytes($0.figures.peerBytes) },
        .init("origin_floor_bytes", .rows) { .bytes($0.figures.originFloorBytes) },
        .init("carried_cost", .rows) { .decimal($0.figures.carriedCost, places: 6) },
    ]

    private static func share(_ part: Int64, of whole: Int64) -> Cell {
        whole <= 0 ? .none : .share(Double(part) / Double(whole))
    }

    static let loads: [ShowColumn<DeviceLoad>] = [
        .init("night") { text($0.night.date) },
        .init("device") { .text($0.device) },
        .init("served_wishes") { .integer(Int64($0.servedWishes)) },
        .init("part_wishes") { .integer(Int64($0.partWishes)) },
        .init("unserved_wishes") { .integer(Int64($0.unservedWishes)) },
        .init("origin_bytes") { .bytes($0.originBytes) },
        .init("peer_bytes") { .bytes($0.peerBytes) },
        .init("sent_bytes") { .bytes($0.sentBytes) },
        .init("removed_bytes") { .bytes($0.removedBytes) },
        .init("first_utc") { row in
            text(row.slots.map { row.night.start(ofSlot: $0.lowerBound) })
        },
        .init("last_utc") { row in
            text(row.slots.map { row.night.start(ofSlot: $0.upperBound + 1) })
        },
    ]

    static let transfers: [ShowColumn<ShownTransfer>] =
        [
            .init("night", .rows) { text($0.night.date) },
            .init("transfer") { .integer(Int64($0.number)) },
            .init("slot") { .integer(Int64($0.slot)) },
            .init("starts_utc") { text($0.night.start(ofSlot: $0.slot)) },
            .init("ends_utc", .rows) { text($0.night.start(ofSlot: $0.slot + 1)) },
            .init("source_kind") { .text($0.isFromOrigin ? "origin" : "device") },
            .init("source") { .text($0.source) },
            .init("destination") { .text($0.destination) },
        ] + pieces(\ShownTransfer.piece) + [
            .init("rate_kbps") { .integer($0.rateKbps) },
            .init("initiator", .rows) { .text($0.initiator.rawValue) },
        ]

    static let removals: [ShowColumn<ShownRemoval>] =
        [
            .init("night", .rows) { text($0.night.date) },
            .init("slot") { .integer(Int64($0.slot)) },
            .init("starts_utc") { text($0.night.start(ofSlot: $0.slot)) },
            .init("device") { .text($0.device) },
        ] + pieces(\ShownRemoval.piece)

    static let outcomes: [ShowColumn<ShownOutcome>] = [
        .init("night", .rows) { text($0.night.date) },
        .init("device") { .text($0.device) },
        .init("rank") { .integer(Int64($0.outcome.rank)) },
        .init("title") { .text($0.title) },
        .init("version") { row in row.version.map { .text($0) } ?? .none },
        .init("item", .rows) { row in row.item.map { .text($0) } ?? .none },
        .init("outcome") { row in
            guard row.outcome.cause != nil else { return .text("served") }
            return .text(row.outcome.plannedBytes > 0 ? "part" : "unserved")
        },
        .init("worth_millionths", .rows) { .integer($0.outcome.worth) },
        .init("worth", .people) { .millionths($0.outcome.worth) },
        .init("missing_bytes") { .bytes($0.outcome.missingBytes) },
        .init("planned_bytes") { .bytes($0.outcome.plannedBytes) },
        .init("cause") { .text(ifAny: $0.outcome.cause?.rawValue) },
    ]

    private static func pieces<Row>(_ piece: @escaping @Sendable (Row) -> ShownPiece)
        -> [ShowColumn<Row>]
    {
        [
            .init("title") { .text(piece($0).title) },
            .init("version") { .text(piece($0).version) },
            .init("item", .rows) { .text(piece($0).item) },
            .init("chunks") { row in
                let chunks = piece(row).chunks
                return .text(RangeSet32(chunks).description)
            },
            .init("offset", .rows) { .integer(piece($0).offset) },
            .init("bytes") { .bytes(piece($0).bytes) },
        ]
    }
}
