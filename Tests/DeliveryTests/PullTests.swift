import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

@Suite struct PullTests {
    let index = Night.index("a", chunks: 8)

    private func night(_ source: ManifestContent.End) -> Night {
        var night = Night()
        night.add(index)
        night.fetch(index, 0...3, slot: 5, from: source)
        night.fetch(index, 4...7, slot: 6, from: source)
        return night
    }

    @Test func `asks for nothing before the index is trusted`() {
        var bench = Bench(night(Night.device("p")))
        #expect(bench.all.contains { if case .needIndex = $0 { true } else { false } })
        #expect(bench.wait(until: 7000).pulls.isEmpty)
        #expect(bench.tell(.index(item: "a@1", index)).pulls.count == 2)
    }

    @Test func `an index that is cut otherwise than the manifest says is none`() {
        var bench = Bench(night(Night.device("p")), atMs: 7000)
        let other = Night.index("a", chunks: 7)
        #expect(bench.tell(.index(item: "a@1", other)).pulls.isEmpty)
        let again = bench.wait(until: 20_000)
        #expect(again.contains { if case .needIndex = $0 { true } else { false } })
    }

    @Test func `asks a device half a slot early, an origin on time`() {
        var peer = Bench(night(Night.device("p")), indexes: [index])
        #expect(peer.wait(until: 4499).pulls.isEmpty)
        let first = peer.wait(until: 4500).pulls
        #expect(first.map(\.pull.chunks) == [0...3])
        #expect(first.first?.pull.token == "t")
        #expect(first.first?.pull.path == "a@1")
        var origin = Bench(night(Night.origin), indexes: [index])
        #expect(origin.wait(until: 4999).pulls.isEmpty)
        #expect(origin.wait(until: 5000).pulls.map(\.pull.path) == ["blobs/a"])
    }

    @Test func `paces as the manifest says, from the slot's beginning to its end`() throws {
        var bench = Bench(night(Night.device("p")), indexes: [index])
        let pace = try #require(bench.wait(until: 4500).pulls.first).pull.pace
        #expect(pace.fromSteadyMs == 10_000)
        #expect(pace.untilSteadyMs == 11_000)
        #expect(pace.bytesPerSecond == 400_000)
        #expect(pace.burstBytes == 100_000)
    }

    @Test func `what comes is stored, finished and told of`() throws {
        var bench = Bench(night(Night.device("p")), indexes: [index])
        for (id, pull) in bench.wait(until: 6100).pulls { bench.deliver(id, pull, index) }
        #expect(bench.all.contains(.finish(item: "a@1", mayBeBought: true)))
        #expect(bench.all.notes.map(\.result) == [.complete, .complete])
        #expect(bench.all.notes.map(\.bytes) == [400_000, 350_000])
        #expect(bench.tell(.finished(item: "a@1", nil)).contains(.done))
    }

    @Test func `a short answer is asked on, from where it ended`() throws {
        var bench = Bench(night(Night.device("p")), indexes: [index])
        let (id, pull) = try #require(bench.wait(until: 5000).pulls.first)
        bench.nowMs = 5250
        let next = bench.deliver(id, pull, index, ending: .short, chunks: 1).pulls
        #expect(next.map(\.pull.chunks) == [1...3])
        #expect(next.first?.pull.pace.fromSteadyMs == 10_250)
    }

    @Test func `one chunk of a liar is enough`() throws {
        var bench = Bench(night(Night.device("p")), indexes: [index])
        let (id, _) = try #require(bench.wait(until: 5000).pulls.first)
        let said = bench.tell(.chunk(id, chunk: 0, digest: Night.digest("lie", 0)))
        #expect(said.contains(.discard(id, chunk: 0)))
        #expect(said.contains(.cancel(id)))
        let after = bench.tell(.intakeEnded(id, .cancelled, wasteBytes: 10))
        #expect(after.notes.map(\.result) == [.corrupt])
        #expect(after.notes.map(\.wasteBytes) == [100_010])
        #expect(bench.wait(until: 59_000).pulls.isEmpty)
    }

    @Test func `the caps are never exceeded`() {
        var night = night(Night.device("p"))
        night.content.caps.fetchBytes = 250_000
        var bench = Bench(night, indexes: [index])
        #expect(bench.wait(until: 7000).pulls.map(\.pull.chunks) == [0...1])
    }
}
