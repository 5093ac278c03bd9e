import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

@Suite struct RemovalTests {
    let old = Night.index("a", chunks: 4) { $0 < 2 ? "same" : "" }
    let new = Night.index("a", version: "2", chunks: 4) { $0 < 2 ? "same" : "" }

    private func night(removeAt slot: Int64, fetchAt: Int64) -> Night {
        var night = Night()
        night.add(old)
        night.add(new)
        night.fetch(new, 0...3, slot: fetchAt)
        night.content.remove = [.init(piece: night.piece(old, 0...3), at: night.span(slot).starts)]
        return night
    }

    private func shelf(bought: Bool = false) -> [Event.Shelved] {
        [.init(item: "a@1", chunks: RangeSet32(0..<4), bought: bought, index: old)]
    }

    @Test func `what is on the disk in another version is copied, before that goes`() throws {
        var bench = Bench(night(removeAt: 5, fetchAt: 5), shelf: shelf(), indexes: [new])
        #expect(
            bench.all.contains(.copy(item: "a@2", chunk: 0, from: "a@1", fromChunk: 0)))
        bench.tell(.stored(item: "a@2", chunk: 0), at: 100)
        bench.tell(.notStored(item: "a@2", chunk: 1, .unreadable))
        #expect(bench.all.notes.map(\.result) == [.local])
        #expect(bench.all.removals == [])
        let said = bench.wait(until: 5000)
        #expect(said.removals == ["a@1"])
        #expect(said.pulls.map(\.pull.chunks) == [1...3])
    }

    @Test func `nothing is removed before its time, or for nothing`() {
        var early = Bench(night(removeAt: 5, fetchAt: 3), shelf: shelf(), indexes: [new])
        #expect(early.wait(until: 59_000).removals == [])
        var unknown = Bench(night(removeAt: 5, fetchAt: 5), shelf: shelf())
        #expect(unknown.wait(until: 59_000).removals == [])
        var bought = Bench(
            night(removeAt: 5, fetchAt: 5), shelf: shelf(bought: true), indexes: [new])
        #expect(bought.wait(until: 59_000).removals == [])
    }

    @Test
    func `an earlier fetch that waits for the room gets it, one that doesn't need it doesn't`() {
        for (free, removed) in [(300_000, ["a@1"]), (1_000_000, [])] as [(Int64, [String])] {
            let other = Night.index("b", chunks: 4)
            var night = Night()
            night.add(old)
            night.add(other)
            night.fetch(other, 0...3, slot: 3)
            night.content.remove = [.init(piece: night.piece(old, 0...3), at: night.span(5).starts)]
            var bench = Bench(night, shelf: shelf(), freeBytes: free, indexes: [other])
            #expect(bench.wait(until: 4999).removals == [])
            #expect(bench.wait(until: 59_000).removals == removed)
            bench.tell(.removed(item: "a@1", freeBytes: free + 350_000))
        }
    }

    @Test func `what goes is not sent from its time on`() {
        var night = night(removeAt: 5, fetchAt: 9)
        night.serve(old, 0...3, slot: 2)
        var bench = Bench(night, shelf: shelf(), indexes: [new])
        let ask = Event.asked(OutletID(raw: 2), token: "s", item: "a@1", bytes: 0..<100_000)
        #expect(bench.tell(ask, at: 4900).sends.count == 1)
        bench.wait(until: 5000)
        let again = Event.asked(OutletID(raw: 4), token: "s", item: "a@1", bytes: 0..<100_000)
        #expect(bench.tell(again).refusals.map(\.status) == [404])
    }
}
