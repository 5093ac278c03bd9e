import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport
import Testing

@testable import Store

/// The bytes that a snapshot's digest is of.
struct CanonicalBytesTests {
    private func bytes(_ instance: Instance) -> [UInt8] {
        var bytes: [UInt8] = []
        CanonicalBytes.write(
            catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
            settings: instance.settings
        ) { bytes += $0 }
        return bytes
    }

    @Test func `equal values have equal bytes, different ones different bytes`() {
        var seen: [[UInt8]: Instance] = [:]
        for seed in 0..<300 as Range<UInt64> {
            var instance = Instance.random(seed: seed)
            instance.seed = 0
            let bytes = bytes(instance)
            #expect(bytes == self.bytes(instance))
            #expect(seen[bytes] == nil || seen[bytes] == instance)
            seen[bytes] = instance
        }
        #expect(seen.count > 290)
    }

    @Test func `any one change changes the bytes`() {
        var knobs = InstanceKnobs()
        knobs.devices = 3...3
        knobs.titles = 3...3
        knobs.origins = 1...1
        let seed = (0..<500 as Range<UInt64>).first { seed in
            let instance = Instance.random(seed: seed, knobs: knobs)
            return !instance.fleet.links.isEmpty && !instance.fleet.holdings.isEmpty
                && !instance.catalogue.items.isEmpty
        }
        let instance = Instance.random(seed: seed ?? 0, knobs: knobs)
        let bytes = bytes(instance)
        for (number, change) in Change.all.enumerated() {
            var changed = instance
            change(&changed)
            #expect(changed != instance, "change \(number)")
            #expect(self.bytes(changed) != bytes, "change \(number)")
        }
    }

    @Test func `a name's end is not the next one's beginning`() {
        var one = Instance.random(seed: 1)
        one.catalogue.titles = [
            Title(
                id: "ab", name: "c", licence: LicenceWindow(), territories: .everywhere,
                peerToPeer: true, currentItem: -1)
        ]
        var other = one
        other.catalogue.titles[0].id = "a"
        other.catalogue.titles[0].name = "bc"
        #expect(bytes(one) != bytes(other))
        one.catalogue.titles[0].territories = .only([])
        other = one
        other.catalogue.titles[0].territories = .except([])
        #expect(bytes(one) != bytes(other))
    }

    @Test func `large snapshots come in parts`() {
        var instance = Instance.random(seed: 1)
        instance.fleet.accounts = (0..<20_000).map { Account(id: "account-\($0)") }
        var parts: [Int] = []
        CanonicalBytes.write(
            catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
            settings: instance.settings
        ) { parts.append($0.count) }
        #expect(parts.count > 5)
        #expect(parts.dropLast().allSatisfy { $0 >= 64 << 10 && $0 < 80 << 10 })
    }

    /// One change to each kind of field.
    private enum Change {
        static var all: [(inout Instance) -> Void] { inputs + catalogue + fleet + rows }

        private static var inputs: [(inout Instance) -> Void] {
            [
                { $0.night.date.dayNumber += 1 }, { $0.night.start.seconds += 1 },
                { $0.night.slotSeconds += 1 }, { $0.night.slotCount += 1 },
                { $0.settings.decay = Fraction(1, over: 3) },
                { $0.settings.fairnessBase = Fraction(1, over: 3) },
                { $0.settings.fairnessGain = Fraction(1, over: 3) },
                { $0.settings.fairnessDays += 1 }, { $0.settings.maxIncoming += 1 },
                { $0.settings.maxOutgoing += 1 }, { $0.settings.sizesAlone.toggle() },
                { $0.settings.profile.alpha += 1 }, { $0.settings.profile.beta += 1 },
                { $0.settings.profile.order = .minTime }, { $0.settings.seed &+= 1 },
            ]
        }

