import Quantities
import Testing

@testable import Delivery

@Suite struct ChunkBitsTests {
    /// Against a set of integers, step by step.
    @Test func `does what a set does`() {
        var random = SplitMix64(seed: 3)
        for size in [1, 2, 63, 64, 65, 130, 200] as [Int32] {
            var bits = ChunkBits(size: size)
            var set: Set<Int32> = []
            for _ in 0..<400 {
                let chunk = Int32(random.below(Int(size) + 3)) - 1
                let inside = (0..<size).contains(chunk)
                if random.below(3) > 0 {
                    #expect(bits.insert(chunk) == (inside && set.insert(chunk).inserted))
                } else {
                    #expect(bits.remove(chunk) == (set.remove(chunk) != nil))
                }
                let lower = Int32(random.below(Int(size)))
                let range = lower..<(lower + Int32(random.below(Int(size - lower) + 2)))
                let members = range.filter { set.contains($0) }
                let absent = range.filter { $0 < size && !set.contains($0) }
                #expect(bits.first(in: range, present: true) == members.first)
                #expect(bits.first(in: range, present: false) == absent.first)
                let gap = absent.first.map { first in
                    first..<(range.first { $0 > first && (set.contains($0) || $0 >= size) }
                        ?? range.upperBound)
                }
                #expect(bits.firstGap(in: range) == gap)
            }
            #expect(Int(bits.count) == set.count)
            #expect(bits.ranges == RangeSet32(set.map { $0..<($0 + 1) }))
            #expect(ChunkBits(size: size, bits.ranges) == bits)
        }
    }
}
