import Quantities
import Schedule

/// Finds prices that prove a low bound.
///
/// Problem: minimise the bound `B`, convex and piecewise linear, over non-negative
/// prices. Idea: one price p for all uplinks and p + δ, α in it, for all origins (an origin
/// can send whatever a peer can, so its byte is never worth less), searched by
/// turns; first-copy multipliers follow from the two (below). On fleets where
/// uplinks are scarce everywhere this is within a small fraction of a percent of
/// the linear program; where one edge or one holder is scarce it is loose, never
/// wrong. At p = p + δ the bound has a kink that a search along the axes of the
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
    private let base: Bound.Costs
    /// Per item: least origin price of whoever may receive it, at egress price 0; nil when nobody.
    private let leastOrigin: [Int64?]
    /// Largest gain of any wish.
    private let most: Int64

    init(_ bound: Bound, alpha: Int64, beta: Int64) {
        self.bound = bound
        problem = bound.problem
        self.alpha = alpha
        self.beta = beta
        let ways = Ways(problem, PriceSearch.vector(problem, up: 0, egress: 0), beta: beta)
        base = Bound.Costs(
            peer: LeastPrices(problem).peers(
                up: [Int64](repeating: 0, count: problem.devices.count), climb: ways.climb,
                descend: ways.descend),
            origin: bound.originPrices(
                egress: ways.origins(
                    [Int64](repeating: 0, count: problem.network.originSite.count), alpha: alpha),
                climb: ways.climb, descend: ways.descend))
        leastOrigin = PriceSearch.leastOrigins(problem, base.origin)
        most = Int64(clamping: min(bound.gain.max() ?? 0, Int128(1) << 60))
    }

    /// The certificate with the lowest bound found.
    ///
    /// A fixed number of evaluations, whatever the machine.
    func certificate() -> Certificate {
        var p: Int64 = 0
        var delta: Int64 = 0
        for round in 0..<3 {
            p = PriceSearch.lowest(around(p, round)) { total(up: $0, delta: delta) }
            delta = PriceSearch.lowest(around(delta, round)) { total(up: p, delta: $0) }
        }
        let egress = egress(up: p, delta: delta)
        var prices = PriceSearch.vector(problem, up: p, egress: egress)
        prices.firstCopy = multipliers(up: p, egress: egress).entries
        return Certificate(
            alpha: alpha, beta: beta, prices: prices,
            bound: bound.evaluate(prices, alpha: alpha, beta: beta))
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

    private func total(up p: Int64, delta: Int64) -> Int128 {
        let e = self.egress(up: p, delta: delta)
        var costs = base
        costs.peerMore = p
        costs.originMore = e
        let (multiplier, discount, _) = multipliers(up: p, egress: e)
        costs.multiplier = multiplier
        costs.discount = discount
        let uplinks = bound.capacities.up.reduce(0, +)
        let egress = bound.capacities.egress.reduce(0, +)
        return Bound.worth(p, of: uplinks) + Bound.worth(e, of: egress)
            + bound.knapsacks(costs)
    }

    /// π per open wish, Π per item, and the same as a list.
    private func multipliers(
        up p: Int64, egress e: Int64
    ) -> (multiplier: [Int64], discount: [Int64], entries: [FirstCopy]) {
        let wishes = problem.wishes
        var multiplier = [Int64](repeating: 0, count: wishes.count)
        var discount = [Int64](repeating: 0, count: problem.items.licence.count)
        for i in discount.indices {
            guard let origin = leastOrigin[i] else { continue }
            var sharers: [Int] = []
            var peer = TwoLeast.none
            for position in wishes.range(ofItem: i) {
                let w = Int(wishes.byItem[position])
                guard wishes.firstBytes[w] > 0, bound.gain[w] > Int128(p), bound.awake[w] else {
                    continue
                }
                sharers.append(w)
                peer = min(peer, base.peer[w])
            }
            guard !sharers.isEmpty else { continue }
            let spread = peer == TwoLeast.none ? 0 : origin + e - (peer + p)
            let each = max(0, spread) / Int64(sharers.count)
            for w in sharers where each > 0 {
                multiplier[w] = each
                discount[i] += each
            }
        }
        let entries = multiplier.indices.filter { multiplier[$0] > 0 }.map {
            FirstCopy(device: wishes.device[$0], item: wishes.item[$0], price: multiplier[$0])
        }.sorted { ($0.device, $0.item) < ($1.device, $1.item) }
        return (multiplier, discount, entries)
    }

    /// The least origin price over all devices that may receive each item.
    private static func leastOrigins(_ problem: Problem, _ atSite: [Int64]) -> [Int64?] {
        let signatures = problem.items.signatures.indices.map { signature in
            (0..<problem.devices.count).filter { problem.mayRelay($0, signature: signature) }
                .map { atSite[Int(problem.devices.site[$0])] }.min() ?? TwoLeast.none
        }
        return problem.items.licence.indices.map { i in
            guard problem.items.sendable[i] else { return nil }
            var least = signatures[Int(problem.items.signature[i])]
            for position in problem.wishes.range(ofItem: i) {
                let w = Int(problem.wishes.byItem[position])
                guard problem.mayReceiveWish(w) else { continue }
                least = min(least, atSite[Int(problem.devices.site[Int(problem.wishes.device[w])])])
            }
            return least == TwoLeast.none ? nil : least
        }
    }

    /// Where a convex function of an integer is lowest: golden section (Kiefer 1953) on integers.
    ///
    /// Keeps the best place looked at; ends when the range is a 2⁻¹⁰ part of it, since the bound
    /// is flat there. About 20 evaluations for a place that isn't far below the upper end.
    private static func lowest(_ range: ClosedRange<Int64>, _ f: (Int64) -> Int128) -> Int64 {
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
