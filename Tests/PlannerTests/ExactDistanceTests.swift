import Audit
import Planner
import Quantities
import Schedule
import TestSupport
import Testing

/// The planner against exact optima of small instances.
@Suite(.enabled(if: ExactOracle.missing == nil, "python3 with the package highspy is needed"))
struct ExactDistanceTests {
    @Test
    func `is close to the optimum, never above its bound, and the bound never below the optimum`()
        throws
    {
        let instances = (UInt64(1000)..<1200).map { Instance.random(seed: $0) }
        let optima = try #require(try ExactOracle.solve(instances))
        var distances: [Double] = []
        for (instance, optimum) in zip(instances, optima) {
            let plan = makePlan(
                catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
                settings: instance.settings, effort: Effort(tasks: 4_000))
            let objective = audit(
                plan, catalogue: instance.catalogue, fleet: instance.fleet,
                settings: instance.settings
            ).figures.objective
            #expect(optimum.objective <= plan.certificate.bound, "seed \(instance.seed)")
            #expect(objective <= plan.certificate.bound, "seed \(instance.seed)")
            // The program works in binary64: what it calls the optimum may be some millionths
            // short.
            #expect(
                objective <= optimum.objective + optimum.objective / 1_000_000 + 5,
                "seed \(instance.seed)")
            let distance =
                optimum.objective == 0 ? 0 : 1 - Double(objective) / Double(optimum.objective)
            distances.append(distance)
        }
        distances.sort()
        #expect(optima.filter(\.leavesWishes).count * 2 >= optima.count)
        #expect(distances[distances.count / 2] <= 0.02)
        #expect(distances[distances.count * 95 / 100] <= 0.1)
    }
}
