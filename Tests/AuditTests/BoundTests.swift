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
            check(Instance.random(seed: UInt64(seed)))
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `and in deeper trees, with more devices than two of a kind`(seed: UInt64) {
        var knobs = InstanceKnobs()
        knobs.sites = 5...14
        knobs.devices = 20...40
        knobs.titles = 4...12
        knobs.wishes = 1...8
        knobs.holdingChance = 12
        check(Instance.random(seed: seed, knobs: knobs))
    }

    private func check(_ one: Instance) {
        let model = NaiveModel(one)
        var random = SplitMix64(seed: one.seed)
        let prices = model.randomPrices(&random)
        let plan = model.plan([], [], prices)
        let report = audit(
            plan, catalogue: one.catalogue, fleet: one.fleet, settings: one.settings)
        #expect(report.figures.bound == plan.certificate.bound, "seed \(one.seed)")
        #expect(report.findings.isEmpty, "seed \(one.seed): \(report.findings)")
    }
}
