import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

@Suite struct ServingTests {
    let index = Night.index("a", chunks: 8)
    let other = Night.index("b", chunks: 8)

    private func bench(_ held: ClosedRange<Int32> = 0...7) -> Bench {
        var night = Night()
        night.add(index)
        night.add(other)
        night.serve(index, 0...3, slot: 20, token: "s")
        night.content.standby = [
            .init(
                item: "b@1", destination: Night.device("q"), token: "r", bytes: 250_000)
        ]
        let range = held.lowerBound..<(held.upperBound + 1)
        return Bench(
            night,
            shelf: [
                .init(item: "a@1", chunks: RangeSet32(range), bought: false, index: index),
                .init(item: "b@1", chunks: RangeSet32(0..<8), bought: true, index: other),
            ])
    }

    @Test(
        arguments: [
            ("unknown", "a@1", 0, 100_000, 403), ("s", "b@1", 0, 100_000, 403),
            ("r", "a@1", 0, 100_000, 403), ("s", "a@1", 0, 400_001, 416),
            ("s", "a@1", 400_000, 500_000, 416), ("s", "a@1", 5, 5, 416),
            ("r", "b@1", 0, 750_001, 416), ("", "a@1", 0, 100_000, 403),
        ] as [(String, String, Int64, Int64, Int)])
    func `refuses what isn't its token's`(
        token: String, item: String, from: Int64, to: Int64, status: Int
    ) {
        var bench = bench()
        let said = bench.tell(
            .asked(OutletID(raw: 2), token: token, item: item, bytes: from..<to), at: 20_500)
        #expect(said.refusals.map(\.status) == [status])
        #expect(said.sends.isEmpty)
    }

    @Test func `sends what is asked for, paced from the slot's beginning`() throws {
        var bench = bench()
        let said = bench.tell(
            .asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<400_000), at: 20_000)
        let send = try #require(said.sends.first).send
        #expect(send.bytes == 0..<400_000)
        #expect(send.pace.bytesPerSecond == 400_000)
        #expect(send.pace.fromSteadyMs == 25_000)
    }

    @Test func `who comes a little early waits, who comes too early is sent away`() {
        var bench = bench()
        let early = bench.tell(
            .asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<100_000), at: 7000)
        #expect(early.refusals.map(\.status) == [503])
        #expect(early.refusals.map(\.retryAfterMs) == [13_000])
        let held = bench.tell(
            .asked(OutletID(raw: 4), token: "s", item: "a@1", bytes: 0..<100_000), at: 8000)
        #expect(held.refusals.isEmpty && held.sends.isEmpty)
        #expect(bench.wait(until: 19_999).sends.isEmpty)
        #expect(bench.wait(until: 20_000).sends.map(\.id) == [OutletID(raw: 4)])
    }

    @Test func `sends the beginning that is there`() {
        var bench = bench(0...1)
        let said = bench.tell(
            .asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<400_000), at: 20_000)
        #expect(said.sends.map(\.send.bytes) == [0..<200_000])
    }

    @Test func `nothing there and nothing expected is 404`() {
        var bench = bench(4...7)
        let said = bench.tell(
            .asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<400_000), at: 20_000)
        #expect(said.refusals.map(\.status) == [404])
    }

    @Test func `waits a second for what is expected`() throws {
        var night = Night()
        night.add(index)
        night.fetch(index, 0...3, slot: 4, from: Night.device("p"))
        night.serve(index, 0...3, slot: 5, token: "s")
        var bench = Bench(night, indexes: [index])
        let (id, pull) = try #require(bench.wait(until: 4000).pulls.first)
        let ask = Event.asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<400_000)
        #expect(bench.tell(ask, at: 5000).isEmpty == false)
        #expect(bench.all.refusals.isEmpty)
        #expect(bench.wait(until: 6000).refusals.map(\.retryAfterMs) == [1000])
        let second = Event.asked(OutletID(raw: 4), token: "s", item: "a@1", bytes: 0..<400_000)
        bench.tell(second, at: 6100)
        bench.nowMs = 6500
        #expect(bench.deliver(id, pull, index, chunks: 2).sends.map(\.send.bytes) == [0..<100_000])
    }

    @Test func `a standby stays within its bytes and comes last`() {
        var bench = bench()
        let said = bench.tell(
            .asked(OutletID(raw: 2), token: "r", item: "b@1", bytes: 100_000..<700_000), at: 10)
        #expect(said.sends.map(\.send.bytes) == [100_000..<300_000])
        #expect(said.sends.map(\.send.pace.order) == [1 << 62])
        bench.tell(.outletEnded(OutletID(raw: 2), .cut, sentBytes: 120_000))
        let rest = bench.tell(
            .asked(OutletID(raw: 4), token: "r", item: "b@1", bytes: 200_000..<700_000))
        #expect(rest.sends.map(\.send.bytes) == [200_000..<300_000])
        let more = bench.tell(
            .asked(OutletID(raw: 6), token: "r", item: "b@1", bytes: 200_000..<700_000))
        #expect(more.refusals.map(\.status) == [503])
    }

    @Test func `nothing is sent when the window is shut`() {
        var bench = bench()
        bench.tell(
            .asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<400_000), at: 59_000)
        #expect(bench.wait(until: 60_000).contains(.hangUp(OutletID(raw: 2))))
        bench.tell(.outletEnded(OutletID(raw: 2), .cancelled, sentBytes: 10))
        let said = bench.tell(
            .asked(OutletID(raw: 4), token: "s", item: "a@1", bytes: 0..<400_000))
        #expect(said.refusals.map(\.status) == [503])
        #expect(bench.all.contains(.done))
    }
}
