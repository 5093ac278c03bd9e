import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

/// Who is asked for what a source doesn't send, and when. Slots are a second, so the patience is
/// three.
@Suite struct FallbackTests {
    let index = Night.index("a", chunks: 8)
    let peer = Night.device("p")

    private func bench(
        _ fallbacks: [ManifestContent.End], atMs: Int64 = 5000, slot: Int64 = 5,
        _ change: (inout Night) -> Void = { _ in }
    ) -> Bench {
        var night = Night()
        night.add(index, fallbacks: fallbacks)
        night.fetch(index, 0...7, slot: slot, from: peer)
        change(&night)
        return Bench(night, indexes: [index], atMs: atMs)
    }

    /// Ends every pull from the planned source with `ending` until `ms`.
    ///
    /// Returns what the others were asked.
    private func others(
        _ bench: inout Bench, failing ending: Ending, until ms: Int64
    ) -> [(atMs: Int64, id: String, chunks: ClosedRange<Int32>)] {
        var asked: [(atMs: Int64, id: String, chunks: ClosedRange<Int32>)] = []
        var open = bench.all.pulls
        while bench.nowMs < ms {
            while let (id, pull) = open.popLast() {
                if pull.end.id == "p" {
                    open += bench.tell(.intakeEnded(id, ending, wasteBytes: 0)).pulls
                } else {
                    asked.append((bench.nowMs, pull.end.id, pull.chunks))
                }
            }
            open = bench.wait(until: bench.nowMs + 10).pulls
        }
        return asked
    }

    @Test func `who fails is asked again after growing waits, up to two seconds`() {
        var bench = bench([], atMs: 0)
        var times: [Int64] = []
        while bench.nowMs < 30_000 {
            for (id, _) in bench.wait(until: bench.nowMs + 10).pulls {
                times.append(bench.nowMs)
                bench.tell(.intakeEnded(id, .unreachable, wasteBytes: 0))
            }
        }
        let waits = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(times.first == 4500)
        #expect(waits.first.map { (125...270).contains($0) } == true)
        #expect(waits.allSatisfy { $0 <= 2010 })
        #expect(waits.suffix(10).allSatisfy { $0 >= 1000 })
    }

    @Test func `a source that is lost is replaced in its slot, by devices in their order`() {
        var bench = bench([Night.device("x", token: "tx"), Night.device("y"), Night.origin])
        let asked = others(&bench, failing: .unreachable, until: 5990)
        #expect(asked.map(\.id) == ["x"])
        #expect(asked.map(\.chunks) == [0...7])
    }

    @Test func `an origin is asked early only when no device is left`() {
        var bench = bench([Night.device("x"), Night.origin])
        #expect(others(&bench, failing: .unreachable, until: 7900).map(\.id) == ["x"])
        var alone = self.bench([Night.origin])
        #expect(others(&alone, failing: .unreachable, until: 5990).map(\.id) == ["o"])
    }

    @Test(arguments: [(404, 6000), (503, 7000)] as [(Int, Int64)])
    func `who says no is believed after the slot, who says not now a little later`(
        status: Int, fromMs: Int64
    ) {
        var bench = bench([Night.device("x"), Night.origin])
        let no = Ending.refused(status: status, retryAfterMs: 0)
        let asked = others(&bench, failing: no, until: fromMs + 1000)
        #expect(asked.map(\.id) == ["x"])
        #expect(asked.first.map { (fromMs...(fromMs + 10)).contains($0.atMs) } == true)
    }

    @Test(arguments: [1, 900] as [Int32])
    func `who can't send a piece now but sends others has three seconds`(slotSeconds: Int32)
        throws
    {
        let slotMs = Int64(slotSeconds) * 1000
        var night = Night(slotSeconds: slotSeconds)
        night.add(index, fallbacks: [Night.device("x", token: "tx")])
        night.fetch(index, 0...3, slot: 5, from: peer, token: "t0")
        night.fetch(index, 4...7, slot: 5, from: peer, token: "t1")
        var bench = Bench(night, indexes: [index], atMs: 5 * slotMs)
        let refused = try #require(bench.all.pulls.first { $0.pull.token == "t0" })
        let no = Ending.refused(status: 503, retryAfterMs: 9000)
        bench.tell(.intakeEnded(refused.id, no, wasteBytes: 0), at: 6 * slotMs - 100)
        let sent = try #require(bench.all.pulls.first { $0.pull.token == "t1" })
        bench.tell(.chunk(sent.id, chunk: 4, digest: index.chunks[4]), at: 6 * slotMs)
        #expect(bench.wait(until: 6 * slotMs + 2990).pulls.isEmpty)
        let asked = bench.wait(until: 6 * slotMs + 3010).pulls
        #expect(asked.first?.pull.chunks == 0...3)
        #expect(asked.first?.pull.end.id == "x")
    }

