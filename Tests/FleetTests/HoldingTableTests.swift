import Quantities
import Testing

@testable import Fleet

/// The table says what an array of the same holdings says.
struct HoldingTableTests {
    private func holding(_ random: inout SplitMix64) -> Holding {
        let chunks = RangeSet32(0..<Int32(1 + random.below(5)))
        return Holding(
            item: Int32(random.below(4)) - 1, chunks: random.below(3) == 0 ? .some(chunks) : .all,
            area: random.below(2) == 0 ? .wish : .cache, bought: random.below(2) == 0,
            unknownBytes: random.below(3) == 0 ? Int64(random.below(4)) : 0)
    }

    @Test func `rows that are added and changed read as they were written`() {
        for seed in UInt64(0)..<200 {
            var random = SplitMix64(seed: seed)
            var rows: [Holding] = []
            for _ in 0..<random.below(12) { rows.append(holding(&random)) }
            var table = HoldingTable(rows)
            for _ in 0..<8 where !rows.isEmpty {
                let place = random.below(rows.count)
                rows[place] = holding(&random)
                table[place] = rows[place]
            }
            rows.append(holding(&random))
            table.append(rows[rows.count - 1])
            #expect(Array(table) == rows, "seed \(seed)")
            #expect(table == HoldingTable(rows), "seed \(seed)")
            #expect(table.items == rows.map(\.item))
            #expect(table.indices.map { table.chunks(of: $0) } == rows.map(\.chunks))
            #expect(table.indices.map { table.area(of: $0) } == rows.map(\.area))
        }
    }

    @Test func `details are numbered in the order of their holdings`() {
        let part = Holding.Chunks.some(RangeSet32(0..<1))
        var table = HoldingTable([
            Holding(item: 1), Holding(item: 2, chunks: part), Holding(item: -1, unknownBytes: 7),
        ])
        #expect(table.detailCount == 2)
        #expect(table.indices.map { table.detail(of: $0) } == [nil, 0, 1])
        table[0] = Holding(item: 1, chunks: part)
        table[1] = Holding(item: 2)
        #expect(table.indices.map { table.detail(of: $0) } == [0, nil, 1])
    }
}
