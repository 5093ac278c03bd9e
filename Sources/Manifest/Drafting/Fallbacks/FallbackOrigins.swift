import Fleet

/// The origins that a device of each site asks when a source fails, the cheapest path first.
///
/// A path costs its edges and the origin's own cost, as in the model; ties by
/// identifier. Origins without egress are left out. O(sites · origins · depth).
struct FallbackOrigins: Sendable {
    private let originsOfSite: [[Int32]]

    init(_ fleet: Fleet) {
        let path = SitePath(fleet.sites)
        let origins = fleet.origins.indices.filter { fleet.origins[$0].egressKbps > 0 }
        originsOfSite = fleet.sites.indices.map { site in
            let costs = origins.map { origin in
                FallbackOrigins.cost(of: fleet.origins[origin], to: Int32(site), path, fleet.sites)
            }
            let order = origins.indices.sorted {
                (costs[$0], origins[$0]) < (costs[$1], origins[$1])
            }
            return order.map { Int32(origins[$0]) }
        }
    }

    private static func cost(
        of origin: Origin, to site: Int32, _ path: SitePath, _ sites: [Site]
    ) -> Int64 {
        let (up, down) = path.edges(from: origin.site, to: site)
        return (up + down).reduce(origin.costPerGB) { $0 + sites[Int($1)].costPerGB }
    }

    /// For devices of `site`, best first.
    func origins(forSite site: Int32) -> [Int32] { originsOfSite[Int(site)] }
}
