/// The tables in which a plan is exported.
package enum PlanTable: String, Hashable, Sendable, CaseIterable {
    /// What moves: one row a transfer, by slot, destination, item, first chunk.
    case transfers
    /// What leaves disks: one row a removal, by slot, device, item, first chunk.
    case removals
    /// What becomes of wishes: one row for each that wasn't complete at dusk, by device, then rank.
    case outcomes
    /// What proves the bound: the exchange rates, the bound, and every price that isn't 0.
    case prices

    /// The columns in order; JSON Lines have members of the same names.
    package var columns: [String] {
        switch self {
        case .transfers:
            [
                "night", "transfer", "slot", "starts_utc", "ends_utc", "source_kind", "source",
                "destination", "title", "version", "item", "chunks", "offset", "bytes",
                "rate_kbps", "initiator",
            ]
        case .removals:
            [
                "night", "slot", "starts_utc", "device", "title", "version", "item", "chunks",
                "offset", "bytes",
            ]
        case .outcomes:
            [
                "night", "device", "rank", "title", "version", "item", "outcome",
                "worth_millionths", "missing_bytes", "planned_bytes", "cause",
            ]
        case .prices: ["night", "kind", "id", "item", "price"]
        }
    }
}

/// How the rows of a table are written.
package enum RowFormat: String, Hashable, Sendable, CaseIterable {
    /// RFC 4180 with a header and line feeds; an absent value is an empty field.
    case csv
    /// One JSON object a line; an absent value is null.
    case jsonLines = "jsonl"
}
