import Quantities
import Schedule

/// Finds prices that prove a low bound.
///
/// Problem: minimise the bound `B`, convex and piecewise linear, over non-negative
/// prices. Idea: one price p for all uplinks and p + δ, α in it, for all origins (an origin
/// can send whatever a peer can, so its byte is never worth less), searched by
/// turns; first-copy multipliers follow from the two (below); ``EdgePrices`` adds those
/// of edges. On fleets where uplinks are scarce everywhere this is within a small
/// fraction of a percent of the linear program; where one holder is scarce it is loose,
/// never wrong. At p = p + δ the bound has a kink that a search along the axes of the
/// two prices would stall at, hence δ.
///
/// First copies: with Π(i) = (least origin price of i) − (least peer price of i),
/// a first-copy byte costs each of n wishers `p + Π/n` in place of `p`: never
/// less, so the multipliers only lower B.
struct PriceSearch {
    private let problem: Problem
    private let bound: Bound
    private let alpha: Int64
    private let beta: Int64
    /// Σ U and Σ E in bytes.
    private let uplinks: Int128
    private let egressTotal: Int128
    private let base: Bound.Costs
    /// Per item: least origin price of whoever may receive it, at egress price 0; nil when nobody.
    private let leastOrigin: [Int64?]
    /// Largest gain of any wish.
    private let most: Int64
    /// Wishes with first-copy bytes of items that an origin can send, by item.
    private let firsts: [Sharers]
    /// While searching: the devices that stand for all of them.
    private let sample: [Int]

    init(_ bound: Bound, alpha: Int64, beta: Int64) {
        self.bound = bound
        problem = bound.problem
        self.alpha = alpha
        self.beta = beta
        uplinks = bound.capacities.up.reduce(0, +)
        egressTotal = bound.capacities.egress.reduce(0, +)
        let ways = Ways(problem, PriceSearch.vector(problem, up: 0, egress: 0), beta: beta)
        base = Bound.Costs(
            peer: LeastPrices(problem).peers(
                up: [Int64](repeating: 0, count: problem.devices.count), climb: ways.climb,
                descend: ways.descend),
            origin: bound.originPrices(
                egress: ways.origins(
                    [Int64](repeating: 0, count: problem.network.originSite.count), alpha: alpha),
                climb: ways.climb, descend: ways.descend))
        leastOrigin = PriceSearch.leastOrigins(bound, base.origin)
        most = min(bound.gain.most, 1 << 60)
        let leastOrigin = leastOrigin
        let step = UInt64(max(1, problem.devices.count / PriceSearch.sampled))
        let base = base
        firsts = leastOrigin.indices.compactMap { i in
            guard leastOrigin[i] != nil else { return nil }
            return Sharers(i, bound, base.peer, step: step)
        }
        sample = (0..<problem.devices.count).filter { PriceSearch.isSampled($0, step) }
    }

    /// Whether a device is one of those that stand for `step` each.
    fileprivate static func isSampled(_ d: Int, _ step: UInt64) -> Bool {
        SplitMix64.mixed(UInt64(d)) % step == 0
    }

    /// Devices that a search looks at: it is enough to tell a price to some millionths of the
    /// bound; what is proved is reckoned from all.
    private static let sampled = 20_000

    /// The certificate with the lowest bound found.
    ///
    /// A fixed number of evaluations, whatever the machine.
    func certificate() -> Certificate {
        var p: Int64 = 0
        var delta: Int64 = 0
        var costs = blank
        for round in 0..<3 {
            p = PriceSearch.lowest(around(p, round)) { total(up: $0, delta: delta, &costs) }
            delta = PriceSearch.lowest(around(delta, round)) { total(up: p, delta: $0, &costs) }
        }
        let egress = egress(up: p, delta: delta)
        var prices = PriceSearch.vector(problem, up: p, egress: egress)
        prices.firstCopy = firstCopies(up: p, egress: egress)
        var best = certificate(prices, peers: base.peer)
        guard problem.network.hasCappedEdge else { return best }
        var starts = [p]
        if problem.wishes.count <= PriceSearch.fewWishes {
            starts += [1024, 32].map { part in
                highest(above: p, within: part) { total(up: $0, delta: delta, &costs) }
            }
        }
        for start in starts {
            _ = total(up: start, delta: delta, &costs)
            multiply(
                up: start, egress: self.egress(up: start, delta: delta), &costs, isWhole: true)
            if let found = priced(edges: costs, up: start, delta: delta), found.bound < best.bound {
                best = found
            }
        }
        return best
    }

