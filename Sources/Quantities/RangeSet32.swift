/// A set of small integers (chunk numbers, slot numbers) as sorted, disjoint, non-adjacent
/// half-open ranges.
///
/// Most sets that occur hold one range; every operation is linear in the number of ranges.
@frozen
public struct RangeSet32: Hashable, Sendable {
    /// Ascending; none empty; a gap of at least one between neighbours.
    public private(set) var ranges: [Range<Int32>]

    /// The empty set.
    public init() { ranges = [] }

    /// The set of one range (empty when the range is).
    public init(_ range: Range<Int32>) { ranges = range.isEmpty ? [] : [range] }

    /// The union of `ranges`, in any order, overlapping or not. O(n log n).
    public init(_ unsorted: [Range<Int32>]) {
        ranges = []
        for range in unsorted.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    /// Whether nothing is in the set.
    @inlinable
    public var isEmpty: Bool { ranges.isEmpty }

    /// How many integers are in the set.
    public var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Whether `value` is in the set.
    public func contains(_ value: Int32) -> Bool { ranges.contains { $0.contains(value) } }

    /// Whether every integer of `range` is in the set; true for an empty range.
    public func contains(_ range: Range<Int32>) -> Bool {
        range.isEmpty
            || ranges.contains {
                $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound
            }
    }

    /// Whether an integer is in both sets.
    public func intersects(_ other: RangeSet32) -> Bool {
        var i = 0
        var j = 0
        while i < ranges.count, j < other.ranges.count {
            if ranges[i].overlaps(other.ranges[j]) { return true }
            if ranges[i].upperBound <= other.ranges[j].upperBound { i += 1 } else { j += 1 }
        }
        return false
    }

    /// What is in both sets.
    public func intersection(_ other: RangeSet32) -> RangeSet32 {
        var result: [Range<Int32>] = []
        var i = 0
        var j = 0
        while i < ranges.count, j < other.ranges.count {
            let common = ranges[i].clamped(to: other.ranges[j])
            if !common.isEmpty { result.append(common) }
            if ranges[i].upperBound <= other.ranges[j].upperBound { i += 1 } else { j += 1 }
        }
        return RangeSet32(result)
    }

    /// What is in either set.
    public func union(_ other: RangeSet32) -> RangeSet32 { RangeSet32(ranges + other.ranges) }

    /// What is in this set and not in `other`.
    public func subtracting(_ other: RangeSet32) -> RangeSet32 {
        var result: [Range<Int32>] = []
        var j = 0
        for range in ranges {
            var lower = range.lowerBound
            while j < other.ranges.count, other.ranges[j].upperBound <= lower { j += 1 }
            var k = j
            while k < other.ranges.count, other.ranges[k].lowerBound < range.upperBound {
                if other.ranges[k].lowerBound > lower {
                    result.append(lower..<other.ranges[k].lowerBound)
                }
                lower = max(lower, other.ranges[k].upperBound)
                k += 1
            }
            if lower < range.upperBound { result.append(lower..<range.upperBound) }
        }
        return RangeSet32(result)
    }
}

extension RangeSet32: CustomStringConvertible {
    /// Inclusive ranges as the tables write them: `0-99,150`; empty for the empty set.
    public var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)" }
            .joined(separator: ",")
    }

    /// Reads `0-99,150`; nil when a number is missing, descending, or above `Int32.max - 1`.
    public init?(_ text: some StringProtocol) {
        var parsed: [Range<Int32>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let lower = RangeSet32.bound(ends[0]),
                let upper = RangeSet32.bound(ends[ends.count - 1]),
                lower <= upper
            else { return nil }
            parsed.append(lower..<(upper + 1))
        }
        self.init(parsed)
    }

    private static func bound(_ text: some StringProtocol) -> Int32? {
        let begun = text.utf8.drop { $0 == 32 }
        let digits = begun.prefix { $0 != 32 }
        guard !digits.isEmpty, digits.count <= 10,
            begun.dropFirst(digits.count).allSatisfy({ $0 == 32 }),
            let value = decimal(digits), value < Int(Int32.max)
        else { return nil }
        return Int32(value)
    }
}
