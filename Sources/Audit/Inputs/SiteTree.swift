import Fleet

/// The site tree, flat: parents, depths, and an order in which every subtree is one stretch.
struct SiteTree {
    let parents: [Int32]
    let depths: [Int32]
    /// Sites from the deepest to the root: children before their parents.
    let upwards: [Int32]
    /// Where a site stands when every parent comes right before its subtree.
    private let place: [Int32]
    /// Number of sites at or below.
    private let weight: [Int32]

    /// - Parameter sites: one root, no circle.
    init(_ sites: [Site]) {
        parents = sites.map(\.parent)
        let depths = SiteTree.depths(parents)
        self.depths = depths
        upwards = sites.indices.map { Int32($0) }.sorted {
            (-depths[Int($0)], $0) < (-depths[Int($1)], $1)
        }
        var weight = [Int32](repeating: 1, count: sites.count)
        for site in upwards where parents[Int(site)] >= 0 {
            weight[Int(parents[Int(site)])] += weight[Int(site)]
        }
        self.weight = weight
        var place = [Int32](repeating: 0, count: sites.count)
        var next = place
        for site in upwards.reversed() {
            let parent = parents[Int(site)]
            if parent >= 0 {
                place[Int(site)] = next[Int(parent)]
                next[Int(parent)] += weight[Int(site)]
            }
            next[Int(site)] = place[Int(site)] + 1
        }
        self.place = place
    }

    private static func depths(_ parents: [Int32]) -> [Int32] {
        var depths = [Int32](repeating: -1, count: parents.count)
        for start in parents.indices {
            var trail: [Int] = []
            var node = start
            while node >= 0, depths[node] < 0 {
                trail.append(node)
                node = Int(parents[node])
            }
            var depth = node < 0 ? -1 : depths[node]
            for passed in trail.reversed() {
                depth += 1
                depths[passed] = depth
            }
        }
        return depths
    }

    /// Whether `site` is `ancestor` or lies below it. O(1).
    func isAt(_ site: Int32, orBelow ancestor: Int32) -> Bool {
        let offset = place[Int(site)] - place[Int(ancestor)]
        return offset >= 0 && offset < weight[Int(ancestor)]
    }

    /// Calls with each site whose edge is crossed on the way, and whether it is crossed upwards.
    /// O(depth).
    func forEachEdge(from source: Int32, to destination: Int32, _ body: (Int, Bool) -> Void) {
        var a = source
        var b = destination
        while a != b {
            if depths[Int(a)] >= depths[Int(b)] {
                body(Int(a), true)
                a = parents[Int(a)]
            } else {
                body(Int(b), false)
                b = parents[Int(b)]
            }
        }
    }
}
