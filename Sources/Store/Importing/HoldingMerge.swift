import Quantities

/// What becomes of one device's holdings when rows arrive.
///
/// Of several rows for one name the last counts: by time of observation where
/// both state one and they differ, else by order. In a delta the stored entry
/// takes part as the first row.
enum HoldingMerge {
    /// A collected row, with its final name.
    struct Entry {
        var holding: PackedHolding
        var removes: Bool
    }

    /// Reads collected rows; `ids` has the final name of each of the session's own numbers.
    static func decode(_ rows: [UInt8], ids: [Int32]) throws(ByteReader.Fault) -> [Entry] {
        var reader = ByteReader(rows)
        var entries: [Entry] = []
        while reader.remaining > 0 {
            let number = try reader.count(upTo: ids.count - 1)
            let (holding, removes) = try PackedHolding.read(
                name: ids[number], from: &reader, time: 0)
            entries.append(Entry(holding: holding, removes: removes))
        }
        return entries
    }

    /// The device's holdings afterwards, ascending by name. So does `base`: of a delta what is
    /// stored, else empty.
    static func merge(
        _ entries: [Entry], onto base: [PackedHolding], isDelta: Bool, report: inout ImportReport
    ) -> [PackedHolding] {
        let order = entries.indices.sorted {
            let (a, b) = (entries[$0].holding.name, entries[$1].holding.name)
            return a == b ? $0 < $1 : a < b
        }
        var result: [PackedHolding] = []
        var stored = base[...]
        var i = 0
        while i < order.count {
            let name = entries[order[i]].holding.name
            var winner = entries[order[i]]
            i += 1
            while i < order.count, entries[order[i]].holding.name == name {
                if !isOlder(entries[order[i]].holding, than: winner.holding) {
                    winner = entries[order[i]]
                }
                report.duplicates += 1
                i += 1
            }
            while let first = stored.first, first.name < name {
                result.append(stored.removeFirst())
            }
            let old = stored.first?.name == name ? stored.removeFirst() : nil
            if let kept = settle(winner, old: old, isDelta: isDelta, report: &report) {
                result.append(kept)
            }
        }
        return result + stored
    }

    private static func settle(
        _ winner: Entry, old: PackedHolding?, isDelta: Bool, report: inout ImportReport
    ) -> PackedHolding? {
        if let old, isOlder(winner.holding, than: old) {
            report.ignored += 1
            return old
        }
        guard winner.removes else { return winner.holding }
        if old == nil, isDelta { report.ignored += 1 }
        return nil
    }

    private static func isOlder(_ a: PackedHolding, than b: PackedHolding) -> Bool {
        guard let at = a.observedAt, let other = b.observedAt else { return false }
        return at < other
    }
}
