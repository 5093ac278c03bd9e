import Quantities

/// Puts sorted parts together.
enum Merge {
    /// All elements in order, those of earlier parts first among equals: pairs of parts are
    /// merged until one is left. O(n log parts).
    static func sorted<Element: Comparable & Sendable>(
        _ parts: [[Element]], _ workers: any Workers
    ) -> [Element] {
        var parts = parts
        while parts.count > 1 {
            let before = parts
            parts = workers.map((before.count + 1) / 2) { k in
                2 * k + 1 < before.count ? pair(before[2 * k], before[2 * k + 1]) : before[2 * k]
            }
        }
        return parts.first ?? []
    }

    private static func pair<Element: Comparable>(_ a: [Element], _ b: [Element]) -> [Element] {
        var both: [Element] = []
        both.reserveCapacity(a.count + b.count)
        var i = 0
        var k = 0
        while i < a.count, k < b.count {
            if b[k] < a[i] {
                both.append(b[k])
                k += 1
            } else {
                both.append(a[i])
                i += 1
            }
        }
        both += a[i...]
        both += b[k...]
        return both
    }
}
