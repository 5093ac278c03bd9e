import Catalogue
import Fleet
import Quantities
import TestSupport
import Testing

@testable import Store

/// What was imported comes back as the catalogue and fleet that it describes, whatever the order.
struct SnapshotTests {
    private static let seeds = (0..<200 as Range<UInt64>).filter {
        Instance.random(seed: $0).everyItemIsNeeded
    }

    @Test func `random instances come back as they were`() throws {
        #expect(SnapshotTests.seeds.count > 100)
        for seed in SnapshotTests.seeds.prefix(25) {
            let instance = Instance.random(seed: seed)
            let expected = instance.settled
            try withStore { store in
                try InstanceRecords(instance).importAll(into: store, seed: seed, parts: 2)
                let snapshot = try store.snapshot(night: instance.night) { zone in
                    instance.fleet.clocks.first { $0.zone == zone }
                }
                #expect(snapshot.catalogue == expected.catalogue, "seed \(seed)")
                #expect(snapshot.fleet == expected.fleet, "seed \(seed)")
            }
        }
    }

    @Test func `the order of rows leaves no trace in what is stored`() throws {
        var knobs = InstanceKnobs()
        knobs.devices = 20...20
        knobs.titles = 12...12
        knobs.wishes = 2...9
        for seed in 0..<2 as Range<UInt64> {
            let records = InstanceRecords(Instance.random(seed: seed, knobs: knobs))
            // an even and an odd draw may put the catalogue first or last: compare within each
            var seen: [Bool: Set<String>] = [true: [], false: []]
            for shuffle in 0..<6 as Range<UInt64> {
                try withStore { store in
                    let limit = shuffle < 3 ? 1 << 20 : 64
                    try records.importAll(
                        into: store, seed: shuffle, parts: 1, limitBytes: limit)
                    var random = SplitMix64(seed: shuffle)
                    seen[random.below(2) == 0]?.insert(try store.contents())
                }
            }
            #expect(seen[true]?.count == 1)
            #expect(seen[false]?.count == 1)
        }
    }

    @Test func `split, shuffled and late imports give one snapshot`() throws {
        for seed in SnapshotTests.seeds.suffix(5) {
            let records = InstanceRecords(Instance.random(seed: seed))
            var snapshots: Set<Snapshot> = []
            for shuffle in 0..<5 as Range<UInt64> {
                try withStore { store in
                    try records.importAll(into: store, seed: shuffle, parts: Int(shuffle) % 3 + 1)
                    snapshots.insert(try store.snapshot())
                }
            }
            #expect(snapshots.count == 1)
        }
    }

    @Test func `sees one moment while an import is under way`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.accounts, number: 2)) { session in
                _ = try session.put(accounts: [Account(id: "a0")])
                try session.finish()
                #expect(try store.snapshot().fleet.accounts.map(\.id) == ["a1", "a2"])
            }
            #expect(try store.snapshot().fleet.accounts.map(\.id) == ["a0", "a1", "a2"])
        }
    }
}
