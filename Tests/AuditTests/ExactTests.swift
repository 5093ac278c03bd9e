import Quantities
import TestSupport
import Testing

/// The exact program itself, and the instances that it is asked about.
@Suite(.enabled(if: ExactOracle.missing == nil, "python3 with the package highspy is needed"))
struct ExactTests {
    @Test func `solves every small instance, and most leave a wish unserved`() throws {
        let instances = (UInt64(0)..<100).map { Instance.random(seed: $0) }
        let results = try #require(try ExactOracle.solve(instances))
        #expect(results.count == instances.count)
        #expect(results.allSatisfy { $0.isProven && $0.value <= $0.wishedValue })
        #expect(results.filter(\.leavesWishes).count >= instances.count / 2)
        #expect(results.filter { $0.value > 0 }.count >= instances.count / 2)
    }
}