        private static var catalogue: [(inout Instance) -> Void] {
            [
                { $0.catalogue.titles[0].name += "x" }, { $0.catalogue.titles[0].id += "x" },
                { $0.catalogue.titles[0].licence.start = Instant(seconds: 1) },
                { $0.catalogue.titles[0].licence.end = Instant(seconds: 1) },
                { $0.catalogue.titles[0].territories = .only(["XX"]) },
                { $0.catalogue.titles[0].peerToPeer.toggle() },
                { $0.catalogue.titles[0].currentItem += 7 }, { $0.catalogue.items[0].title += 1 },
                { $0.catalogue.items[0].version += "x" }, { $0.catalogue.items[0].chunkBytes += 1 },
                { $0.catalogue.items[0].files[0].sizeBytes += 1 },
                { $0.catalogue.items[0].files[0].name += "x" },
                { $0.catalogue.items[0].files[0].kind += "x" },
                { $0.catalogue.items[0].indexDigest = Digest(bytes: (0..<32).map { UInt8($0) })! },
                { $0.catalogue.items[0].blobDigest = Digest(bytes: (0..<32).map { UInt8($0) })! },
            ]
        }

        private static var fleet: [(inout Instance) -> Void] {
            [
                { $0.fleet.sites[0].id += "x" }, { $0.fleet.sites[0].parent += 9 },
                { $0.fleet.sites[0].territory = "XX" }, { $0.fleet.sites[0].clock += 9 },
                { $0.fleet.sites[0].upKbps = 12_345 }, { $0.fleet.sites[0].downKbps = 12_345 },
                { $0.fleet.sites[0].costPerGB += 1 }, { $0.fleet.clocks[0].zone += "x" },
                { $0.fleet.clocks[0].offsetSeconds += 1 },
                {
                    $0.fleet.clocks[0].changes.append(
                        .init(at: Instant(seconds: 1), offsetSeconds: 2))
                },
                { $0.fleet.origins[0].id += "x" }, { $0.fleet.origins[0].site += 1 },
                { $0.fleet.origins[0].egressKbps += 1 }, { $0.fleet.origins[0].baseURL += "x" },
                { $0.fleet.origins[0].costPerGB += 1 }, { $0.fleet.origins[0].nightlyBytes = 17 },
                { $0.fleet.accounts[0].id += "x" }, { $0.fleet.accounts[0].territory = "XX" },
                {
                    $0.fleet.accounts[0].status =
                        $0.fleet.accounts[0].status == .active ? .closed : .active
                },
            ]
        }

        private static var rows: [(inout Instance) -> Void] {
            [
                { $0.fleet.devices[0].id += "x" }, { $0.fleet.devices[0].account += 1 },
                { $0.fleet.devices[0].site += 1 }, { $0.fleet.devices[0].wishBytes += 1 },
                { $0.fleet.devices[0].cacheBytes += 1 }, { $0.fleet.devices[0].upKbps += 1 },
                { $0.fleet.devices[0].downKbps += 1 },
                { $0.fleet.devices[0].window = DailyWindow(fromMinute: 1, untilMinute: 7) },
                { $0.fleet.devices[0].accepts.toggle() }, { $0.fleet.devices[0].address += "x" },
                { $0.fleet.devices[0].publicKey += "x" },
                { $0.fleet.devices[0].lastServed = CivilDate(dayNumber: 3) },
                { $0.fleet.devices[0].lastSent = Instant(seconds: 3) },
                { $0.fleet.devices[0].state = $0.fleet.devices[0].state == .new ? .active : .new },
                { $0.fleet.devices[0].picks.append(7) }, { $0.fleet.links[0].kbps += 1 },
                { $0.fleet.links[0].from = .site(77) }, { $0.fleet.links[0].to = .device(77) },
                { $0.fleet.links[0].isCapacity.toggle() }, { $0.fleet.links[0].paced.toggle() },
                { $0.fleet.holdings[0].item += 1 },
                { $0.fleet.holdings[0].chunks = .some(RangeSet32(5..<6)) },
                { $0.fleet.holdings[0].area = $0.fleet.holdings[0].area == .wish ? .cache : .wish },
                { $0.fleet.holdings[0].bought.toggle() },
                { $0.fleet.holdings[0].unknownBytes += 1 }, { $0.fleet.holdingOffsets[1] += 1 },
                { $0.fleet.wishes[0].title += 1 }, { $0.fleet.wishes[0].rank += 1 },
                { $0.fleet.wishOffsets[1] += 1 },
            ]
        }
    }
}
