import Quantities
import Testing

@testable import Synthesis

struct DrawsTests {
    @Test func `Zipf weights are the greatest integers below the power law`() {
        let limit = UInt128(1) << 120
        for rank in [1, 2, 3, 4, 7, 10, 31, 32, 100, 999, 4096, 200_000, 1 << 20] {
            let fourth = [rank, rank, rank, rank].reduce(UInt128(1)) { $0 * UInt128($1) }
            func fits(_ weight: UInt64) -> Bool {
                let fifth = (0..<5).reduce(UInt128(1)) { power, _ in power * UInt128(weight) }
                return fifth <= limit / fourth
            }
            let weight = Zipf.weight(ofRank: rank)
            #expect(fits(weight), "rank \(rank)")
            #expect(!fits(weight + 1), "rank \(rank)")
        }
        #expect(Zipf.weight(ofRank: 1) == 1 << 24)
        // 32 is 2⁵, so its 0.8th power is exactly 16.
        #expect(Zipf.weight(ofRank: 32) == 1 << 20)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000])
    func `A permutation reaches every place once`(count: Int) {
        for seed in UInt64(0)..<8 {
            let order = Permutation(count: count, seed: seed)
            #expect(Set((0..<count).map { order($0) }) == Set(0..<count))
        }
    }

    @Test func `Permutations of different seeds differ and none is the identity`() {
        let orders = (UInt64(0)..<20).map { seed in
            let order = Permutation(count: 100, seed: seed)
            return (0..<100).map { order($0) }
        }
        #expect(Set(orders).count == 20)
        #expect(!orders.contains(Array(0..<100)))
    }

    @Test
    func `A weight table draws each position as often as its weight says, and never one of none`() {
        let weights: [UInt64] = [0, 5, 0, 0, 3, 2, 0]
        let table = WeightTable(weights)
        var random = SplitMix64(seed: 7)
        var counts = [Int](repeating: 0, count: weights.count)
        for _ in 0..<20_000 { counts[table.draw(&random) ?? 0] += 1 }
        for (weight, count) in zip(weights, counts) {
            let expected = Int(weight) * 2_000
            #expect(abs(count - expected) <= (weight == 0 ? 0 : 300), "\(counts)")
        }
        #expect(WeightTable([]).draw(&random) == nil)
        #expect(WeightTable([0, 0]).draw(&random) == nil)
    }

    @Test func `A mix draws by shares and knows its mean`() {
        let mix = Mix<Int64>([(1, 10), (3, 20)])
        var random = SplitMix64(seed: 3)
        let tens = (0..<4_000).filter { _ in mix.draw(&random) == 10 }.count
        #expect((850...1150).contains(tens))
        #expect(mix.mean == 17)
    }

    @Test func `A range draws both its ends and nothing outside`() {
        var random = SplitMix64(seed: 5)
        let drawn = Set((0..<500).map { _ in random.within(-2...3) })
        #expect(drawn == Set(-2...3))
        #expect(random.within(4...4) == 4)
    }

    @Test func `Streams of different aspects and numbers differ`() {
        var firsts: Set<UInt64> = []
        for number in 0..<200 {
            for aspect in [Aspect.title, .box, .shelf, .site] {
                var random = SplitMix64(seed: 1, aspect, number)
                firsts.insert(random.next())
            }
        }
        #expect(firsts.count == 800)
    }
}
