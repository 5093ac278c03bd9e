import Quantities
import Schedule

extension SwarmPass {
    /// Origins send what nobody holds: each chunk once, different ones to different boxes.
    mutating func seed(_ order: [Int]) {
        var seen: [Int] = []
        for k in order where !seen.contains(demands[k].item) {
            let i = demands[k].item
            seen.append(i)
            let askers = order.filter { demands[$0].item == i }
            let senders = askers.filter { problem.devices.sends(demands[$0].device) }
            guard problem.items.peerToPeer[i] else {
                for k in askers { while sendFirst(k, atMost: Int32.max) {} }
                continue
            }
            spread(i, among: senders)
            for k in askers where !problem.devices.sends(demands[k].device) {
                while sendFirst(k, atMost: Int32.max) {}
            }
        }
    }

    /// Gives first copies to boxes whose uplinks are least counted on.
    private mutating func spread(_ i: Int, among demands: [Int]) {
        let each = egressLeft / problem.items.chunkBytes[i] / Int64(max(1, demands.count))
        let share = Int32(clamping: max(1, each))
        var open = demands
        while let k = open.min(by: { before($0, $1) }) {
            let left = self.demands[k].bytesLeft
            guard sendFirst(k, atMost: share) else {
                open.removeAll { $0 == k }
                continue
            }
            let d = self.demands[k].device
            let chunks = max(1, (left - self.demands[k].bytesLeft) / problem.items.chunkBytes[i])
            let up = max(1, ledger.up[d * problem.slots + t] >> 10)
            let shares = chunks * Int64(demands.count) * 5040
            pressure[d] += (shares << 10) / up
        }
    }

    private func before(_ a: Int, _ b: Int) -> Bool {
        (pressure[demands[a].device], a) < (pressure[demands[b].device], b)
    }

    /// Sends a run of chunks that no device can send to this one.
    private mutating func sendFirst(_ k: Int, atMost count: Int32) -> Bool {
        let base = supply.copies.offset[demands[k].item]
        let d = demands[k].device
        for (r, range) in demands[k].left.enumerated() {
            guard let lower = range.first(where: { !supply.isSupplied(base + Int($0), d) }) else {
                continue
            }
            var upper = lower
            while upper < range.upperBound, upper - lower < count,
                !supply.isSupplied(base + Int(upper), d)
            {
                upper += 1
            }
            return send(k, lower..<upper, r)
        }
        return false
    }

    /// Gives demands whatever origins have left: to each its share first, so that no device depends
    /// on a few slots, then the rest.
    mutating func drawOrigins(_ order: [Int]) {
        let share = max(1, egressLeft / Int64(max(1, order.count)))
        for k in order { drawOrigin(k, atMost: share) }
        for k in order { drawOrigin(k, atMost: Int64.max) }
    }

    /// What origins can still send in the present slot.
    private var egressLeft: Int64 {
        ledger.egress.indices.filter { $0 % problem.slots == t }
            .reduce(Int64(0)) { saturatingSum($0, ledger.egress[$1]) }
    }

    /// Gives a demand what origins have left, the rarest chunks first, until it has `budget`.
    private mutating func drawOrigin(_ k: Int, atMost budget: Int64) {
        let goal = demands[k].bytesLeft - min(budget, demands[k].bytesLeft)
        while demands[k].bytesLeft > goal {
            let base = supply.copies.offset[demands[k].item]
            var best: (rarity: Int, chunk: Int32, range: Int)?
            for (r, range) in demands[k].left.enumerated() {
                for c in range {
                    let rarity = supply.copies.due.count(base + Int(c))
                    if let best, best.rarity <= rarity { continue }
                    best = (rarity, c, r)
                }
            }
            guard let best else { return }
            let range = demands[k].left[best.range]
            let wanted = (demands[k].bytesLeft - goal) / problem.items.chunkBytes[demands[k].item]
            let count = Int32(clamping: max(1, min(wanted, Int64(range.upperBound - best.chunk))))
            let upper = best.chunk + count
            guard send(k, best.chunk..<upper, best.range) else { return }
        }
    }

    /// Sends the beginning of a run from the cheapest origin that has something left.
    private mutating func send(_ k: Int, _ run: Range<Int32>, _ r: Int) -> Bool {
        let d = demands[k].device
        let i = demands[k].item
        for o in problem.network.originSite.indices {
            let source = Source.origin(Int32(o))
            let room = ledger.room(source, to: d, slot: t, links: [], problem)
            guard room > 0, ledger.mayConnect(source, d, slot: t, problem.settings) else {
                continue
            }
            let upper = problem.items.end(i, from: run.lowerBound, to: run.upperBound, within: room)
            guard upper > run.lowerBound else { continue }
            commit(source, k, run.lowerBound..<upper, r, links: [])
            return true
        }
        return false
    }
}
