import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

/// Working ahead of the slot.
@Suite struct AheadTests {
    let index = Night.index("a", chunks: 12)

    /// A night with two chunks of the item in each of six pieces.
    private func night(
        ahead: Int32, _ add: (inout Night, _ piece: Int64, _ chunks: ClosedRange<Int32>) -> Void
    ) -> Night {
        var night = Night()
        night.content.aheadSeconds = ahead
        night.add(index)
        for piece in 0..<6 { add(&night, Int64(piece), Int32(piece) * 2...Int32(piece) * 2 + 1) }
        return night
    }

    private func receiver(ahead: Int32) -> Bench {
        let night = night(ahead: ahead) { night, piece, chunks in
            night.fetch(
                index, chunks, slot: 20 + piece, from: Night.device("p"), token: "t\(piece)")
        }
        return Bench(night, indexes: [index])
    }

    @Test(arguments: [(0, 19_500), (4, 16_000), (10, 10_000)] as [(Int32, Int64)])
    func `asks as early as the manifest allows`(ahead: Int32, firstMs: Int64) throws {
        var bench = receiver(ahead: ahead)
        #expect(bench.wait(until: firstMs - 1).pulls.isEmpty)
        let pull = try #require(bench.wait(until: firstMs).pulls.first).pull
        #expect(pull.token == "t0")
    }

    @Test func `asks a source for three pieces at most, in their order, without a pace`() {
        var bench = receiver(ahead: 10)
        let pulls = bench.wait(until: 19_000).pulls
        #expect(pulls.map(\.pull.token) == ["t0", "t1", "t2"])
        #expect(pulls.allSatisfy { $0.pull.pace.untilSteadyMs <= $0.pull.pace.fromSteadyMs })
        let more = bench.deliver(pulls[0].id, pulls[0].pull, index).pulls
        #expect(more.map(\.pull.token) == ["t3"])
        // What came ahead isn't asked for again in its slot.
        #expect(bench.wait(until: 20_000).pulls.isEmpty)
    }

    @Test func `an origin is asked in the slot alone`() {
        var night = Night()
        night.content.aheadSeconds = 10
        night.add(index)
        night.fetch(index, 0...1, slot: 20)
        var bench = Bench(night, indexes: [index])
        #expect(bench.wait(until: 19_999).pulls.isEmpty)
        #expect(bench.wait(until: 20_000).pulls.count == 1)
    }

