import Quantities
import Schedule

/// Finds a plan by decoding orders of the tasks.
///
/// Problem: a decoder's plan depends on the order of its tasks and on small choices in
/// each. Idea: by value per missing byte first, with those wishes in front that only
/// origins can serve; that is within half a percent of the bound on large fleets, where
/// one decoding is all there is time for. Small ones are improved by hill climbing over
/// orders, as in permutation-coded scheduling: change one thing, decode again, keep what
/// isn't worse. A fixed number of steps and a seeded generator: the same plan everywhere.
///
/// Trials on 3,000 to 30,000 boxes: serving first what was left out before (squeaky
/// wheels), and leaving out at first what isn't worth its sources' prices, changed less
/// than a hundredth of a percent.
struct Search {
    private let problem: Problem
    private let guide: Guide

    init(_ problem: Problem, _ guide: Guide) {
        self.problem = problem
        self.guide = guide
    }

    /// Steps without an improvement after which a search of few steps ends; a long one does after
    /// a third of its steps.
    private static let patience = 700
    /// The same once the objective can't grow and only the later aims are left.
    private static let patienceAtTop = 60

    /// The best plan found within `steps` further decodings.
    ///
    /// `ceiling` is an upper bound on the objective, in units of 2⁻⁴⁰ millionths; `order`
    /// says what comes after it; nothing moves from slot `deadline` on (nil: the whole night);
    /// `improved` is told the score of each plan that is worth more than those before.
    func run(
        steps: Int, ceiling: Int128, order: Profile.Order, deadline: Int32? = nil,
        improved: (Score) -> Void = { _ in }
    ) -> Decoder {
        let deadline = deadline ?? problem.night.slotCount
        let soonestFirst = order == .minTime
        let wishes = byDensity()
        guard steps > 0 else {
            var only = Decoder(problem, guide, deadline: deadline, soonestFirst: soonestFirst)
            only.expect(wishes.count)
            for w in wishes { only.take(task(.most, w)) }
            return only
        }
        let blank = Decoder(problem, guide, deadline: deadline, soonestFirst: soonestFirst)
        func decode(_ tasks: [Task]) -> Decoder {
            var decoder = blank
            for task in tasks { decoder.take(task) }
            return decoder
        }
        var tasks = wishes.map { task(.most, $0) }
        var best = decode(tasks)
        var score = Score(best)
        improved(score)
        let apart = wishes.map { task(.whole, $0) } + wishes.map { task(.part, $0) }
        let other = decode(apart)
        if !score.isBetter(than: Score(other), order) {
            (tasks, best, score) = (apart, other, Score(other))
        }
        var random = SplitMix64(seed: problem.settings.seed ^ 0x6D65_6469_6170_6C61)
        var idle = 0
        guard tasks.count > 1 else { return best }
        let patience = max(Search.patience, steps / 3)
        for _ in 0..<steps {
            idle += 1
            if idle > (score.objective >= ceiling ? Search.patienceAtTop : patience) {
                break
            }
            let changed = change(tasks, &random)
            let plan = decode(changed)
            let found = Score(plan)
            if score.isBetter(than: found, order) { continue }
            if found.objective > score.objective { improved(found) }
            if found.isThriftier(than: score, order)
                || order == .minTime && found.finish < score.finish
            {
                idle = 0
            }
            tasks = changed
            best = plan
            score = found
        }
        return best
    }

    /// The plan of the earliest deadline that is found to cost nothing of the objective of `plan`.
    ///
    /// Halves the night: at most log₂(slots) further runs. A deadline that a run
    /// misses might still be met by a better one, so the result isn't proven least.
    func soonest(_ plan: Decoder, steps: Int, ceiling: Int128) -> Decoder {
        var best = plan
        let objective = Score(plan).objective
        var lower: Int32 = max(1, least(plan))
        var upper = max(1, Score(plan).finish)
        while lower < upper {
            let middle = (lower + upper) / 2
            let found = run(steps: steps, ceiling: ceiling, order: .minTime, deadline: middle)
            let score = Score(found)
            if score.objective >= objective {
                best = found
                upper = max(1, score.finish)
                if upper > middle { break }
            } else {
                lower = middle + 1
            }
        }
        return best
    }

    /// Whether a plan ends so near its floor that a search for less isn't worth the time.
    func isSoon(_ plan: Decoder) -> Bool { Score(plan).finish * 8 <= least(plan) * 9 }

