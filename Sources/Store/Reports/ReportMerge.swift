import Fleet
import Quantities

/// What becomes of one device's holdings when it reports what came and what went.
enum ReportMerge {
    /// The device's holdings afterwards, ascending by name. So does `base`, what is stored.
    ///
    /// Rows count in their order; one that is older than what was observed of its item does
    /// nothing. Chunks that went of an item whose size isn't known here leave nothing of it: less
    /// is known then than is there, until the next snapshot.
    static func merge(
        _ entries: [HoldingMerge.Entry], onto base: [PackedHolding], report: inout ImportReport
    ) -> [PackedHolding] {
        var held: [Int32: PackedHolding] = [:]
        for holding in base { held[holding.name] = holding }
        let observed = held.mapValues(\.observedAt)
        for entry in entries {
            let name = entry.holding.name
            if let before = observed[name] ?? nil, let at = entry.holding.observedAt, at < before {
                report.ignored += 1
                continue
            }
            held[name] = entry.removes ? less(held[name], entry) : more(held[name], entry)
        }
        return held.values.sorted { $0.name < $1.name }
    }

    private static func more(_ old: PackedHolding?, _ entry: HoldingMerge.Entry) -> PackedHolding {
        guard var held = old else { return entry.holding }
        switch (held.chunks, entry.holding.chunks) {
        case (.all, _), (_, .all): held.chunks = .all
        case (.some(let before), .some(let more)): held.chunks = .some(before.union(more))
        }
        if let bytes = held.bytes {
            let (sum, overflow) = bytes.addingReportingOverflow(entry.holding.bytes ?? 0)
            held.bytes = overflow ? Int64.max : sum
        }
        held.area = entry.holding.area ?? held.area
        held.observedAt = entry.holding.observedAt ?? held.observedAt
        return held
    }

    private static func less(_ old: PackedHolding?, _ entry: HoldingMerge.Entry) -> PackedHolding? {
        guard var held = old, case .some(let before) = held.chunks,
            case .some(let gone) = entry.holding.chunks
        else { return nil }
        let left = before.subtracting(gone)
        guard !left.isEmpty else { return nil }
        held.chunks = .some(left)
        held.observedAt = entry.holding.observedAt ?? held.observedAt
        return held
    }
}
