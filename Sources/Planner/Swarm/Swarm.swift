import Fleet
import Quantities
import Schedule

/// Plans a small fleet forward in time, as a swarm with one mind.
///
/// Problem: a decoder takes one wish after the other, so what nobody holds goes to one
/// box first and from there through its single uplink: chains, which keep the value and
/// waste the time. Idea: take one slot after the other. In each, first wishes first, every
/// demand draws its rarest chunks from the nearest holders that others count on least;
/// origins send only what no device has, different chunks to different boxes, so that these
/// can exchange them. Demands that come too late are more urgent in a further pass.
/// Invariants: what is sent was held when the slot began; every move is reserved in the
/// ledger before the next is thought of; the better plan by the profile's order wins, so a
/// swarm never makes a plan worse. Cost: a pass is O(slots · demands · chunks · (1 + sources
/// of a demand in a slot)), forty passes at most; fleets for which that is much are left
/// alone. It fails where wishes don't fit into the night, where relays or many removals are
/// needed, and finds no plan then. Literature: Mundinger, Weber and Weiss 2008 (optimal
/// scheduling of peer-to-peer file dissemination); Legout, Urvoy-Keller and Michiardi 2006
/// (rarest first and choke algorithms are enough).
struct Swarm {
    private let problem: Problem
    private let guide: Guide
    private let reach: Reach
    /// Passes that may still be tried.
    private var passes: Int

    init?(_ problem: Problem, _ guide: Guide) {
        let work = Swarm.work(problem)
        guard problem.devices.count <= 512, problem.network.parent.count <= 64,
            work <= Swarm.mostWork
        else { return nil }
        passes = Int(min(40, Swarm.allWork / max(1, work)))
        self.problem = problem
        self.guide = guide
        reach = Reach(problem)
    }

    /// The most that one pass may look at, and all of them.
    private static let mostWork: Int64 = 8_000_000
    private static let allWork: Int64 = 40_000_000

    /// Chunks wished for, times slots and words of a set of devices.
    private static func work(_ problem: Problem) -> Int64 {
        let each = Int64(problem.slots) * Int64((problem.devices.count + 63) / 64)
        var chunks: Int64 = 0
        for w in 0..<problem.wishes.count where problem.wishes.worth[w] > 0 {
            chunks += Int64(problem.items.chunkCount[Int(problem.wishes.item[w])])
        }
        let (work, overflow) = chunks.multipliedReportingOverflow(by: each)
        return overflow ? Int64.max : work
    }

    /// The better of a plan and what a swarm makes of its wishes.
    mutating func improve(_ plan: Decoder, order: Profile.Order) -> Decoder {
        var best = plan
        var score = Score(plan)
        var isOwn = false
        guard let wanted = demands(of: plan) else { return plan }
        var rules = SwarmRules()
        for choice in SwarmRules.choices(order) {
            var deadline = order == .minTime ? score.finish : plan.deadline
            while deadline > 0,
                let found = settle(wanted, plan, choice, deadline: deadline)
            {
                let reached = Score(found)
                let isTie = order == .minTime && isOwn && reached.finish == score.finish
                if !isTie, reached.isBetter(than: score, order) {
                    best = found
                    score = reached
                    rules = choice
                    isOwn = true
                }
                guard order == .minTime else { break }
                deadline = reached.finish - 1
            }
        }
        if isOwn, order != .minTime { climb(from: rules, wanted, plan, &best, score, order) }
        return best
    }

    /// Tries other orders among the demands of a rank, each not far from the best one so far.
    ///
    /// Hill climbing: what lacks least first is a good order, and seldom the best.
    private mutating func climb(
        from rules: SwarmRules, _ wanted: [Demand], _ plan: Decoder, _ best: inout Decoder,
        _ reached: Score, _ order: Profile.Order
    ) {
        var rules = rules
        var score = reached
        var number: UInt64 = 0
        while passes > 0 {
            number += 1
            let other = rules.shuffled(number, demands: wanted.count)
            guard let found = settle(wanted, plan, other, deadline: plan.deadline) else { continue }
            let reached = Score(found)
            guard reached.isBetter(than: score, order) else { continue }
            best = found
            score = reached
            rules = other
        }
    }

