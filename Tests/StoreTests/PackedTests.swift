import Fleet
import Foundation
import Quantities
import TestSupport
import Testing

@testable import Store

/// Packed rows: identity, and no trap on damaged bytes.
struct PackedTests {
    private func holdings(seed: UInt64) -> [PackedHolding] {
        var random = SplitMix64(seed: seed)
        var name: Int32 = 0
        return (0..<random.below(40)).map { _ in
            name += Int32(random.below(300) + 1)
            var holding = PackedHolding(name: name, bought: random.below(4) == 0)
            if random.below(2) == 0 { holding.area = random.below(2) == 0 ? .wish : .cache }
            if random.below(3) == 0 { holding.bytes = Int64(bitPattern: random.next()) }
            if random.below(2) == 0 {
                holding.observedAt = Instant(seconds: 1_790_000_000 + Int64(random.below(9)))
            }
            if random.below(9) == 0 { holding.observedAt = Instant(seconds: Int64.min) }
            if random.below(3) == 0 {
                holding.chunks = .some(
                    RangeSet32(
                        (0..<random.below(4)).map { _ in
                            let lower = Int32(random.below(2_000_000_000))
                            return lower..<(lower + Int32(random.below(90)))
                        }))
            }
            return holding
        }
    }

    private func wishes(seed: UInt64) -> [PackedWish] {
        var random = SplitMix64(seed: seed)
        return (0..<random.below(30)).map { i in
            PackedWish(
                name: Int32(i * i + 1), rank: Int32(truncatingIfNeeded: random.next()),
                wantedUntil: random.below(2) == 0
                    ? nil : Instant(seconds: Int64(random.below(99)) - 9))
        }
    }

    @Test func `what was packed is unpacked, and equal bytes mean equal rows`() throws {
        for seed in 0..<300 as Range<UInt64> {
            let holdings = holdings(seed: seed)
            #expect(try PackedHolding.unpacked(PackedHolding.packed(holdings)) == holdings)
            let wishes = wishes(seed: seed)
            #expect(try PackedWish.unpacked(PackedWish.packed(wishes)) == wishes)
        }
    }

    @Test func `a plain holding takes two bytes beside its name`() {
        let many = (1...1_000 as ClosedRange<Int32>).map { PackedHolding(name: $0) }
        #expect(PackedHolding.packed(many).count == 2_003)
    }

    @Test func `a damaged row names its device, and its next import mends it`() throws {
        try Fixtures.withFolder { folder in
            let file = folder.appending(path: "store.sqlite")
            var store = try Store(path: file.path)
            try store.importSmallFleet()
            try store.importing(source(.holdings)) {
                _ = try $0.put(holdings: [
                    HoldingRecord(device: "d2", item: "x", bytes: 123_456_789)
                ])
            }
            try store.close()
            var bytes = try Data(contentsOf: file)
            let packed = Data(PackedHolding.packed([PackedHolding(name: 1, bytes: 123_456_789)]))
            bytes[try #require(bytes.range(of: packed)).lowerBound] = 9
            try bytes.write(to: file)

            store = try Store(path: file.path)
            let error = #expect(throws: StoreError.self) { try store.snapshot() }
            #expect(error?.code == .corrupt)
            #expect(error?.names == ["d2"])
            #expect(throws: StoreError.self) { try store.forEachHolding { _ in } }
            let delta = #expect(throws: StoreError.self) {
                try store.importing(source(.holdings, extent: .delta)) {
                    _ = try $0.put(holdings: [HoldingRecord(device: "d2", item: "y")])
                }
            }
            #expect(delta?.names == ["d2"])
            try store.importing(source(.holdings)) { _ = try $0.name(device: "d2") }
            #expect(try store.snapshot().fleet.devices.count == 2)
            try store.close()
        }
    }

    @Test func `damaged bytes are told or read as something else, never a trap`() {
        var random = SplitMix64(seed: 1)
        var faults = 0
        for seed in 0..<400 as Range<UInt64> {
            var bytes = PackedHolding.packed(holdings(seed: seed))
            var others = PackedWish.packed(wishes(seed: seed))
            for _ in 0...random.below(3) {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
                others[random.below(others.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            do { _ = try PackedHolding.unpacked(bytes) } catch { faults += 1 }
            do { _ = try PackedWish.unpacked(others) } catch { faults += 1 }
            for cut in 0..<bytes.count {
                #expect(throws: ByteReader.Fault.self) {
                    try PackedHolding.unpacked(
                        Array(PackedHolding.packed(holdings(seed: seed)).prefix(cut)))
                }
            }
        }
        #expect(faults > 300)
    }
}
