import Fleet
import Quantities
import Schedule

/// Why wishes don't come whole: what stops them even now that the plan is made.
///
/// Looks for the first of: not eligible; nobody has it; nobody shares a slot;
/// nobody can be connected with; no room; own down rate; then what the sources
/// that could still send lack. Wishes are taken by item, so that an item's holders
/// are read once. O(holdings + wishes · (classes + sources that have something left · slots)).
struct Causes {
    private let decoder: Decoder
    private let problem: Problem
    private let ledger: Ledger
    /// Per device: what its wish area could still take.
    private let room: [Int64]

    init(_ decoder: Decoder) {
        self.decoder = decoder
        problem = decoder.problem
        ledger = decoder.ledger
        let problem = problem
        let parts = problem.workers.map(over: problem.devices.count) { devices in
            devices.map { decoder.disks.room($0, wish: true, problem) }
        }
        room = Array(parts.joined())
    }

    /// Per open wish; nil where it comes whole.
    func all() -> [Cause?] {
        var causes = problem.wishes.refusal
        for part in problem.workers.map(over: problem.items.licence.count, { found(in: $0) }) {
            for (w, cause) in part { causes[Int(w)] = cause }
        }
        return causes
    }

    /// The causes of some items' eligible wishes that don't come whole.
    private func found(in items: Range<Int>) -> [(wish: Int32, cause: Cause)] {
        var found: [(wish: Int32, cause: Cause)] = []
        for i in items {
            let unserved = problem.wishes.range(ofItem: i).map { Int(problem.wishes.byItem[$0]) }
                .filter {
                    problem.wishes.refusal[$0] == nil
                        && decoder.planned[$0] < problem.wishes.missingBytes[$0]
                }
            if unserved.isEmpty { continue }
            let senders = Senders(i, decoder)
            for w in unserved { found.append((Int32(w), cause(of: w, senders))) }
        }
        return found
    }

    /// Who could send one item.
    private struct Senders {
        /// Kind and acceptance of the holders at dusk.
        var classes: [(kind: Int32, accepts: Bool, device: Int32, many: Bool)] = []
        /// Devices that hold the item at dusk and have uplink left.
        var alive: [Int32] = []
        var origins: [Int32] = []

        init(_ i: Int, _ decoder: Decoder) {
            let problem = decoder.problem
            origins = problem.network.originSite.indices.filter { problem.network.nightly[$0] > 0 }
                .map { Int32($0) }
            guard problem.items.peerToPeer[i] else { return }
            for k in problem.dusk.supplies(of: i) {
                let s = Int(problem.dusk.supplies[k].device)
                let kind = problem.devices.kind[s]
                let accepts = problem.devices.accepts[s]
                if let known = classes.firstIndex(where: {
                    $0.kind == kind && $0.accepts == accepts
                }) {
                    classes[known].many = true
                } else {
                    classes.append((kind, accepts, Int32(s), false))
                }
                if !decoder.ledger.isSpent(s) { alive.append(Int32(s)) }
            }
        }
    }

    private func cause(of w: Int, _ senders: Senders) -> Cause {
        // So far down its list that it rounds to nothing: not worth a byte from anybody.
        if problem.wishes.worth[w] == 0 { return .price }
        let i = Int(problem.wishes.item[w])
        let d = Int(problem.wishes.device[w])
        let licence = problem.items.licence[i]
        let kind = problem.devices.kind[d]
        let others = senders.classes.filter { $0.many || $0.device != Int32(d) }
        if others.isEmpty, senders.origins.isEmpty { return .noSource }
        let awake = others.filter { problem.windows.share(kind, $0.kind, within: licence) }
        let originAwake =
            !senders.origins.isEmpty && problem.windows.share(kind, kind, within: licence)
        if awake.isEmpty, !originAwake { return .window }
        let reached = awake.contains { $0.accepts || problem.devices.accepts[d] }
        if !reached, !originAwake { return .reach }
        let lacking = problem.wishes.missingBytes[w] - decoder.planned[w]
        if room[d] < lacking { return .room }
        if downLeft(d, licence) < lacking { return .downRate }
        return obstacle(w, lacking, senders)
            ?? (decoder.guide.charges ? .price : reached ? .uplink : .origin)
    }

