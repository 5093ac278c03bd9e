import Quantities

/// What every row is made from: titles, network and taste. Memory grows with titles and sites, not
/// with boxes.
struct World: Sendable {
    let seed: UInt64
    let night: CivilDate
    let deviceCount: Int
    let titles: [SyntheticTitle]
    let network: Network
    /// By region: what its boxes wish for.
    let wishTastes: [WeightTable]
    /// By region: what its boxes hold.
    let holdTastes: [WeightTable]
    /// Box to the cold titles that it holds. Only looked up, never walked.
    let rareCopies: [Int: [Int]]
    /// Number of the title that nobody holds; nil in a catalogue too small to have one.
    let premiere: Int?

    init(deviceCount: Int, titleCount: Int, seed: UInt64, night: CivilDate) {
        self.seed = seed
        self.night = night
        self.deviceCount = deviceCount
        let packages = min(
            Parameters.packageLimit, (titleCount * Parameters.packagePermille + 999) / 1000)
        let premiere = titleCount >= 4 ? packages : nil
        let ranks = Permutation(count: titleCount, seed: seed)
        titles = (0..<titleCount).map {
            SyntheticTitle(
                number: $0, popularity: ranks($0) + 1, of: titleCount, isPackage: $0 < packages,
                isPremiere: $0 == premiere, seed: seed, night: night)
        }
        self.premiere = premiere
        network = Network(deviceCount: deviceCount, seed: seed)
        rareCopies = World.rareCopies(of: titles, deviceCount: deviceCount, seed: seed)
        (wishTastes, holdTastes) = World.tastes(
            for: titles, regions: network.regions.count, seed: seed)
    }

    /// For each region the weight of each title: Zipf by popularity, times the region's taste.
    private static func tastes(for titles: [SyntheticTitle], regions: Int, seed: UInt64)
        -> (wish: [WeightTable], hold: [WeightTable])
    {
        var wish: [WeightTable] = []
        var hold: [WeightTable] = []
        for region in 0..<regions {
            var random = SplitMix64(seed: seed, .taste, region)
            let weights = titles.map { title in
                Zipf.weight(ofRank: title.popularity) * Parameters.tasteQuarters.draw(&random)
            }
            wish.append(
                WeightTable(
                    zip(titles, weights).map { title, weight in
                        title.isPremiere
                            ? 0 : title.isFresh ? weight * Parameters.freshWishFactor : weight
                    }))
            hold.append(
                WeightTable(
                    zip(titles, weights).map { title, weight in
                        title.isPremiere || title.isCold || !title.sizeIsKnown
                            ? 0 : title.isFresh ? weight / Parameters.freshHoldDivisor : weight
                    }))
        }
        return (wish, hold)
    }

    /// None to three boxes for each cold title.
    private static func rareCopies(of titles: [SyntheticTitle], deviceCount: Int, seed: UInt64)
        -> [Int: [Int]]
    {
        var copies: [Int: [Int]] = [:]
        for title in titles where title.isCold && title.sizeIsKnown {
            var random = SplitMix64(seed: seed, .rareCopies, title.number)
            for _ in 0..<random.below(4) {
                let device = random.below(deviceCount)
                if copies[device]?.contains(title.number) != true {
                    copies[device, default: []].append(title.number)
                }
            }
        }
        return copies
    }
}
