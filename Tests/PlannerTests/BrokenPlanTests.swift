import Audit
import Catalogue
import Fleet
import Foundation
import Planner
import Quantities
import Schedule
import TestSupport
import Testing

/// Whether the audit finds any one thing that is broken in a large valid plan.
struct BrokenPlanTests {
    private static let isSlow = ProcessInfo.processInfo.environment["MEDIAPLAN_SLOW"] == "1"

    @Test func `each of two hundred single breaks in a plan for 300 devices is found`() throws {
        try expectAllFound(devices: 300, breaks: 200)
    }

    @Test(.enabled(if: isSlow, "takes long: set MEDIAPLAN_SLOW=1"))
    func `each of a thousand single breaks in a plan for 30,000 devices is found`() throws {
        try expectAllFound(devices: 30_000, breaks: 1_000)
    }

    @Test func `what is found doesn't depend on who does which part, nor on their order`() {
        /// Does the shards from the last to the first.
        struct Backwards: Workers {
            func map<Part: Sendable>(_ count: Int, _ shard: @Sendable (Int) -> Part) -> [Part] {
                (0..<count).reversed().map(shard).reversed()
            }
        }
        let instance = Instance.random(seed: 30, knobs: BrokenPlanTests.knobs(300))
        var plan = BrokenPlanTests.plan(instance)
        for index in plan.transfers.indices where index % 3 == 0 {
            plan.transfers[index].slot = (plan.transfers[index].slot + 3) % plan.night.slotCount
        }
        for index in plan.outcomes.indices where index % 50 == 0 { plan.outcomes[index].worth = 1 }
        plan.certificate.bound += 1
        let report = BrokenPlanTests.audited(plan, instance)
        #expect(Set(report.findings.map(\.rule)).count > 4)
        #expect(BrokenPlanTests.audited(plan, instance, Backwards()) == report)
    }

    /// Breaks a plan in one place at a time, each way in its turn.
    private func expectAllFound(devices: Int, breaks: Int) throws {
        let instance = Instance.random(seed: 30, knobs: BrokenPlanTests.knobs(devices))
        let plan = BrokenPlanTests.plan(instance)
        try #require(BrokenPlanTests.audited(plan, instance).isClean)
        var hammer = Hammer(plan: plan, instance: instance, random: SplitMix64(seed: 1_000))
        for number in 0..<breaks {
            let way = Hammer.Way.allCases[number % Hammer.Way.allCases.count]
            let struck = hammer.strike(way)
            let broken = try #require(struck, "no place for \(way)")
            let report = BrokenPlanTests.audited(broken.plan, instance)
            #expect(
                report.findings.contains { $0.rule == broken.rule },
                "\(way), number \(number): \(report.findings)")
        }
    }

    private static func plan(_ instance: Instance) -> Plan {
        makePlan(
            catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
            settings: instance.settings, effort: Effort(tasks: 0))
    }

    private static func audited(
        _ plan: Plan, _ instance: Instance, _ workers: any Workers = OneWorker()
    ) -> AuditReport {
        audit(
            plan, catalogue: instance.catalogue, fleet: instance.fleet,
            settings: instance.settings, workers: workers)
    }

    private static func knobs(_ devices: Int) -> InstanceKnobs {
        var knobs = InstanceKnobs.small
        knobs.devices = devices...devices
        knobs.titles = 40...40
        knobs.sites = 12...12
        knobs.origins = 2...2
        knobs.slots = 8...8
        knobs.wishes = 2...5
        knobs.holdingChance = 15
        return knobs
    }
}

/// Breaks a valid plan in one place.
struct Hammer {
    let plan: Plan
    let instance: Instance
    var random: SplitMix64

    /// What is broken.
    enum Way: CaseIterable {
        case lostTransfer
        case twice
        case sourceWithout
        case wrongEndOpens
        case noSuchItem
        case noSuchSlot
        case chunksBeyond
        case outOfOrder
        case removedAndSent
        case removedUnheld
        case worth
        case plannedBytes
        case cause
        case lostOutcome
        case bound
        case negativePrice
    }

    /// A plan that is broken this way at a random place, and the rule that it breaks; nil when
    /// there is no such place among many.
    mutating func strike(_ way: Way) -> (plan: Plan, rule: AuditFinding.Rule)? {
        for _ in 0..<10_000 {
            var broken = plan
            if let rule = strike(way, &broken) { return (broken, rule) }
        }
        return nil
    }