    private func downLeft(_ d: Int, _ licence: Range<Int32>) -> Int64 {
        licence.reduce(0) {
            saturatingSum($0, ledger.down[d * problem.slots + Int($1)])
        }
    }

    /// What keeps the sources from sending more; nil when there is enough of everything, yet it
    /// didn't pay.
    private func obstacle(_ w: Int, _ lacking: Int64, _ senders: Senders) -> Cause? {
        var seen = Obstacles()
        let d = Int(problem.wishes.device[w])
        let closed = closedSite(above: d, problem.items.licence[Int(problem.wishes.item[w])])
        for s in senders.alive {
            // What stands outside a site whose edge is full needs no further look.
            if seen.narrow, let closed,
                !problem.network.isWithin(problem.devices.site[Int(s)], closed)
            {
                continue
            }
            look(.device(s), w, &seen)
            if seen.open >= lacking { return nil }
        }
        for o in senders.origins where ledger.nightly[Int(o)] > 0 {
            look(.origin(o), w, &seen)
        }
        if seen.open >= lacking { return nil }
        if seen.narrow { return .edge }
        if seen.limited { return .limit }
        return senders.classes.isEmpty ? .origin : .uplink
    }

    /// The lowest site at or above a device whose edge lets nothing in while the device could
    /// still receive, nil when there is none. O(depth).
    private func closedSite(above d: Int, _ licence: Range<Int32>) -> Int32? {
        let mask = (0..<ledger.words).map {
            ledger.freeDown[d * ledger.words + $0] & SlotMask.bits(licence, inWord: $0)
        }
        var site = problem.devices.site[d]
        while problem.network.parent[Int(site)] >= 0 {
            if ledger.edgeDownLeft(Int(site), mask, enough: 1) == 0 { return site }
            site = problem.network.parent[Int(site)]
        }
        return nil
    }

    private struct Obstacles {
        /// An edge or link is full where source and device have capacity.
        var narrow = false
        /// The limit on ends stands between them.
        var limited = false
        /// Bytes that could go, counted source by source.
        var open: Int64 = 0
    }

    private func look(_ source: Source, _ w: Int, _ seen: inout Obstacles) {
        let d = Int(problem.wishes.device[w])
        let i = Int(problem.wishes.item[w])
        let chunk = problem.items.leastChunk[i]
        var links: [Int32] = []
        if let s = source.device {
            guard Int(s) != d, problem.devices.accepts[Int(s)] || problem.devices.accepts[d] else {
                return
            }
            links = problem.network.links.between(
                s, Int32(d), at: problem.devices.site[d], in: problem.network)
        }
        for word in 0..<ledger.words {
            var mask =
                ledger.freeDown[d * ledger.words + word]
                & SlotMask.bits(problem.items.licence[i], inWord: word)
            if let s = source.device { mask &= ledger.freeUp[Int(s) * ledger.words + word] }
            while mask != 0 {
                let t = word * 64 + mask.trailingZeroBitCount
                mask &= mask - 1
                guard ledger.down[d * problem.slots + t] >= chunk, left(source, t) >= chunk else {
                    continue
                }
                let room = ledger.room(source, to: d, slot: t, links: links, problem)
                if room < chunk {
                    seen.narrow = true
                } else if !ledger.mayConnect(source, d, slot: t, problem.settings) {
                    seen.limited = true
                } else {
                    seen.open = saturatingSum(seen.open, room)
                }
            }
        }
    }

    private func left(_ source: Source, _ t: Int) -> Int64 {
        guard let s = source.device else {
            let o = Int(-1 - source.raw)
            return min(ledger.egress[o * problem.slots + t], ledger.nightly[o])
        }
        return ledger.up[Int(s) * problem.slots + t]
    }
}