    @Test func `a slow fall-back keeps all while the source is at the piece itself`() throws {
        var bench = bench([Night.device("x", token: "tx")])
        let (source, _) = try #require(bench.all.pulls.first)
        let relief = try #require(bench.wait(until: 9000).pulls.first)
        #expect(relief.pull.chunks == 4...7)
        bench.tell(.chunk(source, chunk: 0, digest: index.chunks[0]), at: 10_000)
        for chunk in Int32(4)...5 {
            bench.tell(.chunk(relief.id, chunk: chunk, digest: index.chunks[Int(chunk)]))
        }
        bench.wait(until: 12_100)
        let said = bench.tell(.chunk(relief.id, chunk: 6, digest: index.chunks[6]))
        #expect(said.contains(.store(relief.id, item: "a@1", chunk: 6)))
        #expect(!said.contains(.cancel(relief.id)))
        #expect(
            bench.tell(.chunk(relief.id, chunk: 7, digest: index.chunks[7]))
                .contains(.store(relief.id, item: "a@1", chunk: 7)))
    }

    @Test func `near the end of a night of long slots a fall-back is given up in minutes`() throws {
        var night = Night(slotSeconds: 900, slots: 4)
        night.add(
            index, fallbacks: [Night.device("x", token: "tx"), Night.device("y", token: "ty")])
        night.fetch(index, 0...7, slot: 1, from: peer)
        // The slot ended after 30 minutes, the night does after 60: at most five are the patience.
        var bench = Bench(night, indexes: [index], atMs: 2_400_000)
        #expect(bench.all.pulls.map(\.pull.end.id) == ["p", "x"])
        let source = try #require(bench.all.pulls.first)
        let asked = bench.tell(.intakeEnded(source.id, .unreachable, wasteBytes: 0)).pulls
        #expect(asked.map(\.pull.end.id) == ["y"])
        #expect(bench.wait(until: 2_600_000).pulls.isEmpty)
        #expect(bench.wait(until: 2_701_000).pulls.first?.pull.end.id == "p")
    }

    @Test func `a slow fall-back keeps what it would bring, its source has the rest`() throws {
        var bench = bench([Night.device("x", token: "tx")])
        let (first, _) = try #require(bench.all.pulls.first)
        let away = Ending.refused(status: 503, retryAfterMs: 4000)
        #expect(bench.tell(.intakeEnded(first, away, wasteBytes: 0)).pulls.isEmpty)
        let (slow, pull) = try #require(bench.wait(until: 7000).pulls.first)
        #expect(pull.chunks == 0...7)
        bench.wait(until: 8000)
        for chunk in Int32(0)...1 {
            bench.tell(.chunk(slow, chunk: chunk, digest: index.chunks[Int(chunk)]))
        }
        #expect(bench.wait(until: 9990).pulls.isEmpty)
        let again = bench.wait(until: 10_000).pulls
        #expect(again.map(\.pull.end.id) == ["p"])
        #expect(again.map(\.pull.chunks) == [4...7])
        // Nothing more comes of what it kept: its source has that too, once it is through.
        let (source, _) = try #require(again.first)
        for chunk in Int32(4)...7 {
            bench.tell(.chunk(source, chunk: chunk, digest: index.chunks[Int(chunk)]))
        }
        bench.wait(until: 11_000)
        let rest = bench.tell(.intakeEnded(source, .complete, wasteBytes: 0)).pulls
        #expect(rest.map(\.pull.end.id) == ["p"])
        #expect(rest.map(\.pull.chunks) == [2...3])
    }

    @Test(arguments: [(nil, 12_000), (3, 9000), (0, 6000)] as [(Int32?, Int64)])
    func `a fall-back is asked with its own token, for at most eight megabytes, an origin late`(
        patience: Int32?, originMs: Int64
    ) throws {
        let large = Night.index("a", chunks: 8, chunkBytes: 4 << 20)
        var night = Night()
        night.add(
            large,
            fallbacks: [
                Night.device("x", token: "tx"), Night.device("y", token: "ty"), Night.origin,
            ])
        night.fetch(large, 0...7, slot: 5, from: .init(kind: .device, id: "p"))
        night.content.originPatienceSeconds = patience
        var bench = Bench(night, indexes: [large], atMs: 5000)
        let pulls = bench.all.pulls + bench.wait(until: 5010).pulls
        #expect(pulls.map(\.pull.token) == ["tx", "ty"])
        #expect(pulls.map(\.pull.chunks) == [0...1, 2...3])
        #expect(bench.wait(until: originMs - 1).pulls.isEmpty)
        #expect(bench.wait(until: originMs).pulls.map(\.pull.path) == ["blobs/a"])
        #expect(bench.wait(until: originMs + 100).pulls.isEmpty)
    }

    @Test func `a slow source keeps half of what is left once its patience is over`() throws {
        var bench = bench([Night.device("x", token: "tx")])
        let (slow, _) = try #require(bench.all.pulls.first)
        #expect(bench.wait(until: 8999).pulls.isEmpty)
        let relief = bench.wait(until: 9000).pulls
        #expect(relief.map(\.pull.chunks) == [4...7])
        for chunk in Int32(0)...2 {
            #expect(
                !bench.tell(.chunk(slow, chunk: chunk, digest: index.chunks[Int(chunk)]))
                    .contains(.cancel(slow)))
        }
        #expect(
            bench.tell(.chunk(slow, chunk: 3, digest: index.chunks[3])).contains(.cancel(slow)))
    }

    @Test(arguments: [true, false])
    func `a chunk that is long in coming is raced for, and the loser is given up`(slowWins: Bool)
        throws
    {
        var night = Night()
        night.add(index, fallbacks: [Night.device("x", token: "tx")])
        night.fetch(index, 7...7, slot: 5, from: peer)
        var bench = Bench(night, indexes: [index], atMs: 5000)
        let (slow, _) = try #require(bench.all.pulls.first)
        let (fast, _) = try #require(bench.wait(until: 17_000).pulls.first)
        let (winner, loser) = slowWins ? (slow, fast) : (fast, slow)
        let said = bench.tell(.chunk(winner, chunk: 7, digest: index.chunks[7]))
        #expect(said.contains(.store(winner, item: "a@1", chunk: 7)))
        #expect(said.contains(.cancel(loser)))
        bench.tell(.intakeEnded(loser, .cancelled, wasteBytes: 5))
        #expect(bench.tell(.tick).pulls.isEmpty)
        bench.tell(.stored(item: "a@1", chunk: 7))
        bench.tell(.intakeEnded(winner, .complete, wasteBytes: 0))
        #expect(bench.wait(until: 40_000).pulls.isEmpty)
    }

    @Test(arguments: [(0, 250_000, 2), (250_000, 1 << 30, 2), (1 << 30, 1 << 30, 8)])
    func `the reserve and the cap of fall-backs are kept`(
        reserve: Int64, fallback: Int64, chunks: Int
    ) {
        let ends = reserve == 0 ? [Night.device("x")] : [Night.origin]
        var bench = bench(ends) {
            $0.content.caps.fallbackBytes = fallback
            $0.content.caps.reserveBytes = reserve
        }
        let asked = others(&bench, failing: .unreachable, until: 9900)
        #expect(asked.first?.chunks.count == chunks)
        #expect(asked.count == 1)
    }

    @Test func `when the own line comes back, nobody is left alone any longer`() throws {
        var night = Night(slotSeconds: 60)
        night.add(index)
        for (position, end) in ["p", "q"].enumerated() {
            let chunk = Int32(position)
            night.fetch(index, chunk...chunk, slot: 0, from: Night.device(end), token: end)
        }
        var bench = Bench(night, indexes: [index])
        var open = bench.all.pulls
        while bench.nowMs < 40_000 || open.isEmpty {
            while bench.nowMs < 40_000, let (id, _) = open.popLast() {
                open += bench.tell(.intakeEnded(id, .unreachable, wasteBytes: 0)).pulls
            }
            open += bench.wait(until: bench.nowMs + 50).pulls
        }
        #expect(open.count == 1)
        let (id, pull) = try #require(open.first)
        #expect(bench.deliver(id, pull, index).pulls.count == 1)
    }
}