    /// A floor on the slots that all sources together need for what a plan brings.
    private func least(_ plan: Decoder) -> Int32 {
        var left = plan.planned.reduce(Int64(0), saturatingSum)
        let ledger = Ledger(problem)
        for t in 0..<problem.slots {
            if left <= 0 { return Int32(t) }
            for s in 0..<problem.devices.count {
                left -= min(max(0, left), ledger.up[s * problem.slots + t])
            }
            for o in problem.network.egress { left -= min(max(0, left), o) }
        }
        return problem.night.slotCount
    }

    /// Eligible wishes by falling value per missing byte, then by number; before them, in the same
    /// order, those that only origins can serve and that are worth it: all others can do without
    /// origins.
    private func byDensity() -> [Int32] {
        let wishes = problem.wishes
        let origin = UInt64(clamping: guide.leastOrigin)
        let parts = problem.workers.map(over: wishes.count, shards: 16) { range in
            var keyed: [Keyed] = []
            for w in range where wishes.worth[w] > 0 && wishes.missingBytes[w] > 0 {
                let key = Search.density(wishes.worth[w], wishes.missingBytes[w])
                let isFirst = !problem.items.peerToPeer[Int(wishes.item[w])] && key >= origin
                keyed.append(Keyed(density: isFirst ? key | 1 << 63 : key, wish: Int32(w)))
            }
            keyed.sort()
            return keyed
        }
        return Merge.sorted(parts, problem.workers).map(\.wish)
    }

    private struct Keyed: Comparable, Sendable {
        let density: UInt64
        let wish: Int32

        static func < (a: Keyed, b: Keyed) -> Bool {
            a.density != b.density ? a.density > b.density : a.wish < b.wish
        }
    }

    /// Value per byte in units of 2⁻⁴⁰ millionths, at most half of what a word holds.
    private static func density(_ worth: Int64, _ bytes: Int64) -> UInt64 {
        if worth >> 23 == 0 { return UInt64(worth << 40) / UInt64(bytes) }
        let density = (UInt128(worth) << 40) / UInt128(bytes)
        return UInt64(clamping: min(density, UInt128(UInt64.max >> 1)))
    }

    private func task(_ kind: Task.Kind, _ w: Int32) -> Task {
        Task(
            kind: kind, wish: w, device: problem.wishes.device[Int(w)],
            item: problem.wishes.item[Int(w)])
    }

    // MARK: changes

    private func change(_ tasks: [Task], _ random: inout SplitMix64) -> [Task] {
        var tasks = tasks
        for _ in 0...random.below(2) {
            switch random.below(problem.isTiny ? 9 : 8) {
            case 0, 1, 2: move(&tasks, &random)
            case 3: tasks.swapAt(random.below(tasks.count), random.below(tasks.count))
            case 4: tasks[random.below(tasks.count)].late.toggle()
            case 5: tasks[random.below(tasks.count)].originFirst.toggle()
            case 6: tasks[random.below(tasks.count)].salt = UInt32(random.below(1 << 16))
            case 7 where problem.isTiny: limit(&tasks[random.below(tasks.count)], &random)
            default: relay(&tasks, &random)
            }
        }
        return tasks
    }

    private func move(_ tasks: inout [Task], _ random: inout SplitMix64) {
        let task = tasks.remove(at: random.below(tasks.count))
        tasks.insert(task, at: random.below(tasks.count + 1))
    }

    /// Makes a wish take a part only, or again what it can get; a relay likewise.
    private func limit(_ task: inout Task, _ random: inout SplitMix64) {
        let chunks = problem.items.chunkCount[Int(task.item)]
        task.atMost = Int32(random.below(Int(chunks)))
        if task.kind != .relay { task.kind = task.atMost > 0 ? .part : .most }
    }

    /// Adds a relay of an item that somebody wants, or takes one away.
    private func relay(_ tasks: inout [Task], _ random: inout SplitMix64) {
        let relays = tasks.indices.filter { tasks[$0].kind == .relay }
        if !relays.isEmpty, random.below(2) == 0 {
            tasks.remove(at: relays[random.below(relays.count)])
            return
        }
        let wanted = tasks[random.below(tasks.count)]
        let d = random.below(problem.devices.count)
        let signature = Int(problem.items.signature[Int(wanted.item)])
        guard wanted.kind != .relay, problem.devices.sends(d),
            problem.items.peerToPeer[Int(wanted.item)],
            problem.mayRelay(d, signature: signature),
            !problem.wishes.wishes(of: d).contains(where: { problem.wishes.item[$0] == wanted.item }
            )
        else { return }
        var relay = Task(kind: .relay, wish: -1, device: Int32(d), item: wanted.item)
        if problem.isTiny { limit(&relay, &random) }
        tasks.insert(relay, at: random.below(tasks.count + 1))
    }
}
