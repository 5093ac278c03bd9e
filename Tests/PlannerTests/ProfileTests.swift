import Audit
import Planner
import Quantities
import Schedule
import TestSupport
import Testing

/// What the profiles ask for, each against `balanced` on the same instances.
struct ProfileTests {
    private static let seeds = UInt64(0)..<60

    private func figures(_ instance: Instance, _ profile: Profile) -> Figures {
        var settings = instance.settings
        settings.profile = profile
        let plan = makePlan(
            catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
            settings: settings, effort: Effort(tasks: 2000))
        let report = audit(
            plan, catalogue: instance.catalogue, fleet: instance.fleet, settings: settings)
        #expect(report.findings == [], "seed \(instance.seed)")
        return report.figures
    }

    @Test func `min-time ends no later than balanced, at no less value`() {
        for seed in Self.seeds {
            let instance = Instance.random(seed: seed)
            let balanced = figures(instance, .balanced)
            let soon = figures(instance, Profile(order: .minTime))
            #expect(soon.value >= balanced.value, "seed \(seed)")
            #expect(
                soon.finishSlot <= balanced.finishSlot || soon.value > balanced.value,
                "seed \(seed)")
        }
    }

    @Test func `min-origin sends nothing from an origin that is worth less than it costs`() {
        var lower = 0
        for seed in Self.seeds {
            let instance = Instance.random(seed: seed)
            let balanced = figures(instance, .balanced)
            // Dearer than any wish: a chunk is 900,000 bytes and a wish is worth at most 4,000,000.
            let strict = figures(instance, Profile(order: .minOrigin, alpha: 5_000_000_000_000))
            #expect(strict.originBytes == 0, "seed \(seed)")
            #expect(strict.value <= balanced.bound)
            if balanced.originBytes > 0 { lower += 1 }
        }
        #expect(lower > 10)
    }

    @Test func `min-bandwidth carries nothing that is worth less than its way costs`() {
        var lower = 0
        for seed in Self.seeds {
            let instance = Instance.random(seed: seed)
            let balanced = figures(instance, .balanced)
            // Nothing that costs anything is worth it.
            let strict = figures(
                instance, Profile(order: .minBandwidth, beta: 100_000_000_000_000))
            #expect(strict.carriedCost == 0, "seed \(seed)")
            #expect(strict.value <= balanced.bound)
            if balanced.carriedCost > 0 { lower += 1 }
        }
        #expect(lower > 10)
    }

    @Test func `min-bandwidth at no rate takes the cheaper way at equal value`() {
        var costs: (balanced: Int64, thrifty: Int64) = (0, 0)
        for seed in Self.seeds {
            let instance = Instance.random(seed: seed)
            let balanced = figures(instance, .balanced)
            let thrifty = figures(instance, Profile(order: .minBandwidth))
            guard thrifty.value == balanced.value else { continue }
            costs.balanced += balanced.carriedCost
            costs.thrifty += thrifty.carriedCost
        }
        #expect(costs.thrifty < costs.balanced)
    }

    @Test func `the same instance gives the same plan`() {
        for seed in Self.seeds {
            let instance = Instance.random(seed: seed)
            func plan() -> Plan {
                makePlan(
                    catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
                    settings: instance.settings, effort: Effort(tasks: 1000))
            }
            #expect(plan() == plan())
        }
    }
}
