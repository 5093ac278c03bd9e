import Audit
import Quantities
import Schedule
import TestSupport
import Testing

/// The bound, by a second method and against the exact optimum.
struct BoundTests {
    @Test(arguments: 0..<20)
    func `equals the page's formulas over all pairs`(block: Int) {
        for seed in block * 25..<(block + 1) * 25 {
            let one = Instance.random(seed: UInt64(seed))
            let model = NaiveModel(one)
            var random = SplitMix64(seed: UInt64(seed))
            let prices = model.randomPrices(&random)
            let plan = model.plan([], [], prices)
            let report = audit(
                plan, catalogue: one.catalogue, fleet: one.fleet, settings: one.settings)
            #expect(report.figures.bound == plan.certificate.bound, "seed \(seed)")
            #expect(report.findings.isEmpty, "seed \(seed): \(report.findings)")
        }
    }
}
