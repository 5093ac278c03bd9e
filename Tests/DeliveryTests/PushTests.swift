import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

@Suite struct PushTests {
    let index = Night.index("a", chunks: 4)

    private func pusher(_ held: Range<Int32>) -> Bench {
        var night = Night()
        night.add(index)
        night.fetch(index, 3...3, slot: 3)
        night.serve(index, 0...3, slot: 2, role: .connect, token: "s")
        return Bench(
            night,
            shelf: [.init(item: "a@1", chunks: RangeSet32(held), bought: false, index: index)])
    }

    private func receiver(_ change: (inout Night) -> Void = { _ in }) -> Bench {
        var night = Night()
        night.add(index)
        night.fetch(index, 0...3, slot: 2, from: .init(kind: .device, id: "p"), role: .listen)
        change(&night)
        return Bench(night, indexes: [index], atMs: 2000)
    }

    @Test func `pushes at its time what it holds, the rest when it comes`() throws {
        var bench = pusher(0..<3)
        #expect(bench.wait(until: 1999).pushes.isEmpty)
        let first = try #require(bench.wait(until: 2000).pushes.first)
        #expect(first.send.bytes == 0..<300_000)
        #expect(first.token == "s")
        #expect(bench.tell(.outletEnded(first.id, .complete, sentBytes: 300_000)).pushes.isEmpty)
        let (id, pull) = try #require(bench.wait(until: 3000).pulls.first)
        #expect(bench.deliver(id, pull, index).pushes.map(\.send.bytes) == [300_000..<350_000])
    }

    @Test func `pushes again after a wait, chunk by chunk where the other end has some`() throws {
        var bench = pusher(0..<4)
        let first = try #require(bench.wait(until: 2000).pushes.first)
        #expect(bench.tell(.outletEnded(first.id, .unreachable, sentBytes: 0)).pushes.isEmpty)
        let second = try #require(bench.wait(until: 2300).pushes.first)
        #expect(second.send.bytes == 0..<350_000)
        let refused = Ending.refused(status: 409, retryAfterMs: nil)
        let third = try #require(
            bench.tell(.outletEnded(second.id, refused, sentBytes: 0)).pushes.first)
        #expect(third.send.bytes == 0..<100_000)
        let fourth = bench.tell(.outletEnded(third.id, refused, sentBytes: 0)).pushes
        #expect(fourth.map(\.send.bytes) == [100_000..<200_000])
    }

    @Test(
        arguments: [
            ("t", 0, 350_000, 0), ("t", 100_000, 300_000, 0), ("t", 0, 100_001, 416),
            ("x", 0, 100_000, 403),
            ("t", 0, 350_001, 416),
        ] as [(String, Int64, Int64, Int)])
    func `takes whole chunks of what it waits for`(
        token: String, from: Int64, to: Int64, status: Int
    ) {
        var bench = receiver()
        let said = bench.tell(
            .offered(OutletID(raw: 2), token: token, item: "a@1", bytes: from..<to))
        #expect(said.refusals.map(\.status) == (status == 0 ? [] : [status]))
        let accepts = said.contains { if case .accept = $0 { true } else { false } }
        #expect(accepts == (status == 0))
    }

    @Test func `says 409 to what it has`() throws {
        var bench = receiver()
        let offer = Event.offered(OutletID(raw: 2), token: "t", item: "a@1", bytes: 0..<200_000)
        let pull = try #require(
            bench.tell(offer).lazy.compactMap { action -> (IntakeID, Action.Pull)? in
                if case .accept(_, let id, let pull) = action { (id, pull) } else { nil }
            }.first)
        bench.deliver(pull.0, pull.1, index)
        let again = Event.offered(OutletID(raw: 4), token: "t", item: "a@1", bytes: 0..<300_000)
        #expect(bench.tell(again).refusals.map(\.status) == [409])
        let one = Event.offered(OutletID(raw: 6), token: "t", item: "a@1", bytes: 0..<100_000)
        #expect(bench.tell(one).refusals.map(\.status) == [409])
    }

    @Test func `nobody pushes what is to be pulled`() {
        var bench = receiver { $0.fetch(Night.index("a", chunks: 4), 0...0, slot: 2, token: "u") }
        let said = bench.tell(
            .offered(OutletID(raw: 2), token: "u", item: "a@1", bytes: 0..<100_000))
        #expect(said.refusals.map(\.status) == [403])
    }
}