    @Test
    func `who lacks what a device should have sent asks the origin ahead, while that is in time`()
        throws
    {
        var night = Night()
        night.content.aheadSeconds = 10
        night.add(index)
        night.fetch(index, 0...1, slot: 5, from: Night.device("p"), token: "t")
        night.fetch(index, 2...3, slot: 5)
        night.fetch(index, 4...5, slot: 12)
        night.fetch(index, 6...7, slot: 13)
        var bench = Bench(night, indexes: [index])
        let due = try #require(
            bench.wait(until: 5000).pulls.first { $0.pull.end.kind == .origin })
        #expect(due.pull.chunks == 2...3)
        // Both are late: nobody knows whether the origin has any to spare.
        #expect(!bench.wait(until: 7500).pulls.contains { $0.pull.end.kind == .origin })
        let ahead = bench.deliver(due.id, due.pull, index).pulls
        #expect(ahead.map(\.pull.chunks) == [4...5, 6...7])
        #expect(ahead.allSatisfy { $0.pull.end.kind == .origin })
    }

    private func sender(ahead: Int32 = 10, held: Range<Int32> = 0..<12) -> Bench {
        let night = night(ahead: ahead) { night, piece, chunks in
            night.serve(
                index, chunks, slot: 10 + piece, to: Night.device("q\(piece)"), token: "s\(piece)")
        }
        return Bench(
            night,
            shelf: [.init(item: "a@1", chunks: RangeSet32(held), bought: false, index: index)])
    }

    private func ask(_ bench: inout Bench, _ slot: Int64, at ms: Int64) -> [Action] {
        bench.tell(
            .asked(
                OutletID(raw: 2 * slot + 2), token: "s\(slot)", item: "a@1",
                bytes: slot * 200_000..<(slot + 1) * 200_000), at: ms)
    }

    @Test func `an idle sender answers early, behind all that is planned`() throws {
        var bench = sender()
        let early = try #require(ask(&bench, 3, at: 9000).sends.first).send
        #expect(early.bytes == 600_000..<800_000)
        let planned = try #require(ask(&bench, 0, at: 10_000).sends.first).send
        #expect(planned.pace.order < early.pace.order)
    }

    @Test func `one that is at work makes askers wait, until what moves is over or stuck`() {
        for event in [
            Event.outletEnded(OutletID(raw: 2), .complete, sentBytes: 200_000),
            .outletQuiet(OutletID(raw: 2), true),
        ] {
            var bench = sender()
            #expect(ask(&bench, 0, at: 10_000).sends.count == 1)
            #expect(ask(&bench, 4, at: 10_100).sends.isEmpty)
            #expect(ask(&bench, 3, at: 10_200).sends.isEmpty)
            #expect(bench.tell(event, at: 10_300).sends.isEmpty)
            let sends = bench.wait(until: 10_550).sends
            #expect(sends.map(\.id) == [OutletID(raw: 8), OutletID(raw: 10)])
        }
    }

    @Test func `what goes on when its slot begins goes as planned`() {
        var bench = sender()
        #expect(ask(&bench, 3, at: 9000).sends.count == 1)
        #expect(bench.wait(until: 12_999).hastened.isEmpty)
        let hastened = bench.wait(until: 13_000).hastened
        #expect(hastened.map(\.id) == [OutletID(raw: 8)])
        let pace = hastened.first?.pace
        #expect(pace?.fromSteadyMs == 18_000 && pace?.untilSteadyMs == 19_000)
        #expect(pace?.bytesPerSecond == 200_000)
        #expect(bench.wait(until: 14_000).hastened.isEmpty)
    }

    @Test func `what came ahead doesn't slow down the rest of its piece`() throws {
        var bench = sender()
        let early = try #require(ask(&bench, 3, at: 9000).sends.first)
        bench.tell(.outletEnded(early.id, .cut, sentBytes: 100_000), at: 9500)
        let again = bench.tell(
            .asked(OutletID(raw: 40), token: "s3", item: "a@1", bytes: 700_000..<800_000),
            at: 13_000)
        #expect(try #require(again.sends.first).send.pace.fromSteadyMs == 18_000)
    }

    @Test func `a clock that is behind holds all the same, and being sent away costs nothing`() {
        var bench = sender()
        #expect(ask(&bench, 1, at: 950).refusals.isEmpty)
        var receiver = receiver(ahead: 10)
        let first = receiver.wait(until: 10_000).pulls
        #expect(first.map(\.pull.token) == ["t0"])
        receiver.tell(
            .intakeEnded(first[0].id, .refused(status: 503, retryAfterMs: 11_000), wasteBytes: 0),
            at: 10_100)
        #expect(receiver.wait(until: 19_500).pulls.map(\.pull.token).contains("t0"))
    }

    @Test func `so many wait, further ones only shortly before their slot`() {
        var bench = sender(ahead: 0)
        for number in 0..<24 {
            let id = OutletID(raw: Int64(100 + 2 * number))
            let said = bench.tell(
                .asked(id, token: "s4", item: "a@1", bytes: 800_000..<1_000_000), at: 9000)
            #expect(said.refusals.isEmpty)
        }
        #expect(ask(&bench, 3, at: 9000).refusals.map(\.retryAfterMs) == [4000])
        #expect(ask(&bench, 2, at: 11_500).refusals.isEmpty)
    }

    @Test(arguments: [1_150_000 + 350_000, 1_150_000 + 349_999] as [Int64])
    func `what is asked ahead takes nobody's room`(freeBytes: Int64) {
        var both = night(ahead: 10) { night, piece, chunks in
            night.fetch(
                index, chunks, slot: 28 + piece, from: Night.device("p"), token: "t\(piece)")
        }
        let sooner = Night.index("b", chunks: 4)
        both.add(sooner)
        both.fetch(sooner, 0...3, slot: 26)
        var bench = Bench(both, freeBytes: freeBytes, indexes: [index, sooner])
        let items = bench.wait(until: 20_000).pulls.map(\.pull.item)
        #expect(items == (freeBytes == 1_500_000 ? ["a@1", "a@1", "a@1"] : []))
        #expect(bench.wait(until: 26_000).pulls.map(\.pull.item).contains("b@1"))
    }

    @Test func `three at a time`() {
        var bench = sender()
        let sent = (1..<6).map { ask(&bench, $0, at: 9000).sends.count }
        #expect(sent == [1, 1, 1, 0, 0])
    }

    @Test func `without leave everything waits for its slot`() {
        var bench = sender(ahead: 0)
        #expect(ask(&bench, 1, at: 9000).sends.isEmpty)
        #expect(bench.wait(until: 10_999).sends.isEmpty)
        #expect(bench.wait(until: 11_000).sends.count == 1)
    }

    @Test func `what isn't there yet waits, and keeps nobody else waiting`() {
        var bench = sender(held: 4..<12)
        #expect(ask(&bench, 1, at: 9000).sends.isEmpty)
        #expect(bench.all.refusals.isEmpty)
        #expect(ask(&bench, 2, at: 9000).sends.count == 1)
    }
}

extension [Action] {
    fileprivate var hastened: [(id: OutletID, pace: Pace)] {
        compactMap { if case .hasten(let id, let pace) = $0 { (id, pace) } else { nil } }
    }
}