    /// Passes in which a demand that comes too late is made more urgent for the next.
    private static let rounds = 8

    /// Passes until all demands come whole before a deadline; nil when they don't.
    ///
    /// Squeaky wheel optimisation (Joslin and Clements 1999): what went wrong in one pass
    /// gets more in the next.
    private mutating func settle(
        _ wanted: [Demand], _ plan: Decoder, _ rules: SwarmRules, deadline: Int32
    ) -> Decoder? {
        var wanted = wanted
        for _ in 0..<Swarm.rounds where passes > 0 {
            passes -= 1
            let pass = pass(wanted, rules, deadline: deadline)
            let late = pass.demands.indices.filter {
                pass.demands[$0].bytesLeft > 0 && !wanted[$0].isPart
            }
            if late.isEmpty {
                var made = plan
                return made.adopt(pass.joined(), ledger: pass.ledger) ? made : nil
            }
            if late.count > max(1, wanted.count / 4) { return nil }
            for k in late { wanted[k].urgency += 1 }
        }
        return nil
    }

    /// What a plan brings, as demands; nil when less than three quarters of the wishes come whole:
    /// where wishes don't fit into the night, a swarm brings nothing sooner, for many passes.
    private func demands(of plan: Decoder) -> [Demand]? {
        let wishes = problem.wishes
        var demands: [Demand] = []
        var (open, whole) = (0, 0)
        for d in 0..<problem.devices.count {
            var rank = 0
            for w in wishes.wishes(of: d) where wishes.worth[w] > 0 {
                rank += 1
                open += 1
                guard plan.planned[w] > 0 else { continue }
                let isPart = plan.planned[w] < wishes.missingBytes[w]
                whole += isPart ? 0 : 1
                demands.append(
                    Demand(
                        wish: w, device: d, item: Int(wishes.item[w]), rank: rank, isPart: isPart,
                        left: wishes.missing(w, items: problem.items, dusk: problem.dusk).ranges,
                        bytesLeft: wishes.missingBytes[w]))
            }
        }
        return whole > 0 && whole * 4 >= open * 3 ? demands : nil
    }

    /// One pass over the night.
    private func pass(_ demands: [Demand], _ rules: SwarmRules, deadline: Int32) -> SwarmPass {
        let items = Set(demands.map(\.item)).sorted()
        let copies = Copies(problem, items: items, unsent: unsent(demands))
        var pass = SwarmPass(
            problem: problem, rules: rules, deadline: deadline, ledger: Ledger(problem),
            supply: Supply(
                reach, copies, site: problem.devices.site, farFrom: rules.farFrom),
            demands: demands)
        pass.run()
        return pass
    }

    /// Per holding: whether it has to go for what arrives, so that nobody counts on it.
    private func unsent(_ demands: [Demand]) -> [Bool] {
        var unsent = [Bool](repeating: false, count: problem.dusk.holdings.count)
        var arrives = [Int64](repeating: 0, count: problem.devices.count)
        for demand in demands {
            arrives[demand.device] = saturatingSum(arrives[demand.device], demand.bytesLeft)
        }
        for d in arrives.indices {
            var lacking = arrives[d] - problem.dusk.wishRoom[d]
            guard lacking > 0 else { continue }
            let removable = (Int(problem.dusk.offsets[d])..<Int(problem.dusk.offsets[d + 1]))
                .filter {
                    problem.dusk.inWishArea[$0]
                        && problem.dusk.removableFrom($0) < problem.night.slotCount
                }
                .sorted { (wanted($0), $0) < (wanted($1), $1) }
            for h in removable where lacking > 0 {
                unsent[h] = true
                lacking -= problem.dusk.bytes(h)
            }
        }
        return unsent
    }

    private func wanted(_ h: Int) -> Int64 {
        let item = problem.dusk.holdings.items[h]
        return item < 0 ? 0 : guide.demandPerHolder[Int(item)]
    }
}
