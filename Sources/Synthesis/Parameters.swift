/// The constants of a synthetic fleet. They are fixed: only the numbers of boxes and titles, the
/// seed and the night vary.
///
/// Scarcity follows from `upKbps`, `windows`, `egressPercent` and `movieBytes`: a box sends about
/// 7 GB in a night and would like to receive about 80.
enum Parameters {
    // Titles, in permille of all.

    /// Only an origin may send them.
    static let barredPermille = 20
    static let expiredPermille = 25
    static let earlyPermille = 25
    /// The licence ends within the night.
    static let endingPermille = 5
    /// Allowed in one territory only, or in all but one.
    static let limitedPermille = 50
    static let sizelessPermille = 4
    static let indexlessPermille = 8
    static let aliasPermille = 60
    static let previewPermille = 350
    static let freshPermille = 120
    /// Of the less popular half.
    static let coldPermille = 120
    /// Titles described by packages: this share of all, at most ``packageLimit``.
    static let packagePermille = 30
    static let packageLimit = 50

    static let providers = Mix([
        (50, "north.example"), (30, "harbour.example"), (20, "lumen.example"),
    ])
    static let territories = Mix([(40, "DE"), (30, "PT"), (30, "FI")])
    /// From half a GB to 8 GB; about 4.2 GB on average.
    static let movieBytes = Mix<ClosedRange<Int64>>([
        (15, 500_000_000...1_800_000_000), (40, 1_800_000_000...4_500_000_000),
        (45, 4_500_000_000...7_900_000_000),
    ])
    static let previewBytes: ClosedRange<Int64> = 15_000_000...60_000_000
    static let posterBytes: ClosedRange<Int64> = 120_000...900_000
    /// What a region's taste makes of a title's weight, in quarters.
    static let tasteQuarters = Mix<UInt64>([(20, 1), (20, 2), (30, 4), (20, 8), (10, 16)])
    /// Fresh titles are wished for this many times as much as their rank says, and held that much
    /// less.
    static let freshWishFactor: UInt64 = 3
    static let freshHoldDivisor: UInt64 = 8

    // Boxes.

    static let upKbps = Mix<Int64>([
        (8, 0), (44, 2_000), (24, 2_500), (12, 3_000), (6, 4_000), (3, 6_000), (2, 10_000),
        (1, 20_000),
    ])
    static let downKbps = Mix<Int64>([
        (20, 20_000), (30, 50_000), (30, 100_000), (20, 200_000),
    ])
    static let windows = Mix([
        (30, "00:00-06:00"), (15, "23:00-07:00"), (12, "01:00-06:00"), (10, "00:30-05:30"),
        (10, "23:30-06:30"), (8, "22:00-06:00"), (6, "02:00-06:00"), (4, "23:00-05:00"),
        (3, "00:10-05:50"), (1, "09:00-17:00"), (1, ""),
    ])
    /// Boxes that accept connections.
    static let acceptingPermille = 667
    static let retiredPermille = 10
    static let newPermille = 5
    static let wishGB = Mix<Int64>([(30, 48), (45, 64), (25, 96)])
    static let cacheGB = Mix<Int64>([(35, 112), (45, 144), (20, 192)])
    /// How full an area is, in permille of its size.
    static let fillPermille: ClosedRange<Int64> = 880...985
    /// Bought items in the wish area, in permille of its size.
    static let boughtPermille: ClosedRange<Int64> = 150...450
    static let wishes: ClosedRange<Int64> = 10...30
    /// Boxes that want the premiere, at one of their first three ranks.
    static let premierePermille = 200
    /// Boxes to which a part of a wish came in an earlier night.
    static let carriedPermille = 600
    /// Other holdings that lack chunks.
    static let partialPermille = 18
    /// Holdings of things that left the catalogue.
    static let goneHoldingPermille = 5
    /// Boxes that list something they hold already.
    static let completePermille = 200
    static let picksPermille = 100
    static let untilPermille = 50

    // Accounts.

    static let suspendedPermille = 20
    static let closedPermille = 10
    /// Pairs of neighbouring boxes that belong to one account.
    static let sharedPermille = 120
    static let accountWithoutTerritoryPermille = 200
    static let accountElsewherePermille = 5

    // Network.

    static let nodeBoxes: ClosedRange<Int64> = 50...200
    /// Access nodes below a POP, about.
    static let nodesPerPOP = 5
    static let tightPermille = 120
    static let unlimitedPermille = 150
    /// Egress of all origins, in percent of the up rates of all boxes.
    static let egressPercent: Int64 = 8
}
