import Quantities
import Testing

@testable import Nightly

/// Shards on threads.
struct CoresTests {
    @Test(arguments: [1, 2, 4, 9])
    func `parts stand in the order of their shards, each made once`(threads: Int) {
        for count in [0, 1, 2, 3, 64, 1000] {
            #expect(Cores(threads: threads).map(count) { $0 * $0 } == (0..<count).map { $0 * $0 })
        }
    }

    @Test func `ranges cover everything once, whatever the number of shards`() {
        for count in [0, 1, 5, 64, 129] {
            for shards in [1, 2, 7, 64] {
                let parts = Cores(threads: 2).map(over: count, shards: shards) { Array($0) }
                #expect(Array(parts.joined()) == Array(0..<count))
                #expect(parts.count <= shards)
            }
        }
    }
}
