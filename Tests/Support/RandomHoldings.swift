import Catalogue
import Fleet
import Quantities

extension InstanceDraw {
    /// By rank, then title; ranks with gaps and now and then twice.
    mutating func wishes(_ catalogue: Catalogue) -> [Wish] {
        var titles = catalogue.titles.indices.map(Int32.init)
        var wishes: [Wish] = []
        var rank = 0
        for _ in 0..<min(random.pick(knobs.wishes), titles.count) {
            rank += random.pick([1, 1, 1, 2, 0])
            let title = titles.remove(at: random.below(titles.count))
            wishes.append(Wish(title: title, rank: Int32(max(rank, 1))))
        }
        return wishes.sorted { ($0.rank, $0.title) < ($1.rank, $1.title) }
    }

    /// By item, unknown ones first: whole and partial, in both areas, bought or not.
    mutating func holdings(_ catalogue: Catalogue, wished: [Wish]) -> [Holding] {
        var holdings: [Holding] = []
        if random.chance(15) {
            holdings.append(
                Holding(
                    item: -1, area: random.pick([.wish, .cache]),
                    unknownBytes: Int64(random.pick(1...2)) * 700_001))
        }
        for item in catalogue.items.indices where random.chance(knobs.holdingChance) {
            guard let chunks = heldChunks(of: catalogue.items[item]) else { continue }
            let listed = wished.contains { $0.title == catalogue.items[item].title }
            holdings.append(
                Holding(
                    item: Int32(item), chunks: chunks,
                    area: random.chance(listed ? 60 : 25) ? .wish : .cache,
                    bought: random.chance(20)))
        }
        return holdings
    }

    private mutating func heldChunks(of item: Item) -> Holding.Chunks? {
        guard random.chance(knobs.partialChance) else { return .all }
        let some = RangeSet32(
            (0..<item.layout.count).filter { _ in random.chance(50) }.map { $0..<$0 + 1 })
        return some.isEmpty ? nil : .some(some)
    }
}
