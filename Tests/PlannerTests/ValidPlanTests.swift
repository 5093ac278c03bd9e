import Audit
import Planner
import Schedule
import TestSupport
import Testing

/// Every plan passes the audit, which shares no code with the planner.
struct ValidPlanTests {
    @Test func `plans of random instances keep every rule, and their bound is the audit's`() {
        for seed in UInt64(0)..<400 {
            let instance = Instance.random(seed: seed)
            let plan = makePlan(
                catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
                settings: instance.settings, effort: Effort(tasks: 200))
            let report = audit(
                plan, catalogue: instance.catalogue, fleet: instance.fleet,
                settings: instance.settings)
            #expect(report.findings == [], "seed \(seed)")
            #expect(report.figures.bound == plan.certificate.bound, "seed \(seed)")
        }
    }

    @Test func `plans of larger fleets, whose senders are taken site by site, keep every rule`() {
        var knobs = InstanceKnobs.small
        knobs.devices = 350...350
        knobs.titles = 2...2
        knobs.sites = 4...12
        knobs.slots = 5...9
        knobs.holdingChance = 70
        for seed in UInt64(0)..<12 {
            let instance = Instance.random(seed: seed, knobs: knobs)
            let plan = makePlan(
                catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
                settings: instance.settings, effort: Effort(tasks: 0))
            let report = audit(
                plan, catalogue: instance.catalogue, fleet: instance.fleet,
                settings: instance.settings)
            #expect(report.findings == [], "seed \(seed)")
            #expect(report.figures.bound == plan.certificate.bound, "seed \(seed)")
        }
    }
}
