import Quantities
import Testing

struct RangeSet32Tests {
    /// A few random ranges in 0..<24, some empty, some overlapping or adjacent.
    private func ranges(_ random: inout SplitMix64) -> [Range<Int32>] {
        (0..<random.below(6)).map { _ in
            let lower = Int32(random.below(24))
            return lower..<min(24, lower + Int32(random.below(7)))
        }
    }

    private func members(_ ranges: [Range<Int32>]) -> Set<Int32> {
        Set(ranges.flatMap { Array($0) })
    }

    private func isNormal(_ set: RangeSet32) -> Bool {
        set.ranges.allSatisfy { !$0.isEmpty }
            && zip(set.ranges, set.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
    }

    @Test func `agrees with sets of integers on random cases`() {
        var random = SplitMix64(seed: 3)
        var wrong: [String] = []
        for _ in 0..<6_000 {
            let (p, q) = (ranges(&random), ranges(&random))
            let (a, b) = (RangeSet32(p), RangeSet32(q))
            let (x, y) = (members(p), members(q))
            let results = [
                (a, x), (a.union(b), x.union(y)), (a.intersection(b), x.intersection(y)),
                (a.subtracting(b), x.subtracting(y)),
            ]
            let probe = Int32(random.below(26)) - 1
            let span = probe..<(probe + Int32(random.below(5)))
            let right =
                results.allSatisfy {
                    isNormal($0) && members($0.ranges) == $1 && $0.count == $1.count
                }
                && a.isEmpty == x.isEmpty && a.contains(probe) == x.contains(probe)
                && a.contains(span) == x.isSuperset(of: span)
                && a.intersects(b) == !x.isDisjoint(with: y) && (a == b) == (x == y)
            if !right { wrong.append("\(p) \(q) \(span)") }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test func `printing and reading give the same set`() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<500 {
            let set = RangeSet32(ranges(&random))
            if !set.isEmpty { #expect(RangeSet32(set.description) == set) }
        }
        #expect(RangeSet32().description.isEmpty)
    }

    @Test(arguments: [
        ("0", "0"), ("0-99,150", "0-99,150"), ("5,4,3", "3-5"), ("1-3,2-9", "1-9"),
        (" 7 , 9 - 11 ", "7,9-11"), ("007", "7"), ("2147483646", "2147483646"),
        ("0-2147483646", "0-2147483646"), ("3-3", "3"),
    ])
    func `reads ranges in any order`(text: String, printed: String) {
        #expect(RangeSet32(text)?.description == printed)
    }

    @Test(arguments: [
        "", ",", "1,", ",1", "-", "1-", "-1", "3-2", "1-2-3", "a", "1;2", "1 2", "1 2-3", "+1",
        "1.5",
        "2147483647", "99999999999", "0x10", "１",
    ])
    func `refuses what is not ranges`(text: String) {
        #expect(RangeSet32(text) == nil)
    }
}
