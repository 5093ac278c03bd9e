import Quantities
import Schedule

/// Finds prices of single edges, given one price p for all uplinks.
///
/// Problem: where a site's edge is scarce, what stands below it is worth less outside and
/// what comes from outside is worth more inside; one price for all is loose there. Idea:
/// a price x on a site's edge upwards is taken off the uplinks below it, so that their
/// bytes cost p on top of the edge as before, and less below it; a price y on the edge
/// downwards makes what comes from outside dearer. A byte for a wish whose nearest peer
/// stands below the k-th site above it then costs p, less the x of that site and all above
/// it, plus the y of the sites below. The bound is convex in each price and, the others
/// given, only the devices below the site matter, so each is searched alone (coordinate
/// descent), the deepest sites first, twice. What is proved is reckoned anew from the
/// vector, so that a search which isn't exact (β above 0, origins below a scarce edge) costs
/// nothing but quality. O(sweeps · evaluations · wishes · depth).
struct EdgePrices {
    private let bound: Bound
    private let problem: Problem
    private let p: Int64
    /// No edge is priced higher.
    private let most: Int64
    /// Costs with all prices found so far, p apart.
    private(set) var costs: Bound.Costs
    /// Per site: x and y.
    private(set) var up: [Int64]
    private(set) var down: [Int64]
    /// Per open wish: the site at or above its device below which its nearest peer stands, -1
    /// without a peer.
    private let meeting: [Int32]
    /// Devices that receive, by the place of their site; site s has `first[s]..<end[s]`.
    private let receivers: [Int32]
    private let first: [Int]
    private let end: [Int]
    /// The sites by their place.
    private let byPlace: [Int]
    /// Σ U over the devices at or below each site.
    private let uplinks: [Int128]

    init(_ bound: Bound, costs: Bound.Costs, price p: Int64, most: Int64) {
        self.bound = bound
        // So that the prices on any way add up to less than 2⁶¹.
        self.most = min(most, (1 << 60) / Int64((bound.problem.network.depth.max() ?? 0) + 1))
        problem = bound.problem
        self.p = p
        self.costs = costs
        let network = bound.problem.network
        let sites = network.parent.count
        up = [Int64](repeating: 0, count: sites)
        down = up
        meeting = EdgePrices.meetings(bound.problem)
        var receiversAt = [[Int32]](repeating: [], count: sites)
        var uplinks = [Int128](repeating: 0, count: sites)
        for d in 0..<bound.problem.devices.count {
            let site = Int(bound.problem.devices.site[d])
            uplinks[site] += bound.capacities.up[d]
            if bound.capacities.intake[d] > 0 {
                receiversAt[Int(network.place[site])].append(Int32(d))
            }
        }
        for site in EdgePrices.deepestFirst(network) where network.parent[site] >= 0 {
            uplinks[Int(network.parent[site])] += uplinks[site]
        }
        self.uplinks = uplinks
        let starts = receiversAt.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        receivers = receiversAt.flatMap { $0 }
        byPlace = network.place.indices.sorted { network.place[$0] < network.place[$1] }
        first = (0..<sites).map { starts[Int(network.place[$0])] }
        end = (0..<sites).map { starts[Int(network.placeEnd[$0])] }
    }

    private static func deepestFirst(_ network: Network) -> [Int] {
        network.depth.indices.sorted { (network.depth[$0], $0) > (network.depth[$1], $1) }
    }

    private static func meetings(_ problem: Problem) -> [Int32] {
        let sites = problem.network.parent.count
        let levels = LeastPrices(problem).peers(
            up: [Int64](repeating: 0, count: problem.devices.count),
            climb: [Int64](repeating: 0, count: sites),
            descend: problem.network.parent.map { $0 < 0 ? 0 : 1 })
        return levels.indices.map { w in
            guard levels[w] != TwoLeast.none else { return -1 }
            var site = problem.devices.site[Int(problem.wishes.device[w])]
            for _ in 0..<levels[w] { site = problem.network.parent[Int(site)] }
            return site
        }
    }

