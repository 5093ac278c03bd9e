import Dispatch
import Quantities
import Schedule
import Synchronization
import TestSupport
import Testing

@testable import Planner

/// Plans don't depend on who does their shards, and when.
struct WorkersTests {
    /// Does the last shard first.
    private struct Backwards: Workers {
        func map<Part: Sendable>(_ count: Int, _ shard: @Sendable (Int) -> Part) -> [Part] {
            (0..<count).reversed().map(shard).reversed()
        }
    }

    /// Does every shard on whichever thread is free.
    private struct Threads: Workers {
        func map<Part: Sendable>(_ count: Int, _ shard: @Sendable (Int) -> Part) -> [Part] {
            let parts = Mutex([Int: Part]())
            DispatchQueue.concurrentPerform(iterations: count) { k in
                let part = shard(k)
                parts.withLock { $0[k] = part }
            }
            let done = parts.withLock { $0 }
            return (0..<count).compactMap { done[$0] }
        }
    }

    private func expectSame(_ knobs: InstanceKnobs, seeds: Range<UInt64>, wishes: Int) {
        for seed in seeds {
            let instance = Instance.random(seed: seed, knobs: knobs)
            let plans = [OneWorker(), Backwards(), Threads()].map { (workers: any Workers) in
                makePlan(
                    catalogue: instance.catalogue, fleet: instance.fleet, night: instance.night,
                    settings: instance.settings, effort: Effort(tasks: 40), workers: workers)
            }
            #expect(plans[0].outcomes.count >= wishes)
            #expect(wishes == 0 || !plans[0].transfers.isEmpty)
            #expect(plans[1] == plans[0], "seed \(seed)")
            #expect(plans[2] == plans[0], "seed \(seed)")
        }
    }

    @Test func `small fleets are planned the same by one worker, backwards and on threads`() {
        expectSame(.small, seeds: 0..<60, wishes: 0)
    }

    @Test func `large ones too`() {
        var knobs = InstanceKnobs.small
        knobs.devices = 3200...3200
        knobs.titles = 12...12
        knobs.sites = 6...9
        knobs.holdingChance = 40
        expectSame(knobs, seeds: 0..<1, wishes: 5000)
    }

    @Test func `sorted parts are put together in order, equals as their parts stand`() {
        struct Card: Comparable, Sendable {
            let key: Int
            let part: Int
            static func < (a: Card, b: Card) -> Bool { a.key < b.key }
        }
        var random = SplitMix64(seed: 5)
        for count in 0..<20 {
            let parts = (0..<count).map { part in
                (0..<random.below(9)).map { _ in random.below(6) }.sorted().map {
                    Card(key: $0, part: part)
                }
            }
            let merged = Merge.sorted(parts, Backwards())
            let expected = parts.joined().map { ($0.key, $0.part) }.sorted { $0 < $1 }
            #expect(merged.map(\.key) == expected.map(\.0))
            #expect(merged.map(\.part) == expected.map(\.1))
        }
    }
}
