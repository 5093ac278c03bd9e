/// A growing and shrinking set of chunk numbers: sorted, disjoint, non-adjacent ranges.
///
/// Most insertions append or merge with a neighbour; O(log ranges) to find the
/// place, O(ranges) at worst to make room.
struct ChunkSet {
    private(set) var ranges: [Range<Int32>]

    /// - Parameter ranges: sorted, disjoint and non-adjacent.
    init(_ ranges: [Range<Int32>] = []) { self.ranges = ranges }

    /// First range that ends at or after `chunk`.
    private func position(endingFrom chunk: Int32) -> Int {
        var lower = 0
        var upper = ranges.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if ranges[middle].upperBound < chunk { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }

    mutating func insert(_ range: Range<Int32>) {
        let first = position(endingFrom: range.lowerBound)
        var merged = range
        var end = first
        while end < ranges.count, ranges[end].lowerBound <= range.upperBound {
            merged =
                min(
                    merged.lowerBound, ranges[end].lowerBound)..<max(
                    merged.upperBound, ranges[end].upperBound)
            end += 1
        }
        ranges.replaceSubrange(first..<end, with: [merged])
    }

    mutating func remove(_ range: Range<Int32>) {
        let first = position(endingFrom: range.lowerBound)
        var left: [Range<Int32>] = []
        var end = first
        while end < ranges.count, ranges[end].lowerBound < range.upperBound {
            let old = ranges[end]
            if old.lowerBound < range.lowerBound {
                left.append(old.lowerBound..<min(old.upperBound, range.lowerBound))
            }
            if old.upperBound > range.upperBound {
                left.append(max(old.lowerBound, range.upperBound)..<old.upperBound)
            }
            end += 1
        }
        ranges.replaceSubrange(first..<end, with: left)
    }

    /// What of `range` is in the set.
    func common(with range: Range<Int32>) -> [Range<Int32>] {
        var parts: [Range<Int32>] = []
        var index = position(endingFrom: range.lowerBound)
        while index < ranges.count, ranges[index].lowerBound < range.upperBound {
            let part = ranges[index].clamped(to: range)
            if !part.isEmpty { parts.append(part) }
            index += 1
        }
        return parts
    }

    /// What of `range` is not in the set.
    func lacking(from range: Range<Int32>) -> [Range<Int32>] {
        var parts: [Range<Int32>] = []
        var lower = range.lowerBound
        for part in common(with: range) {
            if part.lowerBound > lower { parts.append(lower..<part.lowerBound) }
            lower = part.upperBound
        }
        if lower < range.upperBound { parts.append(lower..<range.upperBound) }
        return parts
    }

    /// Whether nothing of `range` is missing.
    func contains(_ range: Range<Int32>) -> Bool {
        let index = position(endingFrom: range.lowerBound)
        for candidate in index..<min(index + 2, ranges.count)
        where ranges[candidate].lowerBound <= range.lowerBound
            && range.upperBound <= ranges[candidate].upperBound
        {
            return true
        }
        return false
    }
}
