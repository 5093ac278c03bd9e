import Quantities
import Testing

@testable import Planner

/// Sets that only lose members, against plain arrays.
struct SurvivorsTests {
    @Test func `finds what an array of flags finds`() {
        for seed in UInt64(0)..<50 {
            var random = SplitMix64(seed: seed)
            var count = random.below(40)
            var survivors = Survivors(count: count)
            var flags = [Bool](repeating: true, count: count)
            for _ in 0..<200 {
                switch random.below(5) {
                case 0:
                    survivors.append()
                    flags.append(true)
                    count += 1
                case 1 where count > 0:
                    let place = random.below(count)
                    if flags[place] { survivors.remove(place) }
                    flags[place] = false
                default:
                    let from = random.below(count + 1)
                    let expected = (from..<count).first { flags[$0] } ?? count
                    #expect(survivors.first(from: from) == expected, "seed \(seed)")
                }
            }
        }
    }
}
