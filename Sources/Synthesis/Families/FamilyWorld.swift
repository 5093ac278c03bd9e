import Quantities

/// The fleet of a ``Family``: every row follows from the seed and the number of its box or title.
struct FamilyWorld: Sendable {
    let family: Family
    let grain: Grain
    let deviceCount: Int
    let titleCount: Int
    let seed: UInt64
    let night: CivilDate
    /// Zipf's law over all titles.
    private let taste: WeightTable
    /// Box to titles that few hold. Only looked up, never walked.
    private let rare: [Int: [Int]]

    init(_ family: Family, devices: Int, titles: Int, seed: UInt64, night: CivilDate) {
        self.family = family
        grain = devices <= Grain.coarseDevices ? .coarse : .fine
        deviceCount = devices
        titleCount = titles
        self.seed = seed
        self.night = night
        taste = WeightTable((0..<titles).map { Zipf.weight(ofRank: $0 + 1) })
        rare = FamilyWorld.rare(family, devices: devices, titles: titles, seed: seed)
    }

    /// One holder for each sole title; none to three for each cold one.
    private static func rare(_ family: Family, devices: Int, titles: Int, seed: UInt64)
        -> [Int: [Int]]
    {
        guard family == .soleHolder || family == .cold else { return [:] }
        var rare: [Int: [Int]] = [:]
        for title in 0..<titles {
            var random = SplitMix64(seed: seed, .rareCopies, title)
            let copies =
                family == .cold ? random.below(4) : isSole(title, of: titles) ? 1 : 0
            for _ in 0..<copies {
                let box = random.below(devices)
                if rare[box]?.contains(title) != true { rare[box, default: []].append(title) }
            }
        }
        return rare
    }

    private static func isSole(_ title: Int, of titles: Int) -> Bool {
        title % 4 == 1 || titles < 4
    }

    // MARK: titles

    /// Units of bytes, on average 2 or 3.
    func units(ofTitle number: Int) -> Int64 {
        var random = SplitMix64(seed: seed, .title, number)
        return random.within(grain == .coarse ? 1...3 : 2...4)
    }

    func isBarred(_ title: Int) -> Bool { family == .barred && title % 2 == 1 }

    private var premieres: Int { min(titleCount, grain == .coarse ? 2 : 5) }

    // MARK: boxes

    var siteCount: Int {
        family == .oneSite ? 1 : (deviceCount + grain.siteBoxes - 1) / grain.siteBoxes
    }

    func site(ofBox number: Int) -> Int {
        family == .oneSite ? 0 : number / grain.siteBoxes
    }

    /// Units of time in which a box takes part.
    func shift(ofBox number: Int) -> Range<Int> {
        switch family {
        case .hops: [0..<3, 2..<5, 4..<7][number % 3]
        case .windows: number % 2 == 0 ? 0..<4 : 3..<7
        default: 0..<(grain == .coarse ? 3 : 6)
        }
    }

    /// Units of rate.
    func up(ofBox number: Int) -> Int64 {
        var random = SplitMix64(seed: seed, .box, number)
        switch family {
        case .soleHolder: return rare[number] == nil ? 2 : 1
        case .hops: return 2
        case .storage: return 3
        case .skewed:
            let cycle = grain == .coarse ? 4 : 10
            return number % cycle == 0 ? Int64(cycle) : number % cycle < cycle / 2 ? 1 : 0
        default: return Mix<Int64>([(50, 1), (30, 2), (20, 3)]).draw(&random)
        }
    }

    /// Units of rate that an edge lets in; nil: no limit.
    var edgeUnits: Int64? { family == .edges ? (grain == .coarse ? 1 : 12) : nil }

    /// Units of rate of the origin, for all boxes.
    var egress: Int64 {
        let perUnit: Int64 =
            switch family {
            case .hops: 100
            case .barred: 4
            default: 8
            }
        return max(1, Int64(deviceCount) / perUnit)
    }

    /// Units of bytes that a box's wish area has free.
    func room(ofBox number: Int) -> Int64 {
        family == .storage ? Int64(2 + number % 2) : 32
    }

    /// Units of bytes that a box's cache area has free.
    var cacheRoom: Int64 { family == .storage ? 0 : grain == .coarse ? 2 : 4 }

    /// Numbers of titles.
    func holdings(ofBox number: Int) -> [Int] {
        var held = rare[number] ?? []
        if family == .cold || family == .hops && number % 3 > 0 { return held }
        var random = SplitMix64(seed: seed, .shelf, number)
        draw(grain.holdings, into: &held, &random) { title, _ in
            switch family {
            case .soleHolder: !FamilyWorld.isSole(title, of: titleCount)
            case .edges: title % siteCount == site(ofBox: number)
            case .windows: title % 2 == number % 2
            case .premieres: title >= premieres
            default: true
            }
        }
        return held
    }

    /// Numbers of titles by rank.
    func wishes(ofBox number: Int) -> [Int] {
        var random = SplitMix64(seed: seed ^ 0x3157, .shelf, number)
        var wanted: [Int] = []
        let held = holdings(ofBox: number)
        if family == .premieres {
            for title in 0..<premieres where random.chance(permille: 700) { wanted.append(title) }
        }
        draw(grain.wishes, into: &wanted, &random) { title, random in
            if held.contains(title) { return false }
            switch family {
            case .edges: return title % siteCount != site(ofBox: number) || random.below(4) == 0
            case .windows: return title % 2 != number % 2 || random.below(4) == 0
            default: return true
            }
        }
        return wanted
    }

    /// Draws by taste until there are enough or most draws were in vain.
    private func draw(
        _ count: Int, into titles: inout [Int], _ random: inout SplitMix64,
        where fits: (Int, inout SplitMix64) -> Bool
    ) {
        for _ in 0..<(20 * count) where titles.count < count {
            guard let title = taste.draw(&random) else { return }
            if !titles.contains(title), fits(title, &random) { titles.append(title) }
        }
    }

    /// The evening after which a box got nothing, up to three weeks ago.
    func lastServed(ofBox number: Int) -> CivilDate {
        var random = SplitMix64(seed: seed ^ 0x1A57, .box, number)
        return CivilDate(dayNumber: night.dayNumber - Int32(random.within(1...20)))
    }
}
