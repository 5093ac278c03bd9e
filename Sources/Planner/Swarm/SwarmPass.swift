import Fleet
import Quantities
import Schedule

/// One pass forward through the night, slot by slot.
struct SwarmPass {
    let problem: Problem
    let rules: SwarmRules
    let deadline: Int32
    var ledger: Ledger
    var supply: Supply
    var demands: [Demand]
    var moves: [Move] = []
    /// The present slot.
    var t = 0
    /// Per device: how much the demands count on it in this slot.
    var pressure: [Int64] = []
    /// Per device: chunks that are asked of it alone, 0 when they are few.
    var alone: [Int64] = []
    /// The mean of it.
    var usual: Int64 = 0

    mutating func run() {
        for slot in 0..<min(problem.slots, Int(deadline)) {
            t = slot
            supply.begin(slot)
            for s in 0..<problem.devices.count where ledger.up[s * problem.slots + t] <= 0 {
                supply.spend(s)
            }
            let order = ranking()
            if order.isEmpty {
                if demands.allSatisfy({ $0.bytesLeft == 0 }) { return }
                continue
            }
            weigh(order)
            seed(order)
            for k in order where demands[k].urgency > 0 { draw(k, atMost: quota(k)) }
            for k in order where demands[k].rank == 1 { draw(k, atMost: Int64.max, sole: true) }
            for k in order { draw(k, atMost: Int64.max) }
            if Int32(t) >= rules.originFrom { drawOrigins(order.reversed()) }
            supply.copies.settle()
        }
    }

    /// What an urgent demand needs in each slot to be done a part of the night before its end.
    private func quota(_ k: Int) -> Int64 {
        let end = Int(deadline) * (16 - min(12, demands[k].urgency)) / 16
        return demands[k].bytesLeft / Int64(max(1, end - t)) + 1
    }

    /// Demands that can receive in this slot, the most urgent first.
    private func ranking() -> [Int] {
        let open = demands.indices.filter { k in
            demands[k].bytesLeft > 0
                && problem.items.licence[demands[k].item].contains(Int32(t))
                && ledger.down[demands[k].device * problem.slots + t] > 0
        }
        let later = leftByDevice()
        func key(_ k: Int) -> (Int, Int64, Int) {
            let demand = demands[k]
            if demand.isPart { return (Int.max, 0, k) }
            if demand.rank >= rules.evenFrom { return (rules.evenFrom, -later[demand.device], k) }
            return (demand.rank, stretched(demand.bytesLeft, k), k)
        }
        return open.sorted { key($0) < key($1) }
    }

    /// What a demand lacks, and what the rules add to it.
    private func stretched(_ bytes: Int64, _ k: Int) -> Int64 {
        rules.extras.isEmpty ? bytes : saturatingSum(bytes, bytes / 1024 * rules.extras[k])
    }

    private func leftByDevice() -> [Int64] {
        demands.reduce(into: [Int64](repeating: 0, count: problem.devices.count)) {
            $0[$1.device] = saturatingSum($0[$1.device], $1.bytesLeft)
        }
    }

    // MARK: sources

    /// Shares what each demand could ask for among those that could send it.
    private mutating func weigh(_ order: [Int]) {
        pressure = [Int64](repeating: 0, count: problem.devices.count)
        alone = [Int64](repeating: 0, count: problem.devices.count)
        var allowed = [UInt64](repeating: 0, count: supply.words)
        for k in order {
            let base = supply.copies.offset[demands[k].item]
            for range in demands[k].left {
                for c in range
                where supply.senders(of: base + Int(c), demands[k].device, &allowed) {
                    let share = Int64(5040 / DeviceSets.count(allowed))
                    let s = DeviceSets.only(allowed)
                    if s >= 0, demands[k].rank == 1 {
                        alone[s] = saturatingSum(
                            alone[s], problem.items.chunkBytes[demands[k].item])
                    }
                    for word in allowed.indices {
                        var bits = allowed[word]
                        while bits != 0 {
                            pressure[word * 64 + bits.trailingZeroBitCount] += share
                            bits &= bits - 1
                        }
                    }
                }
            }
        }
        for s in pressure.indices {
            let up = max(1, ledger.up[s * problem.slots + t] >> 10)
            pressure[s] = (pressure[s] << 10) / up
        }
        for s in alone.indices where alone[s] / 2 < problem.devices.up[s] { alone[s] = 0 }
        let senders = pressure.indices.filter { problem.devices.sends($0) }
        usual = senders.reduce(0) { $0 + pressure[$1] } / Int64(max(1, senders.count))
    }

    // MARK: drawing

