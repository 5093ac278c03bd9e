import Quantities

/// What devices received of one item tonight and can send on, and which of them stand where.
struct Stock {
    /// What one device can send.
    struct Offer {
        var device: Int32
        /// The moves that brought it: what each brought can be sent from the next slot on.
        var first: Int32
        var count: Int32
    }

    private(set) var offers: [Offer] = []
    private var survivors = Survivors(count: 0)
    /// Offers that are left.
    private(set) var count = 0
    /// Per site, once there are many: the first and the last of a chain of offers at or below it.
    private var chains: [Int32: (first: Int32, last: Int32)] = [:]
    /// The next offer in a chain, -1 at its end: of offer k at depth l, `k * levels + l`.
    private var next: [Int32] = []
    private var levels = 0

    /// Adds what a device can send: what it received by some moves.
    mutating func add(_ device: Int32, moves: Range<Int>, _ problem: Problem) {
        offers.append(
            Offer(device: device, first: Int32(moves.lowerBound), count: Int32(moves.count)))
        survivors.append()
        count += 1
        if levels > 0 { chain(offers.count - 1, problem) }
    }

    /// The first offer that is left at or after a place; the number of offers when none is.
    mutating func first(from place: Int) -> Int { survivors.first(from: place) }

    /// Takes an offer out for good.
    mutating func retire(_ place: Int) {
        survivors.remove(place)
        count -= 1
    }

    // MARK: by site

    /// The oldest offer at or below a site, -1 when there is none. The first call is O(offers).
    mutating func first(below site: Int32, _ problem: Problem) -> Int32 {
        if levels == 0 {
            levels = Int(problem.network.depth.max() ?? 0) + 1
            for k in offers.indices { chain(k, problem) }
        }
        return chains[site]?.first ?? -1
    }

    /// The offer after one in the chain of a site of this depth.
    func next(after offer: Int32, depth: Int32) -> Int32 {
        next[Int(offer) * levels + Int(depth)]
    }

    /// Takes the first offer of a site's chain out of it.
    mutating func dropFirst(below site: Int32, depth: Int32) {
        guard let chain = chains[site] else { return }
        let second = next(after: chain.first, depth: depth)
        chains[site] = second < 0 ? nil : (second, chain.last)
    }

    private mutating func chain(_ offer: Int, _ problem: Problem) {
        for _ in 0..<levels { next.append(-1) }
        var site = problem.devices.site[Int(offers[offer].device)]
        while site >= 0 {
            let depth = Int(problem.network.depth[Int(site)])
            if let chain = chains[site] {
                next[Int(chain.last) * levels + depth] = Int32(offer)
                chains[site] = (chain.first, Int32(offer))
            } else {
                chains[site] = (Int32(offer), Int32(offer))
            }
            site = problem.network.parent[Int(site)]
        }
    }
}