    /// Up to so many wishes edges are also priced from the highest uplink price that is about as
    /// good as the best: where senders sit behind scarce edges, many are, and only from the
    /// highest one does the price of an edge alone lead on.
    private static let fewWishes = 100_000

    /// The highest price at which a convex function is as low as at its lowest, but for one part in
    /// `part`.
    private func highest(above p: Int64, within part: Int128, _ f: (Int64) -> Int128) -> Int64 {
        let low = f(p)
        let enough = low + low / part
        var lower = p
        var upper = most
        while upper - lower > max(1, upper >> 12) {
            let middle = lower + (upper - lower + 1) / 2
            if f(middle) <= enough { lower = middle } else { upper = middle }
        }
        return lower
    }

    /// The certificate with prices on edges, nil when none is worth one.
    private func priced(edges costs: Bound.Costs, up start: Int64, delta: Int64) -> Certificate? {
        var edges = EdgePrices(bound, costs: costs, price: start, most: most)
        edges.search()
        guard edges.foundSome else { return nil }
        let taken = problem.network.parent.indices.map { edges.taken(at: $0) }
        // With what the edges cost known, the uplinks' price is looked for once more.
        var costs = edges.costs
        let least = taken.max() ?? 0
        let p = PriceSearch.lowest(least...max(least, min(most, 2 * start))) {
            total(up: $0, delta: delta, &costs)
        }
        let egress = egress(up: p, delta: delta)
        var prices = PriceSearch.vector(problem, up: p, egress: egress)
        prices.firstCopy = firstCopies(up: p, egress: egress)
        for d in prices.up.indices { prices.up[d] = p - taken[Int(problem.devices.site[d])] }
        prices.edgeUp = edges.up
        prices.edgeDown = edges.down
        return certificate(prices)
    }

    private func certificate(_ prices: Prices, peers: [Int64]? = nil) -> Certificate {
        Certificate(
            alpha: alpha, beta: beta, prices: prices,
            bound: bound.evaluate(prices, alpha: alpha, beta: beta, peers: peers))
    }

    /// Where to look for a price: anywhere at first, then near the last place.
    private func around(_ price: Int64, _ round: Int) -> ClosedRange<Int64> {
        round == 0 ? 0...most : price / 2...min(most, 2 * price + most / 1024 + 1)
    }

    /// A vector of equal prices.
    static func vector(_ problem: Problem, up: Int64, egress: Int64) -> Prices {
        let sites = [Int64](repeating: 0, count: problem.network.parent.count)
        return Prices(
            up: [Int64](repeating: up, count: problem.devices.count),
            egress: [Int64](repeating: egress, count: problem.network.originSite.count),
            edgeUp: sites, edgeDown: sites)
    }

    /// Origins' own price: with α it makes up p + δ, and is never negative.
    private func egress(up p: Int64, delta: Int64) -> Int64 {
        max(0, p + delta - Certificate.alphaPrice(alpha))
    }

    private func total(up p: Int64, delta: Int64, _ costs: inout Bound.Costs) -> Int128 {
        let e = self.egress(up: p, delta: delta)
        costs.peerMore = p
        costs.originMore = e
        multiply(up: p, egress: e, &costs, isWhole: false)
        let priced = costs
        let knapsacks = problem.workers.map(over: sample.count, shards: 16) {
            bound.knapsacks(priced, of: sample[$0])
        }.reduce(0, +)
        return Bound.worth(p, of: uplinks) + Bound.worth(e, of: egressTotal)
            + knapsacks * Int128(problem.devices.count) / Int128(max(1, sample.count))
    }

    /// Sets Π of every item with first copies, and π of its wishes: of all, or of the sample's.
    private func multiply(
        up p: Int64, egress e: Int64, _ costs: inout Bound.Costs, isWhole: Bool
    ) {
        for first in firsts {
            let sharers = first.count(above: p)
            let peer = sharers == 0 ? TwoLeast.none : first.leastPeer[sharers - 1]
            let origin = leastOrigin[first.item] ?? 0
            let spread = peer == TwoLeast.none ? 0 : origin + e - (peer + p)
            let each = max(0, spread) / Int64(max(1, sharers))
            for k in isWhole ? Array(first.wishes.indices) : first.sampled {
                costs.multiplier[Int(first.wishes[k])] = k < sharers ? each : 0
            }
            costs.discount[first.item] = each * Int64(sharers)
        }
    }

    /// The same as a certificate lists it.
    private func firstCopies(up p: Int64, egress e: Int64) -> [FirstCopy] {
        var costs = blank
        multiply(up: p, egress: e, &costs, isWhole: true)
        let wishes = problem.wishes
        return firsts.flatMap { first in
            first.wishes.filter { costs.multiplier[Int($0)] > 0 }.map {
                FirstCopy(
                    device: wishes.device[Int($0)], item: Int32(first.item),
                    price: costs.multiplier[Int($0)])
            }
        }.sorted { ($0.device, $0.item) < ($1.device, $1.item) }
    }

