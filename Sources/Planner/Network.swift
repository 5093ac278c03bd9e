import Fleet
import Quantities

/// The site tree, origins and capacity links in bytes per slot.
struct Network {
    /// No cap.
    static let unlimited = Int64.max

    /// Parent of each site, -1 at the root.
    let parent: [Int32]
    let depth: [Int32]
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
    private let fromDevice: [Int32: [Int32]]
    private let fromSite: [Int32: [Int32]]

    var isEmpty: Bool { to.isEmpty }
    var count: Int { to.count }

    init(fleet: Fleet, night: Night) {
        var to: [Link.End] = []
        var bytes: [Int64] = []
        var fromDevice: [Int32: [Int32]] = [:]
        var fromSite: [Int32: [Int32]] = [:]
        for link in fleet.links where link.isCapacity {
            switch link.from {
            case .device(let d): fromDevice[d, default: []].append(Int32(to.count))
            case .site(let s): fromSite[s, default: []].append(Int32(to.count))
            }
            to.append(link.to)
            bytes.append(night.bytesPerSlot(kbps: link.kbps))
        }
        self.to = to
        self.bytes = bytes
        self.fromDevice = fromDevice
        self.fromSite = fromSite
    }

    /// The links that bound what `source` sends to `destination`. O(depth) dictionary look-ups.
    func between(
        _ source: Int32, at sourceSite: Int32, _ destination: Int32, at destinationSite: Int32,
        in network: Network
    ) -> [Int32] {
        if isEmpty { return [] }
        var found: [Int32] = []
        func add(_ candidates: [Int32]?) {
            for link in candidates ?? [] {
                switch to[Int(link)] {
                case .device(let d): if d == destination { found.append(link) }
                case .site(let s): if network.isWithin(destinationSite, s) { found.append(link) }
                }
            }
        }
        add(fromDevice[source])
        var node = sourceSite
        while node >= 0 {
            add(fromSite[node])
            node = network.parent[Int(node)]
        }
        return found
    }
}
