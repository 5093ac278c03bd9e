/// Why a table of sites is not one tree.
package enum SiteTreeFault: Hashable, Sendable {
    case noRoot
    /// Two sites without a parent (identifiers).
    case twoRoots(String, String)
    /// Sites that are their own ancestors, in order.
    case cycle([String])

    /// The first fault of `sites`, nil when they form one tree. O(n).
    package static func first(in sites: [Site]) -> SiteTreeFault? {
        let roots = sites.filter { $0.parent < 0 }
        if roots.count > 1 { return .twoRoots(roots[0].id, roots[1].id) }
        if let circle = circle(in: sites) { return .cycle(circle) }
        return roots.isEmpty ? .noRoot : nil
    }

    private static func circle(in sites: [Site]) -> [String]? {
        var seen = [Int32](repeating: 0, count: sites.count)
        for start in sites.indices where seen[start] == 0 {
            var node = start
            while node >= 0, seen[node] == 0 {
                seen[node] = Int32(start) + 1
                node = Int(sites[node].parent)
            }
            guard node >= 0, seen[node] == Int32(start) + 1 else { continue }
            var circle = [sites[node].id]
            var next = Int(sites[node].parent)
            while next != node {
                circle.append(sites[next].id)
                next = Int(sites[next].parent)
            }
            return circle
        }
        return nil
    }
}
