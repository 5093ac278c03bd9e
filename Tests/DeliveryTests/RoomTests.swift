import Content
import Manifest
import Quantities
import Testing

@testable import Delivery

@Suite struct RoomTests {
    typealias Candidate = Space.Candidate

    private func candidate(
        _ stock: Int, lacks: Int64, partial: Int64 = 0, completes: Bool = true
    ) -> Candidate {
        Candidate(
            stock: stock, key: "item\(stock)", completes: completes, isWish: true,
            missingBytes: lacks, partialBytes: partial)
    }

    @Test func `takes what fits, least first, those that are completed before all`() {
        let items = [
            candidate(0, lacks: 60), candidate(1, lacks: 30), candidate(2, lacks: 50),
            candidate(3, lacks: 1, completes: false),
        ]
        #expect(Space.choose(items, freeBytes: 81, comingBytes: 0).chosen == [1, 2, 3])
        #expect(Space.choose(items, freeBytes: 80, comingBytes: 0).chosen == [1, 2])
        #expect(Space.choose(items, freeBytes: 40, comingBytes: 41).chosen == [1, 2, 3])
        #expect(Space.choose(items, freeBytes: 200, comingBytes: 0).chosen == [1, 2, 0, 3])
    }

    @Test func `a greater partial file makes room for a smaller wish, if it has to`() {
        let items = [candidate(0, lacks: 100, partial: 40), candidate(1, lacks: 30)]
        let tight = Space.choose(items, freeBytes: 10, comingBytes: 0)
        #expect(tight.chosen == [1])
        #expect(tight.dropped == [0])
        let enough = Space.choose(items, freeBytes: 35, comingBytes: 0)
        #expect(enough.chosen == [1])
        #expect(enough.dropped == [])
    }

    /// Every choice of up to four items of small sizes, against a second method: brute force.
    @Test func `what is chosen fits, and nothing that is left out would`() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<3000 {
            let items = (0..<(1 + random.below(4))).map {
                candidate(
                    $0, lacks: Int64(1 + random.below(9)), partial: Int64(random.below(5)),
                    completes: random.below(2) == 0)
            }
            let (free, coming) = (Int64(random.below(15)), Int64(random.below(4)))
            let choice = Space.choose(items, freeBytes: free, comingBytes: coming)
            let need = choice.chosen.reduce(0) { $0 + items[$1].missingBytes }
            let given = choice.dropped.reduce(0) { $0 + items[$1].partialBytes }
            #expect(need <= free + coming + given)
            #expect(Set(choice.chosen).isDisjoint(with: choice.dropped))
            let left = items.indices.filter { !choice.chosen.contains($0) }
            let all = left.reduce(0) { $0 + items[$1].partialBytes }
            for other in left {
                #expect(
                    need + items[other].missingBytes + items[other].partialBytes > free + coming
                        + all)
            }
            if !choice.dropped.isEmpty {
                let smallest = choice.dropped.map { items[$0].partialBytes }.min() ?? 0
                #expect(need > free + coming + given - smallest)
            }
        }
    }

    let small = Night.index("small", chunks: 2)
    let great = Night.index("great", chunks: 9)

    @Test func `an item begins only with room for all of it`() {
        var night = Night()
        night.add(small)
        night.add(great)
        night.fetch(great, 0...8, slot: 1)
        night.fetch(small, 0...1, slot: 2)
        var bench = Bench(night, freeBytes: 500_000, indexes: [small, great])
        #expect(bench.wait(until: 5000).pulls.map(\.pull.item) == ["small@1"])
    }

    @Test func `a disk that is full after all keeps the smaller wish`() throws {
        var night = Night()
        night.add(small)
        night.add(great)
        night.fetch(great, 0...8, slot: 1)
        night.fetch(small, 0...1, slot: 3)
        var bench = Bench(night, freeBytes: 1 << 30, indexes: [small, great])
        let (id, _) = try #require(bench.wait(until: 1500).pulls.first)
        for chunk in Int32(0)..<4 {
            bench.tell(.chunk(id, chunk: chunk, digest: great.chunks[Int(chunk)]))
            if chunk < 3 { bench.tell(.stored(item: "great@1", chunk: chunk)) }
        }
        let full = bench.tell(.notStored(item: "great@1", chunk: 3, .full))
        #expect(full.contains(.cancel(id)))
        #expect(bench.tell(.intakeEnded(id, .cancelled, wasteBytes: 0)).removals == ["great@1"])
        bench.tell(.removed(item: "great@1", freeBytes: 1 << 30))
        #expect(bench.wait(until: 3500).pulls.map(\.pull.item) == ["small@1"])
    }

    @Test func `a chunk that can't be written is asked for again, not for ever`() {
        var night = Night()
        night.add(small)
        night.fetch(small, 0...1, slot: 1)
        var bench = Bench(night, indexes: [small])
        var asked = 0
        while bench.nowMs < 59_000 {
            for (id, pull) in bench.wait(until: bench.nowMs + 100).pulls {
                asked += 1
                bench.tell(.chunk(id, chunk: pull.chunks.lowerBound, digest: small.chunks[0]))
                bench.tell(.notStored(item: "small@1", chunk: pull.chunks.lowerBound, .unwritable))
                bench.tell(.intakeEnded(id, .cut, wasteBytes: 0))
            }
        }
        #expect(asked == 8)
    }
}
