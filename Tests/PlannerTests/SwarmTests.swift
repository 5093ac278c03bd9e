import Audit
import Catalogue
import Fleet
import Planner
import Quantities
import Schedule
import TestSupport
import Testing

/// What a plan forward in time, as of a swarm with one mind, adds to the searched one.
struct SwarmTests {
    /// Roomy instances: most of what is wished for fits into the night.
    private static let roomy: InstanceKnobs = {
        var knobs = InstanceKnobs.small
        knobs.devices = 3...9
        knobs.chunks = 3...12
        knobs.slots = 6...12
        knobs.wishes = 1...2
        knobs.upChunks = 2...8
        knobs.origins = 1...1
        knobs.holdingChance = 25
        knobs.absenceChance = 0
        knobs.titleOddityChance = 0
        knobs.closedPortChance = 10
        knobs.capacityChance = 10
        knobs.egressChunks = 2...6
        return knobs
    }()

    private func plan(_ instance: Instance, _ effort: Effort) -> Plan {
        makePlan(
            catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
            settings: instance.settings, effort: effort)
    }

    @Test func `never worse than the searched plan, always valid, and often sooner`() {
        var sooner = 0
        for seed in UInt64(0)..<300 {
            var instance = Instance.random(seed: seed, knobs: Self.roomy)
            if seed % 2 == 0 {
                for d in instance.fleet.devices.indices {
                    instance.fleet.devices[d].wishBytes = 1_000_000_000
                }
            }
            if seed % 3 == 0 { instance.settings.profile = Profile(order: .minTime) }
            let searched = plan(instance, Effort(tasks: 300, swarms: false))
            let plan = plan(instance, Effort(tasks: 300))
            let report = audit(
                plan, catalogue: instance.catalogue, fleet: instance.fleet,
                settings: instance.settings)
            #expect(report.findings == [], "seed \(seed)")
            let before = merit(searched, instance)
            let after = merit(plan, instance)
            #expect(!after.isWorse(than: before), "seed \(seed)")
            if before != after { sooner += 1 }
        }
        #expect(sooner > 20)
    }

    /// What the profile asks for, in its order; larger is better.
    private func merit(_ plan: Plan, _ instance: Instance) -> [Int64] {
        let figures = audit(
            plan, catalogue: instance.catalogue, fleet: instance.fleet, settings: instance.settings
        ).figures
        let waiting = plan.outcomes.reduce(Int64(0)) { sum, outcome in
            guard outcome.cause == nil else { return sum }
            let end =
                plan.transfers.filter {
                    $0.destination == outcome.device && $0.item == outcome.item
                }.map(\.slot).max() ?? 0
            return sum + outcome.worth * Int64(end + 1)
        }
        let thrift = [-figures.originBytes, -figures.carriedCost]
        return plan.profile.order == .minTime
            ? [figures.objective, -Int64(figures.finishSlot), -waiting] + thrift
            : [figures.objective] + thrift + [-waiting, -Int64(figures.finishSlot)]
    }

    @Test func `a premiere ends within two slots of the fluid bound`() {
        for seed in UInt64(0)..<24 {
            var random = SplitMix64(seed: seed)
            let show = Premiere(
                boxes: random.pick(3...14), chunks: random.pick(40...200), up: random.pick(5...20),
                down: random.pick(25...60), egress: random.pick(15...50))
            let plan = makePlan(
                catalogue: show.catalogue, fleet: show.fleet, night: show.night,
                settings: show.settings, effort: Effort(tasks: 0))
            let report = audit(
                plan, catalogue: show.catalogue, fleet: show.fleet, settings: show.settings)
            #expect(report.findings == [], "seed \(seed)")
            #expect(report.figures.servedWishes == Int32(show.boxes), "seed \(seed)")
            #expect(
                report.figures.finishSlot <= show.fluidBound + 2, "seed \(seed): \(show)")
        }
    }
}

extension [Int64] {
    fileprivate func isWorse(than other: [Int64]) -> Bool {
        lexicographicallyPrecedes(other, by: <)
    }
}

/// An item that nobody holds and all want, alone in the night; rates in chunks a slot.
private struct Premiere {
    var boxes: Int
    var chunks: Int
    var up: Int
    var down: Int
    var egress: Int

    /// 100 kbps move 12,500 bytes in a second.
    private static let chunkBytes: Int64 = 12_500
    let night = Night(
        date: CivilDate(dayNumber: 20_000), start: CivilDate(dayNumber: 20_000).startUTC,
        slotSeconds: 1, slotCount: 120)

    /// Slots that the fluid limit needs, rounded up (Mundinger, Weber and Weiss 2008).
    var fluidBound: Int32 {
        let all = boxes * chunks
        let terms = [
            (chunks, egress), (chunks, down), (all, egress + boxes * up),
        ]
        return Int32(terms.map { ($0 + $1 - 1) / $1 }.max() ?? 0)
    }

    var settings: PlanSettings {
        var settings = PlanSettings(maxIncoming: 64, maxOutgoing: 64)
        settings.profile = Profile(order: .minTime)
        return settings
    }

    var catalogue: Catalogue {
        let file = ItemFile(
            name: "f", sizeBytes: Int64(chunks) * Self.chunkBytes, kind: "movie")
        let title = Title(
            id: "t", name: "", licence: LicenceWindow(), territories: .everywhere,
            peerToPeer: true, currentItem: 0)
        let item = Item(
            title: 0, version: "1", files: [file], chunkBytes: Self.chunkBytes,
            indexDigest: Digest(bytes: [UInt8](repeating: 7, count: 32)))
        return Catalogue(titles: [title], items: [item])
    }

    var fleet: Fleet {
        let size = Int64(chunks) * Self.chunkBytes
        let devices = (0..<boxes).map { d in
            Device(
                id: "d\(100 + d)", account: 0, site: 0, wishBytes: size, cacheBytes: 0,
                upKbps: Int64(up) * 100, downKbps: Int64(down) * 100)
        }
        return Fleet(
            sites: [Site(id: "a", parent: -1)],
            origins: [Origin(id: "o", site: 0, egressKbps: Int64(egress) * 100)],
            accounts: [Account(id: "x")], devices: devices, clocks: [LocalClock()],
            holdings: devices.map { _ in [] },
            wishes: devices.map { _ in [Wish(title: 0, rank: 1)] })
    }
}