    private mutating func strike(_ way: Way, _ plan: inout Plan) -> AuditFinding.Rule? {
        let transfer = random.below(plan.transfers.count)
        let outcome = random.below(plan.outcomes.count)
        return switch way {
        case .worth: changed(&plan.outcomes[outcome].worth)
        case .plannedBytes: changed(&plan.outcomes[outcome].plannedBytes)
        case .cause: changeCause(&plan.outcomes[outcome])
        case .lostOutcome: lose(outcome, &plan)
        case .bound: changed(&plan.certificate.bound)
        case .negativePrice: makeNegative(&plan)
        case .removedAndSent: remove(sentBy: transfer, &plan)
        case .removedUnheld: removeUnheld(&plan)
        default: strike(way, at: transfer, &plan)
        }
    }

    private mutating func strike(_ way: Way, at index: Int, _ plan: inout Plan)
        -> AuditFinding.Rule?
    {
        let old = plan.transfers[index]
        switch way {
        case .lostTransfer:
            plan.transfers.remove(at: index)
            return isWished(old) ? .form : nil
        case .twice:
            plan.transfers.insert(old, at: index)
            return .nothingTwice
        case .sourceWithout:
            let device = Int32(random.below(instance.fleet.devices.count))
            plan.transfers[index].source = .device(device)
            return has(device, old.item) ? nil : .cause
        case .wrongEndOpens:
            plan.transfers[index].initiator =
                old.initiator == .source ? .destination : .source
            return canOpen(plan.transfers[index]) ? nil : .reachability
        case .noSuchItem:
            plan.transfers[index].item = Int32(instance.catalogue.items.count)
        case .noSuchSlot: plan.transfers[index].slot = random.pick([-1, plan.night.slotCount])
        case .chunksBeyond:
            let count = instance.catalogue.items[Int(old.item)].layout.count
            plan.transfers[index].chunks = old.chunks.lowerBound..<count + 1
        default: return swap(index, &plan)
        }
        return .form
    }

    /// Neighbours out of order.
    private func swap(_ index: Int, _ plan: inout Plan) -> AuditFinding.Rule? {
        guard index > 0 else { return nil }
        plan.transfers.swapAt(index, index - 1)
        return .form
    }

    private mutating func changed(_ number: inout Int64) -> AuditFinding.Rule? {
        number += random.pick([-1, 1])
        return .form
    }

    /// Served wishes get one, others lose theirs.
    private func changeCause(_ outcome: inout Outcome) -> AuditFinding.Rule? {
        outcome.cause = outcome.cause == nil ? .uplink : nil
        return .form
    }

    private func lose(_ outcome: Int, _ plan: inout Plan) -> AuditFinding.Rule? {
        plan.outcomes.remove(at: outcome)
        return .form
    }

    private mutating func makeNegative(_ plan: inout Plan) -> AuditFinding.Rule? {
        plan.certificate.prices.up[random.below(instance.fleet.devices.count)] = -1
        return .form
    }

    /// The source removes in the same slot what it is to send.
    private func remove(sentBy index: Int, _ plan: inout Plan) -> AuditFinding.Rule? {
        let sent = plan.transfers[index]
        guard let source = sent.source.device else { return nil }
        insert(
            Removal(device: source, item: sent.item, chunks: sent.chunks, slot: sent.slot), &plan)
        return .storage
    }

    private mutating func removeUnheld(_ plan: inout Plan) -> AuditFinding.Rule? {
        let device = Int32(random.below(instance.fleet.devices.count))
        let item = Int32(random.below(instance.catalogue.items.count))
        guard !has(device, item) else { return nil }
        insert(
            Removal(device: device, item: item, chunks: 0..<1, slot: random.pick([0, 1])), &plan)
        return .storage
    }

    private func insert(_ removal: Removal, _ plan: inout Plan) {
        plan.removals.append(removal)
        plan.removals.sort {
            ($0.slot, $0.device, $0.item, $0.chunks.lowerBound)
                < ($1.slot, $1.device, $1.item, $1.chunks.lowerBound)
        }
    }

    private func isWished(_ transfer: Transfer) -> Bool {
        plan.outcomes.contains {
            $0.device == transfer.destination && $0.item == transfer.item
        }
    }

    /// Whether a device holds something of an item, or is to receive it.
    private func has(_ device: Int32, _ item: Int32) -> Bool {
        let fleet = instance.fleet
        return fleet.holdings[fleet.holdings(of: Int(device))].contains { $0.item == item }
            || plan.transfers.contains { $0.destination == device && $0.item == item }
    }

    private func canOpen(_ transfer: Transfer) -> Bool {
        switch transfer.initiator {
        case .source:
            transfer.source.device != nil
                && instance.fleet.devices[Int(transfer.destination)].accepts
        case .destination:
            transfer.source.device.map { instance.fleet.devices[Int($0)].accepts } ?? true
        }
    }
}
