import Audit
import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport
import Testing

/// Properties of the audit over random plans.
struct RandomPlanTests {
    @Test func `no valid plan is worth more than any prices prove`() {
        var moved = 0
        for seed in UInt64(1_000)..<1_060 {
            let one = Instance.random(seed: seed)
            let model = NaiveModel(one)
            var random = SplitMix64(seed: seed)
            let plan = model.randomPlan(&random, tries: 40)
            let report = audit(
                plan, catalogue: one.catalogue, fleet: one.fleet, settings: one.settings)
            #expect(report.isClean, "seed \(seed): \(report.findings)")
            #expect(report.figures.objective <= report.figures.bound, "seed \(seed)")
            #expect(report.figures == model.figures(of: plan), "seed \(seed)")
            moved += plan.transfers.count
        }
        #expect(moved > 60)
    }

    @Test func `a plan with anything changed at random never traps the audit`() {
        var broken = 0
        for seed in UInt64(0)..<400 {
            var random = SplitMix64(seed: seed)
            let report = Draft().report { plan in
                for _ in 0..<random.pick(1...4) { Corruption.apply(to: &plan, &random) }
            }
            #expect(report.findingCount >= report.findings.count)
            broken += report.isClean ? 0 : 1
        }
        #expect(broken > 350)
    }
}

/// One field of a plan, set to something else.
private enum Corruption {
    static func apply(to plan: inout Plan, _ random: inout SplitMix64) {
        let number = random.pick([Int32.min, -1, 0, 1, 2, 5, 7, 8, 1_000, Int32.max])
        let large = random.pick([Int64.min, -1, 0, 1, 1 << 40, 1 << 62, Int64.max])
        let transfer = random.below(max(plan.transfers.count, 1))
        let removal = random.below(max(plan.removals.count, 1))
        let outcome = random.below(max(plan.outcomes.count, 1))
        switch random.below(20) {
        case 0: plan.transfers[transfer].source.raw = number
        case 1: plan.transfers[transfer].destination = number
        case 2: plan.transfers[transfer].item = number
        case 3: plan.transfers[transfer].slot = number
        case 4: plan.transfers[transfer].chunks = min(number, 3)..<max(number, 3)
        case 5: plan.transfers[transfer].initiator = random.pick([.source, .destination])
        case 6: plan.removals[removal].device = number
        case 7: plan.removals[removal].item = number
        case 8: plan.removals[removal].slot = number
        case 9: plan.removals[removal].chunks = min(number, 3)..<max(number, 3)
        case 10: plan.outcomes[outcome].device = number
        case 11: plan.outcomes[outcome].title = number
        case 12: plan.outcomes[outcome].plannedBytes = large
        case 13: plan.outcomes[outcome].cause = random.pick(Cause.allCases)
        case 14: plan.certificate.prices.up[random.below(8)] = large
        case 15: plan.certificate.prices.edgeUp[random.below(4)] = large
        case 16:
            plan.certificate.prices.firstCopy = [
                FirstCopy(device: number, item: 1, price: large),
                FirstCopy(device: 1, item: number, price: large),
            ]
        case 17: plan.certificate.beta = large
        case 18: plan.night.slotCount = number
        default: plan.transfers += plan.transfers
        }
    }
}

extension NaiveModel {
    /// The figures of a plan, by the page.
    fileprivate func figures(of plan: Plan) -> Figures {
        var figures = Figures(bound: plan.certificate.bound)
        var cost = Int128(0)
        for transfer in plan.transfers {
            let bytes = size(Set(transfer.chunks), transfer.item)
            let raw = transfer.source.raw
            let origin = raw < 0 ? fleet.origins[Int(-1 - raw)] : nil
            let from = origin?.site ?? fleet.devices[Int(raw)].site
            let edges = paths.edges(
                from: from, to: fleet.devices[Int(transfer.destination)].site)
            let perGB = (edges.up + edges.down).reduce(origin?.costPerGB ?? 0) {
                $0 + fleet.sites[Int($1)].costPerGB
            }
            cost += Int128(bytes) * Int128(perGB)
            if raw < 0 { figures.originBytes += bytes } else { figures.peerBytes += bytes }
            figures.finishSlot = max(figures.finishSlot, transfer.slot + 1)
        }
        figures.carriedCost = Int64(cost / 1_000_000_000)
        for outcome in plan.outcomes where outcome.item >= 0 {
            figures.value += outcome.worth * outcome.plannedBytes / outcome.missingBytes
            figures.wishedValue += outcome.worth
            if outcome.plannedBytes == outcome.missingBytes {
                figures.servedWishes += 1
            } else if outcome.plannedBytes > 0 {
                figures.partWishes += 1
            } else {
                figures.unservedWishes += 1
            }
        }
        for item in one.catalogue.items.indices.map(Int32.init) {
            let arrived = plan.transfers.filter { $0.item == item }
                .reduce(into: Set<Int32>()) { $0.formUnion($1.chunks) }
            figures.originFloorBytes += firstBytes(arrived, item)
        }
        // the floor of a sum of fractions over one denominator
        let profile = plan.profile
        let scaled =
            Int128(figures.value) * 1_000_000_000_000_000
            - Int128(profile.alpha) * Int128(figures.originBytes) * 1_000_000
            - Int128(profile.beta) * cost
        figures.objective = Int64(scaled.flooredDivision(by: 1_000_000_000_000_000))
        return figures
    }
}
