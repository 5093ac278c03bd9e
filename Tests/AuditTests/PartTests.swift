import Quantities
import TestSupport
import Testing

@testable import Audit

/// The parts that have an answer of their own.
struct PartTests {
    @Test func `a chunk set is a set`() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            var ranges = ChunkSet()
            var numbers: Set<Int32> = []
            for _ in 0..<20 {
                let lower = Int32(random.below(30))
                let range = lower..<lower + Int32(1 + random.below(6))
                #expect(
                    ranges.common(with: range).flatMap { $0 }
                        == numbers.intersection(range).sorted())
                #expect(
                    ranges.lacking(from: range).flatMap { $0 }
                        == Set(range).subtracting(numbers).sorted())
                #expect(ranges.contains(range) == numbers.isSuperset(of: range))
                if random.chance(60) {
                    ranges.insert(range)
                    numbers.formUnion(range)
                } else {
                    ranges.remove(range)
                    numbers.subtract(range)
                }
                #expect(RangeSet32(ranges.ranges).ranges == ranges.ranges)
            }
        }
    }

    @Test func `two least prices are of two devices`() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<500 {
            var least = TwoLeast()
            var prices: [Int32: Int128] = [:]
            for _ in 0..<random.pick(0...8) {
                let device = Int32(random.below(4))
                let price = Int128(random.below(6))
                least.insert(price, device)
                prices[device] = min(prices[device] ?? TwoLeast.none, price)
            }
            for device in Int32(0)..<5 {
                let others = prices.filter { $0.key != device }.values
                #expect(least.least(without: device) == others.min() ?? TwoLeast.none)
            }
        }
    }

    @Test func `a knapsack takes the best first and no more than it holds`() {
        let entries = [
            KnapsackEntry(bytes: 3, gain: 5), KnapsackEntry(bytes: 2, gain: 9),
            KnapsackEntry(bytes: 4, gain: 1),
        ]
        let values = (0..<11).map { knapsack(entries, room: Int128($0)).value }
        #expect(values == [0, 9, 18, 23, 28, 33, 34, 35, 36, 37, 37])
    }

    @Test func `a sum that doesn't fit says so`() {
        var sum = Sum128()
        sum.add(Int64.max, times: Int128(Int64.max))
        #expect(!sum.hasOverflowed && sum.value == Int128(Int64.max) * Int128(Int64.max))
        sum.add(Int64.max, times: Int128.max)
        #expect(sum.hasOverflowed)
    }
}