    /// Gives a demand all that peers can send it in this slot.
    private mutating func draw(_ k: Int, atMost budget: Int64, sole: Bool = false) {
        let d = demands[k].device
        let goal = demands[k].bytesLeft - min(budget, demands[k].bytesLeft)
        let pressed = pressure[d] > usual
        var barred = [UInt64](repeating: 0, count: supply.words)
        var allowed = barred
        while demands[k].bytesLeft > goal {
            let base = supply.copies.offset[demands[k].item]
            var best: (rarity: Int, chunk: Int32, range: Int)?
            for (r, range) in demands[k].left.enumerated() {
                for c in range {
                    let count = supply.copies.due.count(base + Int(c))
                    let rarity = pressed ? -count : count
                    if let best, best.rarity <= rarity { continue }
                    guard supply.senders(of: base + Int(c), d, &allowed) else { continue }
                    if sole {
                        let s = DeviceSets.only(allowed)
                        if s < 0 || alone[s] == 0 { continue }
                    }
                    if DeviceSets.exceeds(allowed, barred) { best = (rarity, c, r) }
                }
            }
            guard let best, supply.senders(of: base + Int(best.chunk), d, &allowed) else { return }
            let s = leastPressed(allowed, barred)
            guard s >= 0 else { return }
            if !send(from: s, k, best.chunk, best.range) {
                barred[s >> 6] |= 1 << UInt64(s & 63)
            }
        }
    }

    private func leastPressed(_ allowed: [UInt64], _ barred: [UInt64]) -> Int {
        var best = -1
        for word in allowed.indices {
            var bits = allowed[word] & ~barred[word]
            while bits != 0 {
                let s = word * 64 + bits.trailingZeroBitCount
                if best < 0 || pressure[s] < pressure[best] { best = s }
                bits &= bits - 1
            }
        }
        return best
    }

    /// Sends a run of chunks around one; false when nothing fits.
    private mutating func send(from s: Int, _ k: Int, _ chunk: Int32, _ r: Int) -> Bool {
        let d = demands[k].device
        let i = demands[k].item
        let links = problem.network.links.between(
            Int32(s), Int32(d), at: problem.devices.site[d], in: problem.network)
        let room = ledger.room(.device(Int32(s)), to: d, slot: t, links: links, problem)
        guard room > 0, ledger.mayConnect(.device(Int32(s)), d, slot: t, problem.settings) else {
            return false
        }
        let base = supply.copies.offset[i]
        var allowed = [UInt64](repeating: 0, count: supply.words)
        let range = demands[k].left[r]
        let full = room / problem.items.chunkBytes[i]
        var upper = chunk
        while upper < range.upperBound, Int64(upper - chunk) <= full,
            supply.senders(of: base + Int(upper), d, &allowed),
            allowed[s >> 6] >> UInt64(s & 63) & 1 != 0
        {
            upper += 1
        }
        upper = problem.items.end(i, from: chunk, to: upper, within: room)
        guard upper > chunk else { return false }
        commit(.device(Int32(s)), k, chunk..<upper, r, links: links)
        if ledger.up[s * problem.slots + t] < problem.items.leastChunk[i] {
            supply.spend(s)
        }
        return true
    }

    mutating func commit(
        _ source: Source, _ k: Int, _ run: Range<Int32>, _ r: Int, links: [Int32]
    ) {
        let d = demands[k].device
        let i = demands[k].item
        let bytes = problem.items.bytes(i, run.lowerBound, run.upperBound)
        let move = Move(
            source: source, destination: Int32(d), item: Int32(i), lower: run.lowerBound,
            upper: run.upperBound, slot: Int32(t), bytes: bytes, holding: holding(source, i, run),
            wish: Int32(demands[k].wish))
        ledger.reserve(move, links: links, problem, undo: false)
        moves.append(move)
        demands[k].take(run, from: r, bytes: bytes, slot: Int32(t))
        guard problem.devices.sends(d), problem.items.peerToPeer[i] else { return }
        for c in run { supply.copies.receive(d, supply.copies.offset[i] + Int(c)) }
    }

    /// The holding at dusk that a run comes from, -1 when it was received tonight.
    private func holding(_ source: Source, _ i: Int, _ run: Range<Int32>) -> Int32 {
        guard let s = source.device else { return -1 }
        return Int32(problem.dusk.holding(of: Int32(i), on: Int(s)) ?? -1)
    }

    /// The moves, those joined that follow on each other between the same ends in one slot.
    func joined() -> [Move] {
        let sorted = moves.sorted {
            ($0.slot, $0.destination, $0.item, $0.lower) < (
                $1.slot, $1.destination, $1.item, $1.lower
            )
        }
        var joined: [Move] = []
        for move in sorted {
            if let last = joined.last, last.slot == move.slot,
                last.destination == move.destination, last.item == move.item,
                last.source == move.source, last.upper == move.lower
            {
                joined[joined.count - 1].upper = move.upper
                joined[joined.count - 1].bytes += move.bytes
            } else {
                joined.append(move)
            }
        }
        return joined
    }
}
