import Catalogue
import Fleet
import Manifest
import Quantities
import Schedule
import TestSupport

/// A plan of random movements over a random fleet: in a plan's order, its rules unchecked.
struct RandomPlan {
    var instance: Instance
    var plan: Plan
    var index: ManifestIndex
    var header: ManifestHeader

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var instance = Instance.random(seed: seed)
        for device in instance.fleet.devices.indices where random.below(3) > 0 {
            instance.fleet.devices[device].address = "10.0.0.\(device):7070"
            instance.fleet.devices[device].publicKey = "age1\(device)"
        }
        plan = Plan(
            night: instance.night, profile: .balanced,
            transfers: RandomPlan.transfers(instance, &random),
            removals: RandomPlan.removals(instance, &random),
            outcomes: RandomPlan.outcomes(instance, &random),
            certificate: Certificate(
                alpha: 0, beta: 0, prices: Prices(up: [], egress: [], edgeUp: [], edgeDown: []),
                bound: 0))
        self.instance = instance
        header = ManifestHeader(
            fleet: "fleet \(seed)", sequence: Int64(seed) + 1,
            plan: PlanRows(plan: plan, catalogue: instance.catalogue, fleet: instance.fleet)
                .digest,
            issued: instance.night.start, notBefore: instance.night.start,
            expires: instance.night.end, sparePercent: Int32(random.below(50)),
            fallbackPercent: Int32(random.below(200)),
            originReservePercent: Int32(random.below(200)),
            maxFallbacks: Int32(random.below(3)), maxPeerFallbacks: Int32(random.below(4)),
            maxStandby: Int32(1 + random.below(4)),
            aheadSeconds: Int32(seed % 11),
            originPatienceSeconds: seed % 2 == 0 ? nil : Int32(seed % 7 * 60))
        index = ManifestIndex(
            plan: plan, catalogue: instance.catalogue, fleet: instance.fleet, header: header,
            tokens: exampleTokens)
    }

    private static func chunks(_ item: Item, _ random: inout SplitMix64) -> Range<Int32> {
        let first = random.below(Int(item.layout.count))
        let length = 1 + random.below(Int(item.layout.count) - first)
        return Int32(first)..<Int32(first + length)
    }

    private static func transfers(_ instance: Instance, _ random: inout SplitMix64) -> [Transfer] {
        let fleet = instance.fleet
        guard !instance.catalogue.items.isEmpty else { return [] }
        let transfers = (0..<random.below(40)).compactMap { _ -> Transfer? in
            let item = random.below(instance.catalogue.items.count)
            let destination = random.below(fleet.devices.count)
            let end = random.below(fleet.devices.count + fleet.origins.count)
            guard end != destination else { return nil }
            let isOrigin = end >= fleet.devices.count
            return Transfer(
                source: isOrigin
                    ? .origin(Int32(end - fleet.devices.count)) : .device(Int32(end)),
                destination: Int32(destination), item: Int32(item),
                chunks: chunks(instance.catalogue.items[item], &random),
                slot: Int32(random.below(Int(instance.night.slotCount))),
                initiator: isOrigin || (end + destination) % 2 == 0 ? .destination : .source)
        }
        return Set(transfers).sorted {
            (
                $0.slot, $0.destination, $0.item, $0.chunks.lowerBound, $0.chunks.upperBound,
                $0.source
            )
                < (
                    $1.slot, $1.destination, $1.item, $1.chunks.lowerBound, $1.chunks.upperBound,
                    $1.source
                )
        }
    }

    private static func removals(_ instance: Instance, _ random: inout SplitMix64) -> [Removal] {
        guard !instance.catalogue.items.isEmpty else { return [] }
        return (0..<random.below(10)).map { _ in
            let item = random.below(instance.catalogue.items.count)
            return Removal(
                device: Int32(random.below(instance.fleet.devices.count)), item: Int32(item),
                chunks: chunks(instance.catalogue.items[item], &random),
                slot: Int32(random.below(Int(instance.night.slotCount))))
        }.sorted { ($0.slot, $0.device, $0.item) < ($1.slot, $1.device, $1.item) }
    }

    private static func outcomes(_ instance: Instance, _ random: inout SplitMix64) -> [Outcome] {
        let fleet = instance.fleet
        return fleet.devices.indices.flatMap { device in
            fleet.wishes(of: device).map { wish in
                let title = fleet.wishes[wish].title
                let item = instance.catalogue.titles[Int(title)].currentItem
                let planned = Int64(random.below(3))
                return Outcome(
                    device: Int32(device), title: title, item: item,
                    rank: fleet.wishes[wish].rank, worth: 1_000_000, missingBytes: 2,
                    plannedBytes: item < 0 ? 0 : planned,
                    cause: item < 0 ? .noItem : planned == 2 ? nil : .uplink)
            }
        }
    }
}
