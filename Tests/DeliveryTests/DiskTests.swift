import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

@Suite struct DiskTests {
    let index = Night.index("a", chunks: 4)

    private func bench(_ change: (inout Night) -> Void = { _ in }) -> Bench {
        var night = Night()
        night.add(index)
        night.fetch(index, 0...3, slot: 1)
        change(&night)
        return Bench(night, indexes: [index])
    }

    @Test func `a chunk that can't be read any more is fetched again and not sent meanwhile`()
        throws
    {
        var bench = bench { $0.serve(index, 0...3, slot: 2) }
        let (id, pull) = try #require(bench.wait(until: 1000).pulls.first)
        bench.deliver(id, pull, index)
        bench.tell(.finished(item: "a@1", nil))
        let again = bench.tell(.unreadable(item: "a@1", chunk: 2), at: 2000).pulls
        #expect(again.map(\.pull.chunks) == [2...2])
        let ask = Event.asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<350_000)
        #expect(bench.tell(ask).sends.map(\.send.bytes) == [0..<200_000])
        bench.deliver(again[0].id, again[0].pull, index)
        #expect(bench.all.count { $0 == .finish(item: "a@1", mayBeBought: true) } == 2)
    }

    @Test func `what was promised and didn't go out may be promised again`() {
        var night = Night()
        night.add(index)
        night.serve(index, 0...3, slot: 0)
        night.content.caps.serveBytes = 400_000
        var bench = Bench(
            night,
            shelf: [.init(item: "a@1", chunks: RangeSet32(0..<4), bought: true, index: index)])
        func ask(_ id: Int64) -> Event {
            .asked(OutletID(raw: id), token: "s", item: "a@1", bytes: 0..<350_000)
        }
        #expect(bench.tell(ask(2)).sends.map(\.send.bytes) == [0..<350_000])
        #expect(bench.tell(ask(4)).refusals.map(\.status) == [503])
        bench.tell(.outletEnded(OutletID(raw: 2), .cut, sentBytes: 90_000))
        #expect(bench.tell(ask(6)).sends.map(\.send.bytes) == [0..<300_000])
    }

    @Test func `a partial file goes only when nothing is being written to it`() throws {
        let small = Night.index("b", chunks: 1)
        var bench = bench {
            $0.add(small)
            $0.fetch(small, 0...0, slot: 9)
        }
        bench.tell(.index(item: "b@1", small))
        let (id, _) = try #require(bench.wait(until: 1000).pulls.first)
        for chunk in Int32(0)..<3 {
            bench.tell(.chunk(id, chunk: chunk, digest: index.chunks[Int(chunk)]))
        }
        bench.tell(.stored(item: "a@1", chunk: 0))
        bench.tell(.notStored(item: "a@1", chunk: 1, .full))
        #expect(bench.tell(.intakeEnded(id, .cancelled, wasteBytes: 0)).removals == [])
        #expect(bench.tell(.stored(item: "a@1", chunk: 2)).removals == ["a@1"])
    }

    @Test func `an item that can't be published is tried again`() throws {
        var bench = bench()
        let (id, pull) = try #require(bench.wait(until: 1000).pulls.first)
        bench.deliver(id, pull, index)
        let publish = Action.finish(item: "a@1", mayBeBought: true)
        #expect(!bench.tell(.finished(item: "a@1", .unwritable)).contains(publish))
        #expect(bench.wait(until: 3000).contains(publish))
        #expect(bench.tell(.finished(item: "a@1", nil)).contains(.done))
    }

    @Test func `what lies whole on the disk at the start is published, not fetched`() {
        var night = Night()
        night.add(index)
        night.fetch(index, 0...3, slot: 1)
        var bench = Bench(
            night,
            shelf: [.init(item: "a@1", chunks: RangeSet32(0..<4), bought: false, index: index)])
        #expect(bench.all.contains(.finish(item: "a@1", mayBeBought: true)))
        #expect(bench.wait(until: 30_000).pulls.isEmpty)
    }

    @Test func `of two pushes of the same chunk one is taken`() {
        var night = Night()
        night.add(index)
        for token in ["t", "u"] {
            night.fetch(
                index, 0...3, slot: 1, from: .init(kind: .device, id: token), role: .listen,
                token: token)
        }
        var bench = Bench(night, indexes: [index], atMs: 1000)
        for (id, token, status) in [(2, "t", 0), (4, "u", 409)] as [(Int64, String, Int)] {
            let said = bench.tell(
                .offered(OutletID(raw: id), token: token, item: "a@1", bytes: 0..<350_000))
            #expect(said.refusals.map(\.status) == (status == 0 ? [] : [status]))
        }
    }

    @Test func `nonsense from the shell changes nothing`() throws {
        var bench = bench()
        let (id, pull) = try #require(bench.wait(until: 1000).pulls.first)
        let nobody = IntakeID(raw: 99)
        #expect(
            bench.tell(.chunk(nobody, chunk: 0, digest: index.chunks[0]))
                == [.discard(nobody, chunk: 0)])
        for event: Event in [
            .stored(item: "a@1", chunk: 3), .stored(item: "a@1", chunk: 9),
            .stored(item: "b@1", chunk: 0), .notStored(item: "a@1", chunk: -1, .full),
            .intakeEnded(nobody, .complete, wasteBytes: 3), .finished(item: "a@1", nil),
            .outletEnded(OutletID(raw: 4), .cut, sentBytes: 5), .unreadable(item: "a@1", chunk: 7),
            .index(item: "b@1", index), .began(shelf: [], freeBytes: 0),
        ] {
            #expect(bench.tell(event).allSatisfy { if case .wake = $0 { true } else { false } })
        }
        bench.deliver(id, pull, index)
        #expect(bench.all.notes.map(\.result) == [.complete])
    }
}

@Suite struct SignedTests {
    @Test func `a signed manifest is carried out as it is written`() throws {
        let index = Night.index("a", chunks: 8)
        var night = Night()
        night.add(index, fallbacks: [Night.origin])
        var source = Night.device("p")
        source.token = String(repeating: "a", count: 32)
        let token = source.token(for: night.piece(index, 0...7), at: night.span(3).starts)
        night.fetch(index, 0...7, slot: 3, from: source, token: token)
        night.content.items[0].path = "a@1"
        let random = (0..<SigningKey.randomByteCount).map { UInt8($0) }
        let key = try SigningKey(random: random)
        let signed = try ManifestDraft(content: night.content).signed(with: key)
        let verified = try signed.verify(
            TrustRules(
                keys: [key.publicKey], fleet: "f", device: "me",
                now: Instant(seconds: Night.start)))
        var delivery = Delivery(verified)
        let at = Moment(wallMs: (Night.start + 3) * 1000, steadyMs: 1)
        _ = delivery.handle(.began(shelf: [], freeBytes: 1 << 30), at: at)
        let pull = try #require(
            delivery.handle(.index(item: "a@1", index), at: at).pulls.first
        ).pull
        #expect(pull.token == token)
        #expect(pull.chunks == 0...7)
        #expect(pull.end.address == "p:7000")
    }
}
