import Fleet
import Quantities

/// The site tree, origins and capacity links in bytes per slot.
struct Network {
    /// No cap.
    static let unlimited = Int64.max

    /// Parent of each site, -1 at the root.
    let parent: [Int32]
    let depth: [Int32]
    /// Places in a walk that takes each site before those below it: site s and all below it have
    /// `place[s]..<placeEnd[s]`.
    let place: [Int32]
    let placeEnd: [Int32]
    /// Per site: position of its territory in ``territories``.
    let territory: [Int32]
    /// The different territories of sites; nil where none is stated.
    let territories: [String?]
    /// Per site: bytes per slot on the edge to its parent, upwards and downwards.
    let edgeUp: [Int64]
    let edgeDown: [Int64]
    /// Per site: cost per GB of that edge.
    let edgeCost: [Int64]
    let originSite: [Int32]
    /// Bytes per slot.
    let egress: [Int64]
    /// Bytes per night, at most `slots * egress`.
    let nightly: [Int64]
    let originCost: [Int64]
    let links: CapacityLinks

    init(fleet: Fleet, night: Night) {
        func bytes(_ kbps: Int64?) -> Int64 {
            kbps.map { night.bytesPerSlot(kbps: $0) } ?? Network.unlimited
        }
        let path = SitePath(fleet.sites)
        parent = fleet.sites.map(\.parent)
        depth = fleet.sites.indices.map { Int32(path.ancestors(of: Int32($0)).count) }
        (place, placeEnd) = Network.walk(parent, depth)
        var known: [String?: Int32] = [:]
        var territories: [String?] = []
        territory = fleet.sites.map { site in
            if let found = known[site.territory] { return found }
            known[site.territory] = Int32(territories.count)
            territories.append(site.territory)
            return Int32(territories.count - 1)
        }
        self.territories = territories
        edgeUp = fleet.sites.map { $0.parent < 0 ? Network.unlimited : bytes($0.upKbps) }
        edgeDown = fleet.sites.map { $0.parent < 0 ? Network.unlimited : bytes($0.downKbps) }
        edgeCost = fleet.sites.map { $0.parent < 0 ? 0 : $0.costPerGB }
        originSite = fleet.origins.map(\.site)
        egress = fleet.origins.map { night.bytesPerSlot(kbps: $0.egressKbps) }
        nightly = fleet.origins.map { origin in
            let (most, overflow) = night.bytesPerSlot(kbps: origin.egressKbps)
                .multipliedReportingOverflow(by: Int64(night.slotCount))
            return min(overflow ? Int64.max : most, origin.nightlyBytes ?? Int64.max)
        }
        originCost = fleet.origins.map(\.costPerGB)
        links = CapacityLinks(fleet: fleet, night: night)
    }

    /// Whether some edge has a capacity.
    var hasCappedEdge: Bool {
        edgeUp.contains { $0 != Network.unlimited } || edgeDown.contains { $0 != Network.unlimited }
    }

    /// Numbers the sites, each before those below it. O(sites · log sites).
    private static func walk(_ parent: [Int32], _ depth: [Int32]) -> ([Int32], [Int32]) {
        let shallowFirst = parent.indices.sorted { (depth[$0], $0) < (depth[$1], $1) }
        var size = [Int32](repeating: 1, count: parent.count)
        for site in shallowFirst.reversed() where parent[site] >= 0 {
            size[Int(parent[site])] += size[site]
        }
        var place = [Int32](repeating: 0, count: parent.count)
        var next = place
        for site in shallowFirst {
            if parent[site] >= 0 {
                place[site] = next[Int(parent[site])]
                next[Int(parent[site])] += size[site]
            }
            next[site] = place[site] + 1
        }
        return (place, parent.indices.map { place[$0] + size[$0] })
    }

    /// Calls `body(site, upwards)` for each edge on the way from one site to another, each once.
    /// O(depth).
    @inline(__always)
    func edges(
        from source: Int32, to destination: Int32, _ body: (_ site: Int, _ upwards: Bool) -> Void
    ) {
        var a = source
        var b = destination
        while a != b {
            if depth[Int(a)] >= depth[Int(b)] {
                body(Int(a), true)
                a = parent[Int(a)]
            } else {
                body(Int(b), false)
                b = parent[Int(b)]
            }
        }
    }

    /// Whether `site` is `ancestor` or lies below it.
    func isWithin(_ site: Int32, _ ancestor: Int32) -> Bool {
        var node = site
        while node >= 0, depth[Int(node)] >= depth[Int(ancestor)] {
            if node == ancestor { return true }
            node = parent[Int(node)]
        }
        return false
    }
}

/// Links that are given as capacities, found by their sending end.
struct CapacityLinks {
    let to: [Link.End]
    /// Bytes per slot.
    let bytes: [Int64]
    /// Per device: the links from it, and from the sites at or above it, as positions in `lists`.
    private let listOf: [Int32]
    private let lists: [[Int32]]

    var isEmpty: Bool { to.isEmpty }
    var count: Int { to.count }

    init(fleet: Fleet, night: Night) {
        let capacities = fleet.links.filter(\.isCapacity)
        to = capacities.map(\.to)
        bytes = capacities.map { night.bytesPerSlot(kbps: $0.kbps) }
        var fromSite = [[Int32]](repeating: [], count: fleet.sites.count)
        var fromDevice: [Int32: [Int32]] = [:]
        for (place, link) in capacities.enumerated() {
            switch link.from {
            case .device(let d): fromDevice[d, default: []].append(Int32(place))
            case .site(let s): fromSite[Int(s)].append(Int32(place))
            }
        }
        let path = SitePath(fleet.sites)
        // The first list is empty, then one for each site, then one for each device with links of
        // its own.
        var lists: [[Int32]] = [[]]
        if !capacities.isEmpty {
            lists += fleet.sites.indices.map { site in
                path.ancestors(of: Int32(site)).flatMap { fromSite[Int($0)] }
            }
        }
        listOf = fleet.devices.indices.map { d in
            if capacities.isEmpty { return 0 }
            let place = fleet.devices[d].site + 1
            guard let own = fromDevice[Int32(d)] else {
                return lists[Int(place)].isEmpty ? 0 : place
            }
            lists.append(own + lists[Int(place)])
            return Int32(lists.count - 1)
        }
        self.lists = lists
    }

    /// The links that bound what `source` sends to `destination`. O(links from the source's end).
    func between(
        _ source: Int32, _ destination: Int32, at site: Int32, in network: Network
    ) -> [Int32] {
        let list = listOf[Int(source)]
        if list == 0 { return [] }
        return lists[Int(list)].filter { link in
            switch to[Int(link)] {
            case .device(let d): d == destination
            case .site(let s): network.isWithin(site, s)
            }
        }
    }
}
