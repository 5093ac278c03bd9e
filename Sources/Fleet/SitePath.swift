/// Walks in the site tree.
package struct SitePath: Sendable {
    private let parents: [Int32]
    private let depths: [Int32]

    /// - Parameter sites: a tree: one root, no circle.
    package init(_ sites: [Site]) {
        parents = sites.map(\.parent)
        var depths = [Int32](repeating: -1, count: sites.count)
        for start in sites.indices {
            var trail: [Int] = []
            var node = start
            while node >= 0, depths[node] < 0 {
                trail.append(node)
                node = Int(sites[node].parent)
            }
            var depth = node < 0 ? -1 : depths[node]
            for passed in trail.reversed() {
                depth += 1
                depths[passed] = depth
            }
        }
        self.depths = depths
    }

    /// The sites whose edge to the parent is crossed on the way from `source` to `destination`:
    /// upwards, then downwards.
    ///
    /// Both empty when the two are the same site. O(depth).
    package func edges(from source: Int32, to destination: Int32) -> (up: [Int32], down: [Int32]) {
        var up: [Int32] = []
        var down: [Int32] = []
        var a = source
        var b = destination
        while a != b {
            if depths[Int(a)] >= depths[Int(b)] {
                up.append(a)
                a = parents[Int(a)]
            } else {
                down.append(b)
                b = parents[Int(b)]
            }
        }
        return (up, down.reversed())
    }

    /// `site` and its ancestors, the root last.
    package func ancestors(of site: Int32) -> [Int32] {
        var path: [Int32] = []
        var node = site
        while node >= 0 {
            path.append(node)
            node = parents[Int(node)]
        }
        return path
    }
}
