import Catalogue
import Quantities
import Schedule

/// The bound that prices prove, as the planner computes it (model page, The bound).
///
/// `B = Σ price · capacity + Σ K(d)`: convex and piecewise linear in the prices.
/// The least prices of peers are given, so that a search which moves all upload
/// prices together needs no new walk over the tree. One evaluation is
/// O(wishes · log(wishes of a device)).
struct Bound {
    let problem: Problem
    let capacities: Capacities
    let gain: Gains
    /// Per device: the eligible wishes with a slot inside the licence.
    let awake: [Bool]

    init(_ problem: Problem) {
        self.problem = problem
        capacities = Capacities(problem)
        let wishes = problem.wishes
        gain = Gains(problem)
        awake = (0..<wishes.count).map { problem.mayReceiveWish($0) }
    }

    /// What one byte costs each wish.
    struct Costs {
        /// Per open wish, `TwoLeast.none` without a peer.
        var peer: [Int64]
        /// Per site, `TwoLeast.none` without an origin.
        var origin: [Int64]
        /// Added to every peer's price.
        var peerMore: Int64 = 0
        /// Added to every origin's price.
        var originMore: Int64 = 0
        /// π per open wish; empty when all are 0.
        var multiplier: [Int64] = []
        /// Π per item; empty when all are 0.
        var discount: [Int64] = []
    }

    /// Σ K(d) in units of 2⁻⁴⁰ millionths.
    func knapsacks(_ costs: Costs) -> Int128 {
        problem.workers.map(over: problem.devices.count) { knapsacks(costs, of: $0) }.reduce(0, +)
    }

    /// The same of some devices.
    func knapsacks(_ costs: Costs, of devices: some Sequence<Int>) -> Int128 {
        var total: Int128 = 0
        var entries: [(gain: Int128, bytes: Int64)] = []
        for d in devices {
            let intake = capacities.intake[d]
            guard intake > 0 else { continue }
            entries.removeAll(keepingCapacity: true)
            for w in problem.wishes.wishes(of: d) where gain[w] > 0 && awake[w] {
                collect(w, site: Int(problem.devices.site[d]), costs, into: &entries)
            }
            total += Bound.fill(&entries, upTo: intake)
        }
        return total
    }

    /// The best value of at most `room` bytes of the entries.
    static func fill(_ entries: inout [(gain: Int128, bytes: Int64)], upTo room: Int128)
        -> Int128
    {
        let all = entries.reduce(Int128(0)) { $0 + Int128($1.bytes) }
        if all <= room { return entries.reduce(0) { $0 + $1.gain * Int128($1.bytes) } }
        entries.sort { $0.gain > $1.gain }
        var left = room
        var total: Int128 = 0
        for entry in entries {
            let taken = min(left, Int128(entry.bytes))
            total += entry.gain * taken
            left -= taken
            if left == 0 { break }
        }
        return total
    }

    /// Adds the two entries of a wish that gain something.
    private func collect(
        _ w: Int, site: Int, _ costs: Costs, into entries: inout [(gain: Int128, bytes: Int64)]
    ) {
        let peer = costs.peer[w] == TwoLeast.none ? nil : costs.peer[w] + costs.peerMore
        let origin =
            costs.origin[site] == TwoLeast.none ? nil : costs.origin[site] + costs.originMore
        collect(w, peer: peer, origin: origin, costs, into: &entries)
    }

    /// The same when a byte from the cheapest peer and origin costs so much; nil: there is none.
    func collect(
        _ w: Int, peer: Int64?, origin: Int64?, _ costs: Costs,
        into entries: inout [(gain: Int128, bytes: Int64)]
    ) {
        let first = problem.wishes.firstBytes[w]
        let rest = problem.wishes.missingBytes[w] - first
        if rest > 0, let price = Bound.least(peer, origin) {
            let net = gain[w] - Int128(price)
            if net > 0 { entries.append((net, rest)) }
        }
        if first > 0 {
            let discount =
                costs.discount.isEmpty ? 0 : costs.discount[Int(problem.wishes.item[w])]
            guard let price = Bound.least(peer, origin.map { $0 - discount }) else { return }
            let multiplier = costs.multiplier.isEmpty ? 0 : costs.multiplier[w]
            let net = gain[w] - Int128(price) - Int128(multiplier)
            if net > 0 { entries.append((net, first)) }
        }
    }

    private static func least(_ a: Int64?, _ b: Int64?) -> Int64? {
        guard let a else { return b }
        return b.map { min(a, $0) } ?? a
    }

    /// Per site the least price of a byte from an origin, way included.
    ///
    /// `egress` is each origin's own price, with α and its cost in it.
    func originPrices(egress: [Int64], climb: [Int64], descend: [Int64]) -> [Int64] {
        let network = problem.network
        return network.parent.indices.map { site in
            var best = TwoLeast.none
            for o in network.originSite.indices where network.nightly[o] > 0 {
                var price = egress[o]
                network.edges(from: network.originSite[o], to: Int32(site)) { site, upwards in
                    price += upwards ? climb[site] : descend[site]
                }
                best = min(best, price)
            }
            return best
        }
    }