    private var blank: Bound.Costs {
        var costs = base
        costs.multiplier = [Int64](repeating: 0, count: problem.wishes.count)
        costs.discount = [Int64](repeating: 0, count: problem.items.licence.count)
        return costs
    }

    /// The least origin price over all devices that may receive each item.
    private static func leastOrigins(_ bound: Bound, _ atSite: [Int64]) -> [Int64?] {
        let problem = bound.problem
        let relays = PriceSearch.relays(problem)
        let signatures = problem.items.signatures.indices.map { signature in
            relays.filter { problem.mayRelay($0, signature: signature) }
                .map { atSite[Int(problem.devices.site[$0])] }.min() ?? TwoLeast.none
        }
        return problem.items.licence.indices.map { i in
            guard problem.items.sendable[i] else { return nil }
            var least = signatures[Int(problem.items.signature[i])]
            for position in problem.wishes.range(ofItem: i) {
                let w = Int(problem.wishes.byItem[position])
                guard bound.awake[w] else { continue }
                least = min(least, atSite[Int(problem.devices.site[Int(problem.wishes.device[w])])])
            }
            return least == TwoLeast.none ? nil : least
        }
    }

    /// One of the devices that may relay for each site and set of slots.
    private static func relays(_ problem: Problem) -> [Int] {
        let kinds = problem.windows.sets.count
        var seen = [Bool](repeating: false, count: problem.network.parent.count * kinds)
        return (0..<problem.devices.count).filter { d in
            let place = Int(problem.devices.site[d]) * kinds + Int(problem.devices.kind[d])
            guard !seen[place], problem.mayRelay(d) else { return false }
            seen[place] = true
            return true
        }
    }

    /// Where a convex function of an integer is lowest: golden section (Kiefer 1953) on integers.
    ///
    /// Keeps the best place looked at; ends when the range is a 2⁻¹⁰ part of it, since the bound
    /// is flat there. About 20 evaluations for a place that isn't far below the upper end.
    static func lowest(_ range: ClosedRange<Int64>, _ f: (Int64) -> Int128) -> Int64 {
        var lower = range.lowerBound
        var upper = range.upperBound
        var best = (place: lower, value: f(lower))
        func look(_ x: Int64) -> Int128 {
            let value = f(x)
            if value < best.value { best = (x, value) }
            return value
        }
        func section() -> Int64 { Int64(Int128(upper - lower) * 618_034 / 1_000_000) }
        var left = (place: upper - section(), value: Int128(0))
        var right = (place: lower + section(), value: Int128(0))
        left.value = look(left.place)
        right.value = look(right.place)
        while upper - lower > max(4, best.place >> 10), left.place < right.place {
            if left.value <= right.value {
                upper = right.place
                right = left
                left.place = upper - section()
                left.value = look(left.place)
            } else {
                lower = left.place
                left = right
                right.place = lower + section()
                right.value = look(right.place)
            }
        }
        return best.place
    }
}

/// The wishes with first-copy bytes of one item, those that gain most first.
private struct Sharers {
    let item: Int
    let wishes: [Int32]
    private let gains: [Int128]
    /// At each place: the least price of a peer of the wishes up to it, if peers sent for nothing.
    let leastPeer: [Int64]
    /// Places of the sample's wishes.
    let sampled: [Int]

    /// Nil when there is none.
    init?(_ i: Int, _ bound: Bound, _ peer: [Int64], step: UInt64) {
        let problem = bound.problem
        var mine = problem.wishes.range(ofItem: i).map { problem.wishes.byItem[$0] }
        mine.removeAll { problem.wishes.firstBytes[Int($0)] == 0 || !bound.awake[Int($0)] }
        if mine.isEmpty { return nil }
        mine.sort { (bound.gain[Int($1)], $0) < (bound.gain[Int($0)], $1) }
        item = i
        wishes = mine
        gains = mine.map { bound.gain[Int($0)] }
        var least = TwoLeast.none
        leastPeer = mine.map {
            least = min(least, peer[Int($0)])
            return least
        }
        sampled = mine.indices.filter {
            PriceSearch.isSampled(Int(problem.wishes.device[Int(mine[$0])]), step)
        }
    }

    /// Wishes that gain more than a price. O(log wishes).
    func count(above price: Int64) -> Int {
        var lower = 0
        var upper = gains.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if gains[middle] > Int128(price) { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
