import Fleet

/// The sites in an order in which whatever lies at or below a site stands together.
///
/// The order of a walk that visits a site before its children, children by position.
struct SiteOrder: Sendable {
    /// Per site: the ranks of all sites at or below it; its own is the first.
    let ranks: [Range<Int32>]
    /// Positions of the fleet's devices in the order of their sites, then by position.
    let devices: [Int32]
    private let parents: [Int32]

    /// O(sites + devices). The sites must form a tree.
    init(_ fleet: Fleet) {
        let sites = fleet.sites
        let children = RowGroups(groups: sites.count, count: sites.count) {
            sites[$0].parent < 0 ? nil : sites[$0].parent
        }
        ranks = SiteOrder.ranks(of: sites, children)
        parents = sites.map(\.parent)
        let order = ranks
        let groups = RowGroups(groups: sites.count, count: fleet.devices.count) {
            order[Int(fleet.devices[$0].site)].lowerBound
        }
        devices = sites.indices.flatMap { groups[Int32($0)] }
    }

    private static func ranks(of sites: [Site], _ children: RowGroups) -> [Range<Int32>] {
        var first = [Int32](repeating: 0, count: sites.count)
        var order: [Int32] = []
        var stack = sites.indices.filter { sites[$0].parent < 0 }.map { Int32($0) }
        while let site = stack.popLast() {
            first[Int(site)] = Int32(order.count)
            order.append(site)
            stack.append(contentsOf: children[site].reversed())
        }
        var sizes = [Int32](repeating: 1, count: sites.count)
        for site in order.reversed() where sites[Int(site)].parent >= 0 {
            sizes[Int(sites[Int(site)].parent)] += sizes[Int(site)]
        }
        return sites.indices.map { first[$0]..<first[$0] + sizes[$0] }
    }

    /// `site` and its ancestors, the root last.
    func ancestors(of site: Int32) -> [Int32] {
        var path: [Int32] = []
        var node = site
        while node >= 0 {
            path.append(node)
            node = parents[Int(node)]
        }
        return path
    }
}