    /// Searches the price of every edge that has a capacity.
    mutating func search() {
        let network = problem.network
        let sites = EdgePrices.deepestFirst(network).filter {
            network.parent[$0] >= 0 && first[$0] < end[$0]
                && (network.edgeUp[$0] != Network.unlimited
                    || network.edgeDown[$0] != Network.unlimited)
        }
        for _ in 0..<2 {
            for site in sites {
                if network.edgeDown[site] != Network.unlimited { searchDown(site) }
                if network.edgeUp[site] != Network.unlimited { searchUp(site) }
            }
            // Where no edge is scarce a second look finds nothing either.
            if !foundSome { return }
        }
    }

    /// Whether an edge has a price.
    var foundSome: Bool { up.contains { $0 > 0 } || down.contains { $0 > 0 } }

    private mutating func searchDown(_ site: Int) {
        let capacity = bound.capacities.edgeDown[site]
        let y = down[site]
        let change = lowest(from: y, most: most) { change in
            Bound.worth(abs(change), of: capacity) * Int128(change.signum())
                + knapsacks(below: site, inside: 0, outside: change)
        }
        settle(site, up: 0, down: change)
    }

    private mutating func searchUp(_ site: Int) {
        let capacity = bound.capacities.edgeUp[site] - uplinks[site]
        let x = up[site]
        let room = p - mostTaken(below: site)
        let change = lowest(from: x, most: x + room) { change in
            Int128(change) * capacity + knapsacks(below: site, inside: -change, outside: 0)
        }
        settle(site, up: change, down: 0)
    }

    /// By how much to change a price so that a convex function of the change is lowest.
    ///
    /// Most edges aren't scarce, and that is seen at one place a little above 0.
    private func lowest(from price: Int64, most: Int64, _ f: (Int64) -> Int128) -> Int64 {
        guard most > 0 else { return 0 }
        let stay = f(0)
        if price == 0, f(min(most, max(1, (p > 0 ? p : self.most) >> 7))) >= stay { return 0 }
        let change = PriceSearch.lowest(0...max(price, most)) { f($0 - price) } - price
        return f(change) < stay ? change : 0
    }

    /// The most that is taken off an uplink at or below a site.
    private func mostTaken(below site: Int) -> Int64 {
        sites(below: site).reduce(0) { max($0, taken(at: $1)) }
    }

    /// A site and all below it.
    private func sites(below site: Int) -> ArraySlice<Int> {
        byPlace[Int(problem.network.place[site])..<Int(problem.network.placeEnd[site])]
    }

    /// What is taken off the uplinks at a site: the x of its own edge and of all above.
    func taken(at site: Int) -> Int64 {
        var sum: Int64 = 0
        var node = site
        while problem.network.parent[node] >= 0 {
            sum += up[node]
            node = Int(problem.network.parent[node])
        }
        return sum
    }

    /// Σ K(d) below a site if what comes from inside cost so much more and from outside so much.
    private func knapsacks(below site: Int, inside: Int64, outside: Int64) -> Int128 {
        var total: Int128 = 0
        var entries: [(gain: Int128, bytes: Int64)] = []
        let depth = problem.network.depth[site]
        for k in first[site]..<end[site] {
            let d = Int(receivers[k])
            let home = costs.origin[Int(problem.devices.site[d])]
            let origin = home == TwoLeast.none ? nil : home + costs.originMore + outside
            entries.removeAll(keepingCapacity: true)
            for w in problem.wishes.wishes(of: d) where bound.gain[w] > 0 && bound.awake[w] {
                var peer: Int64?
                if meeting[w] >= 0 {
                    let isInside = problem.network.depth[Int(meeting[w])] >= depth
                    peer = costs.peer[w] + costs.peerMore + (isInside ? inside : outside)
                }
                bound.collect(w, peer: peer, origin: origin, costs, into: &entries)
            }
            total += Bound.fill(&entries, upTo: bound.capacities.intake[d])
        }
        return total
    }

    /// Adds to the prices of a site's edge.
    private mutating func settle(_ site: Int, up x: Int64, down y: Int64) {
        guard x != 0 || y != 0 else { return }
        up[site] += x
        down[site] += y
        let network = problem.network
        for other in sites(below: site) where costs.origin[other] != TwoLeast.none {
            costs.origin[other] += y
        }
        for k in first[site]..<end[site] {
            for w in problem.wishes.wishes(of: Int(receivers[k])) where meeting[w] >= 0 {
                let isInside = network.depth[Int(meeting[w])] >= network.depth[site]
                costs.peer[w] += isInside ? -x : y
            }
        }
    }
}
