import Audit
import Quantities
import Schedule
import TestSupport
import Testing

/// The exact program, the audit and the bound hold each other: three readings of one page.
@Suite(.enabled(if: ExactOracle.missing == nil, "python3 with the package highspy is needed"))
struct ExactTests {
    @Test func `the best plans keep every rule, are worth what is said, and stay below any bound`()
        throws
    {
        let instances = (UInt64(0)..<200).map { Instance.random(seed: $0) }
        let results = try #require(try ExactOracle.solve(instances))
        var gaps: [Double] = []
        for (one, best) in zip(instances, results) {
            #expect(best.isProven, "seed \(one.seed)")
            let model = NaiveModel(one)
            var random = SplitMix64(seed: one.seed)
            let plan = model.plan(best.transfers, best.removals, model.randomPrices(&random))
            let report = audit(
                plan, catalogue: one.catalogue, fleet: one.fleet, settings: one.settings)
            #expect(report.findings.isEmpty, "seed \(one.seed): \(report.findings)")
            #expect(report.figures.objective == best.objective, "seed \(one.seed)")
            #expect(report.figures.value == best.value, "seed \(one.seed)")
            #expect(report.figures.wishedValue == best.wishedValue, "seed \(one.seed)")
            #expect(report.figures.bound >= best.objective, "seed \(one.seed)")
            let least = leastBound(plan, one, model, &random)
            #expect(least >= best.objective, "seed \(one.seed)")
            gaps.append(Double(least - best.objective) / Double(max(least, 1)))
        }
        // bounds that touch the optimum show that it isn't merely far below them
        #expect(gaps.filter { $0 < 0.001 }.count >= instances.count / 5)
        #expect(results.filter(\.leavesWishes).count >= instances.count / 2)
        #expect(results.filter { $0.value > 0 }.count >= instances.count / 2)
        #expect(results.filter { !$0.removals.isEmpty }.count >= instances.count / 10)
    }

    @Test func `finds what trying every plan finds`() throws {
        let instances = (UInt64(0)..<200).map { Instance.random(seed: $0, knobs: .tiny) }
        let results = try #require(try ExactOracle.solve(instances))
        var tried = 0
        var worthy = 0
        for (one, best) in zip(instances, results) {
            guard let objective = BruteForce.objective(of: one, steps: 10_000) else { continue }
            #expect(best.objective == objective, "seed \(one.seed)")
            tried += 1
            worthy += objective > 0 ? 1 : 0
        }
        #expect(tried >= 150 && worthy >= 60)
    }

    /// The least bound that some random changes of the prices reach: close to the optimum, or below
    /// it if the bound were wrong.
    private func leastBound(
        _ plan: Plan, _ one: Instance, _ model: NaiveModel, _ random: inout SplitMix64
    ) -> Int64 {
        func bound(_ prices: Prices) -> Int64 {
            var changed = plan
            changed.certificate.prices = prices
            return audit(
                changed, catalogue: one.catalogue, fleet: one.fleet, settings: one.settings
            ).figures.bound
        }
        var best = model.zeroPrices
        var least = bound(best)
        for _ in 0..<25 {
            var next = best
            model.change(&next, &random)
            let value = bound(next)
            if value <= least { (best, least) = (next, value) }
        }
        return least
    }
}