    /// Σ price · capacity in units of 2⁻⁴⁰ millionths.
    func capacityValue(_ prices: Prices) -> Int128 {
        func sum(_ prices: [Int64], _ capacities: [Int128]) -> Int128 {
            prices.indices.reduce(0) { $0 + Bound.worth(prices[$1], of: capacities[$1]) }
        }
        return sum(prices.up, capacities.up) + sum(prices.egress, capacities.egress)
            + sum(prices.edgeUp, capacities.edgeUp) + sum(prices.edgeDown, capacities.edgeDown)
    }

    /// Price times capacity; at most 2¹⁰⁰, far above any bound worth stating, so that sums over
    /// absurd rates can't overflow.
    static func worth(_ price: Int64, of capacity: Int128) -> Int128 {
        let most = Int128(1) << 100
        let (product, overflow) = Int128(price).multipliedReportingOverflow(by: capacity)
        return overflow ? most : min(product, most)
    }

    /// Millionths, rounded up.
    static func millionths(_ total: Int128) -> Int64 {
        let one = Int128(1) << Int128(Certificate.fractionBits)
        return Int64(clamping: (total + one - 1) / one)
    }

    /// Everything anew from a price vector: what the certificate states.
    ///
    /// `peers`, when known: the least prices of peers if each sent for nothing, of a vector in
    /// which all ask the same and no edge has a price.
    func evaluate(
        _ prices: Prices, alpha: Int64, beta: Int64, peers: [Int64]? = nil
    ) -> Int64 {
        let ways = Ways(problem, prices, beta: beta)
        var costs = Costs(
            peer: peers
                ?? LeastPrices(problem).peers(
                    up: prices.up, climb: ways.climb, descend: ways.descend),
            origin: originPrices(
                egress: ways.origins(prices.egress, alpha: alpha), climb: ways.climb,
                descend: ways.descend))
        if peers != nil { costs.peerMore = prices.up.first ?? 0 }
        if !prices.firstCopy.isEmpty {
            costs.multiplier = [Int64](repeating: 0, count: problem.wishes.count)
            costs.discount = [Int64](repeating: 0, count: problem.items.licence.count)
            for entry in prices.firstCopy {
                for w in problem.wishes.wishes(of: Int(entry.device))
                where problem.wishes.item[w] == entry.item {
                    costs.multiplier[w] = entry.price
                    costs.discount[Int(entry.item)] += entry.price
                }
            }
        }
        return Bound.millionths(capacityValue(prices) + knapsacks(costs))
    }
}

/// What a byte of each wish is worth, in half the room that its widest values take.
struct Gains {
    /// Those that fit; `Int64.max` for any that doesn't.
    private let narrow: [Int64]
    private let worth: [Int64]
    private let missing: [Int64]

    init(_ problem: Problem) {
        let (worth, missing) = (problem.wishes.worth, problem.wishes.missingBytes)
        (self.worth, self.missing) = (worth, missing)
        let parts = problem.workers.map(over: worth.count) { range in
            range.map { Int64(clamping: Gains.exact(worth[$0], over: missing[$0])) }
        }
        narrow = Array(parts.joined())
    }

    /// Of an open wish ⌈w · 2⁴⁰ / m⌉, 0 when not eligible.
    @inline(__always)
    subscript(_ w: Int) -> Int128 {
        let gain = narrow[w]
        return gain < Int64.max ? Int128(gain) : Gains.exact(worth[w], over: missing[w])
    }

    /// The largest, at most `Int64.max`; 0 without a wish.
    var most: Int64 { narrow.max() ?? 0 }

    private static func exact(_ worth: Int64, over missing: Int64) -> Int128 {
        guard worth > 0, missing > 0 else { return 0 }
        let m = Int128(missing)
        return ((Int128(worth) << Int128(Certificate.fractionBits)) + m - 1) / m
    }
}

/// What a byte pays on each edge: its price and the share of the carried cost.
struct Ways {
    let climb: [Int64]
    let descend: [Int64]
    private let originCost: [Int64]

    init(_ problem: Problem, _ prices: Prices, beta: Int64) {
        let cost = problem.network.edgeCost.map { Certificate.betaPrice(beta, costPerGB: $0) }
        climb = zip(prices.edgeUp, cost).map { $0 + $1 }
        descend = zip(prices.edgeDown, cost).map { $0 + $1 }
        originCost = problem.network.originCost.map {
            Certificate.betaPrice(beta, costPerGB: $0)
        }
    }

    /// Egress prices with α and the origins' own costs.
    func origins(_ egress: [Int64], alpha: Int64) -> [Int64] {
        zip(egress, originCost).map { $0 + $1 + Certificate.alphaPrice(alpha) }
    }
}
