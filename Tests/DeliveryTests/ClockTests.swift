import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

@Suite struct ClockTests {
    let index = Night.index("a", chunks: 8)

    private func night() -> Night {
        var night = Night()
        night.add(index)
        night.fetch(index, 0...3, slot: 5)
        night.fetch(index, 4...7, slot: 20)
        return night
    }

    @Test func `nothing before the window, between windows, or after`() throws {
        var night = night()
        night.content.window = [
            .init(starts: night.span(4).starts, ends: night.span(10).starts),
            .init(starts: night.span(30).starts, ends: night.span(40).starts),
        ]
        var bench = Bench(night)
        #expect(bench.wait(until: 3999) == [])
        #expect(
            bench.wait(until: 4000).contains { if case .needIndex = $0 { true } else { false } })
        bench.tell(.index(item: "a@1", index))
        let (id, _) = try #require(bench.wait(until: 5000).pulls.first)
        #expect(bench.wait(until: 10_000).contains(.cancel(id)))
        bench.tell(.intakeEnded(id, .cancelled, wasteBytes: 0))
        #expect(bench.wait(until: 29_999).pulls.isEmpty)
        #expect(bench.wait(until: 30_000).pulls.count == 2)
        #expect(!bench.all.contains(.done))
    }

    @Test func `a jump back does nothing twice`() throws {
        var bench = Bench(night(), indexes: [index])
        let (id, pull) = try #require(bench.wait(until: 5000).pulls.first)
        bench.deliver(id, pull, index)
        bench.aheadMs = -4000
        #expect(bench.tell(.tick).pulls.isEmpty)
        #expect(bench.wait(until: 23_999).pulls.isEmpty)
        #expect(bench.wait(until: 24_000).pulls.map(\.pull.chunks) == [4...7])
    }

    @Test func `a jump forward begins what is due, at once`() {
        var bench = Bench(night(), indexes: [index])
        bench.aheadMs = 21_000
        #expect(bench.tell(.tick).pulls.map(\.pull.chunks) == [0...3, 4...7])
    }

    @Test func `a jump beyond the end ends it for good`() throws {
        var bench = Bench(night(), indexes: [index])
        let (id, _) = try #require(bench.wait(until: 5000).pulls.first)
        bench.aheadMs = 100_000_000
        #expect(bench.tell(.tick).contains(.cancel(id)))
        #expect(bench.tell(.intakeEnded(id, .cancelled, wasteBytes: 0)).contains(.done))
        bench.aheadMs = 0
        #expect(bench.wait(until: 30_000) == [])
    }

    @Test func `told to stop, it ends what moves and begins nothing`() throws {
        var bench = Bench(night(), indexes: [index])
        let (id, _) = try #require(bench.wait(until: 5000).pulls.first)
        #expect(bench.tell(.stop) == [.cancel(id)])
        #expect(bench.tell(.intakeEnded(id, .cancelled, wasteBytes: 0)) == [.done])
        #expect(bench.wait(until: 40_000) == [])
    }

    @Test func `what was spent before a restart counts`() {
        var night = night()
        night.content.caps.fetchBytes = 500_000
        var delivery = Delivery(
            content: night.content, spent: Spent(receivedBytes: 200_000))
        let at = Moment(wallMs: (Night.start + 21) * 1000, steadyMs: 1)
        _ = delivery.handle(.began(shelf: [], freeBytes: 1 << 30), at: at)
        let said = delivery.handle(.index(item: "a@1", index), at: at)
        #expect(said.pulls.map(\.pull.chunks) == [0...2])
        #expect(delivery.spent.receivedBytes == 500_000)
    }

    @Test func `a cut counts what came, and a chunk that may be on its way`() throws {
        var bench = Bench(night(), indexes: [index])
        let (id, pull) = try #require(bench.wait(until: 5000).pulls.first)
        let asked = Int64(pull.bytes.count)
        #expect(bench.delivery.spent.receivedBytes == asked)
        #expect(bench.delivery.spentIfCut.receivedBytes == 0)
        _ = bench.tell(.intakeBegan(id))
        #expect(bench.delivery.spentIfCut.receivedBytes == pull.chunkBytes[0])
        let chunk = pull.chunks.lowerBound
        _ = bench.tell(.chunk(id, chunk: chunk, digest: index.chunks[Int(chunk)]))
        #expect(bench.delivery.spent.receivedBytes == asked)
        #expect(
            bench.delivery.spentIfCut.receivedBytes == pull.chunkBytes[0] + pull.chunkBytes[1])
        _ = bench.tell(.intakeEnded(id, .cut, wasteBytes: 10))
        #expect(bench.delivery.spentIfCut == bench.delivery.spent)
        #expect(bench.delivery.spent.receivedBytes == pull.chunkBytes[0] + 10)
    }

    @Test func `waits of a policy double up to a slot, between two seconds and a minute`() {
        for (slot, longest) in [(1, 2000), (5, 5000), (900, 60_000)] as [(Int32, Int64)] {
            let policy = Policy(slotSeconds: slot)
            for key in UInt64(0)..<200 {
                var whole: Int64 = 250
                for attempt in 1...30 {
                    let wait = policy.backOff(attempt: attempt, key: key)
                    #expect(min(whole, longest) / 2 <= wait && wait <= min(whole, longest))
                    whole = min(whole * 2, longest)
                }
            }
        }
    }
}
