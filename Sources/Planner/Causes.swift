import Fleet
import Quantities
import Schedule

extension Decoder {
    /// Why a wish doesn't come whole: what stops it even now that the plan is made.
    ///
    /// Looks for the first of: not eligible; nobody has it; nobody shares a slot;
    /// nobody can be connected with; no room; own down rate; then what the sources
    /// lack. O(sources · slots).
    func cause(of w: Int) -> Cause {
        if let refusal = problem.wishes.refusal[w] { return refusal }
        let sources = sources(of: w)
        if sources.isEmpty { return .noSource }
        let awake = sources.filter { $0.shares }
        if awake.isEmpty { return .window }
        let reached = awake.filter { $0.reached }
        if reached.isEmpty { return .reach }
        let d = Int(problem.wishes.device[w])
        let lacking = problem.wishes.missingBytes[w] - planned[w]
        if disks.room(d, wish: true, problem) < lacking { return .room }
        if downLeft(d, w) < min(lacking, problem.items.leastChunk[Int(problem.wishes.item[w])]) { return .downRate }
        return obstacle(w, reached.map(\.source)) ?? (guide.charges ? .price : .uplink)
    }

    private struct Sender {
        var source: Source
        var shares: Bool
        var reached: Bool
    }

    /// Origins and holders at dusk.
    private func sources(of w: Int) -> [Sender] {
        let i = Int(problem.wishes.item[w])
        let d = Int(problem.wishes.device[w])
        let licence = problem.items.licence[i]
        let kind = problem.devices.kind[d]
        let awake = problem.windows.share(kind, kind, within: licence)
        var senders = problem.network.originSite.indices.filter { problem.network.nightly[$0] > 0 }
            .map { Sender(source: .origin(Int32($0)), shares: awake, reached: true) }
        guard problem.items.peerToPeer[i] else { return senders }
        for k in problem.dusk.supplies(of: i) {
            let s = Int(problem.dusk.supplies[k].device)
            guard s != d else { continue }
            senders.append(
                Sender(
                    source: .device(Int32(s)),
                    shares: problem.windows.share(kind, problem.devices.kind[s], within: licence),
                    reached: problem.devices.accepts[s] || problem.devices.accepts[d]))
        }
        return senders
    }

    private func downLeft(_ d: Int, _ w: Int) -> Int64 {
        let licence = problem.items.licence[Int(problem.wishes.item[w])]
        return licence.reduce(0) { $0 + ledger.down[d * problem.slots + Int($1)] }
    }

    /// What keeps the sources from sending more; nil when there is enough, yet it isn't worth its price.
    private func obstacle(_ w: Int, _ sources: [Source]) -> Cause? {
        let d = Int(problem.wishes.device[w])
        let i = Int(problem.wishes.item[w])
        let chunk = problem.items.leastChunk[i]
        var limited = false
        var narrow = false
        var open: Int64 = 0
        for source in sources where sourceTotal(source) >= chunk {
            let links = links(from: source, to: d)
            for t in problem.items.licence[i] where ledger.down[d * problem.slots + Int(t)] >= chunk {
                guard sourceLeft(source, Int(t)) >= chunk else { continue }
                let room = ledger.room(source, to: d, slot: Int(t), links: links, problem)
                if room < chunk {
                    narrow = true
                } else if !ledger.mayConnect(source, d, slot: Int(t), problem.settings) {
                    limited = true
                } else {
                    open += room
                }
            }
        }
        if open >= problem.wishes.missingBytes[w] - planned[w] { return nil }
        if narrow { return .edge }
        if limited { return .limit }
        return sources.allSatisfy { $0.raw < 0 } ? .origin : .uplink
    }

    private func links(from source: Source, to d: Int) -> [Int32] {
        guard let s = source.device else { return [] }
        return problem.network.links.between(
            s, at: problem.devices.site[Int(s)], Int32(d), at: problem.devices.site[d],
            in: problem.network)
    }

    private func sourceTotal(_ source: Source) -> Int64 {
        source.device.map { ledger.upTotal[Int($0)] } ?? ledger.nightly[Int(-1 - source.raw)]
    }

    private func sourceLeft(_ source: Source, _ t: Int) -> Int64 {
        guard let s = source.device else {
            let o = Int(-1 - source.raw)
            return min(ledger.egress[o * problem.slots + t], ledger.nightly[o])
        }
        return ledger.up[Int(s) * problem.slots + t]
    }
}
