import Quantities

/// What a box holds and wants.
struct Shelf: Sendable {
    struct Holding: Sendable {
        /// Number of a title; -1 for something that left the catalogue.
        var title: Int
        /// Nil: all.
        var chunks: RangeSet32?
        var isInWishArea: Bool
        var isBought: Bool
        /// Of something that left the catalogue.
        var goneNumber: Int
        var goneBytes: Int64
    }

    private(set) var holdings: [Holding] = []
    /// Numbers of titles by rank.
    private(set) var wishes: [Int] = []
    /// Numbers of titles named at purchase, ascending.
    private(set) var picks: [Int] = []

    private let world: World
    private let region: Int
    private var random: SplitMix64

    init(of box: Box, in world: World) {
        self.world = world
        region = box.region
        random = SplitMix64(seed: world.seed, .shelf, box.number)
        if box.state != "new" {
            fill(box)
            for title in world.rareCopies[box.number] ?? [] { hold(title, inWishArea: false) }
        }
        wish()
        premiere()
        if box.state != "new" {
            carryOver()
            listComplete()
            pick()
        }
    }

    private func holds(_ title: Int) -> Bool { holdings.contains { $0.title == title } }

    private mutating func hold(
        _ title: Int, inWishArea: Bool, bought: Bool = false, chunks: RangeSet32? = nil
    ) {
        holdings.append(
            Holding(
                title: title, chunks: chunks, isInWishArea: inWishArea, isBought: bought,
                goneNumber: 0, goneBytes: 0))
    }

    /// Both areas nearly full: bought things first, then watched ones, then what is kept for
    /// neighbours.
    private mutating func fill(_ box: Box) {
        let bought = box.wishBytes / 1000 * random.within(Parameters.boughtPermille)
        let wished = box.wishBytes / 1000 * random.within(Parameters.fillPermille)
        let cached = box.cacheBytes / 1000 * random.within(Parameters.fillPermille)
        let used = fill(bytes: bought, inWishArea: true, bought: true)
        _ = fill(bytes: wished - used, inWishArea: true, bought: false)
        _ = fill(bytes: cached, inWishArea: false, bought: false)
    }

    /// Draws titles until several in a row are there already or don't fit. Returns the bytes taken.
    private mutating func fill(bytes: Int64, inWishArea: Bool, bought: Bool) -> Int64 {
        var used: Int64 = 0
        var misses = 0
        while misses < 12, let number = world.holdTastes[region].draw(&random) {
            let title = world.titles[number]
            let size = title.totalBytes
            guard used + size <= bytes, !holds(number) else {
                misses += 1
                continue
            }
            misses = 0
            used += size
            if !bought, random.chance(permille: Parameters.goneHoldingPermille) {
                holdings.append(
                    Holding(
                        title: -1, chunks: nil, isInWishArea: inWishArea, isBought: false,
                        goneNumber: random.below(900_000), goneBytes: size))
            } else {
                let partial = !bought && random.chance(permille: Parameters.partialPermille)
                hold(
                    number, inWishArea: inWishArea, bought: bought,
                    chunks: partial ? somePart(of: title) : nil)
            }
        }
        return used
    }

    /// The first chunks of a title, sometimes with a gap.
    private mutating func somePart(of title: SyntheticTitle) -> RangeSet32? {
        let count = Int64(title.chunkCount)
        guard count > 4 else { return nil }
        let end = random.within(1...(count - 2))
        let first = RangeSet32(0..<Int32(end))
        guard random.chance(permille: 300), end > 3 else { return first }
        let gap = random.within(1...(end - 2))
        return first.subtracting(RangeSet32(Int32(gap)..<Int32(gap + 1)))
    }

    private mutating func wish() {
        let wanted = min(Int(random.within(Parameters.wishes)), (world.titles.count + 1) / 2)
        var attempts = 6 * wanted
        while wishes.count < wanted, attempts > 0,
            let title = world.wishTastes[region].draw(&random)
        {
            attempts -= 1
            if !wishes.contains(title), !holds(title) { wishes.append(title) }
        }
    }

    private mutating func premiere() {
        guard let title = world.premiere, random.chance(permille: Parameters.premierePermille)
        else { return }
        wishes.insert(title, at: min(random.below(3), wishes.count))
    }

    /// A part of one of the first wishes came in an earlier night.
    private mutating func carryOver() {
        guard !wishes.isEmpty, random.chance(permille: Parameters.carriedPermille) else { return }
        let number = wishes[random.below(min(4, wishes.count))]
        let title = world.titles[number]
        guard !title.isPremiere, !title.isCold, title.sizeIsKnown else { return }
        if let part = somePart(of: title) { hold(number, inWishArea: true, chunks: part) }
    }

    /// Something on the list is there already.
    private mutating func listComplete() {
        guard !holdings.isEmpty, random.chance(permille: Parameters.completePermille) else {
            return
        }
        let holding = holdings[random.below(holdings.count)]
        guard holding.title >= 0, !holding.isBought, holding.chunks == nil else { return }
        wishes.insert(holding.title, at: random.below(wishes.count + 1))
    }

    private mutating func pick() {
        guard !holdings.isEmpty, random.chance(permille: Parameters.picksPermille) else { return }
        for _ in 0...random.below(2) {
            let title = holdings[random.below(holdings.count)].title
            if title >= 0, !picks.contains(title) { picks.append(title) }
        }
        picks.sort()
    }
}
