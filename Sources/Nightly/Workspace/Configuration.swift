package import Quantities
package import Schedule
package import Store

/// Everything that a workspace decides: the values of `mediaplan.yaml`.
///
/// `Configuration()` holds the documented defaults; ``Setting/all`` is the one
/// list of names, bounds and explanations from which the file is read and written.
package struct Configuration: Hashable, Sendable {
    /// When the night is.
    package var night = NightHours()
    /// The constants of the model; its profile is made of ``profile`` and the rates.
    package var plan = PlanSettings()
    /// How much search a plan may take beyond the first; see the planner's `Effort`.
    package var effort: Int32 = 40_000
    /// What ``effort`` may be.
    package static let effortLimits: ClosedRange<Int32> = 0...2_000_000_000
    /// What a plan aims at.
    package var profile = Profile.Order.balanced
    /// What a GB from an origin costs under `min-origin`, in wishes of value 1.
    package var originRate = Fraction(5, over: 10)
    /// What a unit of carried cost costs under `min-origin` and `min-bandwidth`, in wishes of value
    /// 1.
    package var costRate = Fraction(0, over: 1)
    /// Size of a chunk in bytes where the feed doesn't state one.
    package var chunkBytes: Int64 = 4_194_304
    /// How many rejected records a source may have.
    package var rejects = RejectLimits()
    /// An import may take away at most this share of what is there, in percent.
    package var shrinkPercent: Int32 = 20
    /// Tables whose drop folder names all there is: what it no longer names is removed.
    package var wholeTables: Set<ImportTable> = [.sites, .origins]
    /// Where catalogue feeds are dropped, and how each is read.
    package var feeds = [FeedFolder()]
    /// How manifests are published.
    package var manifests = ManifestSettings()
    /// The origin's folder, relative to the workspace.
    package var originFolder = "origin"
    /// Where the Prometheus textfile goes, relative to the workspace; empty: nowhere.
    package var metricsFile = ""

    package init() {}

    /// The settings of a plan under `order`, the rates applied.
    package func planSettings(profile order: Profile.Order? = nil) -> PlanSettings {
        var settings = plan
        let order = order ?? profile
        let sparesWays = order == .minOrigin || order == .minBandwidth
        settings.profile = Profile(
            order: order, alpha: order == .minOrigin ? originRate.millionths : 0,
            beta: sparesWays ? costRate.millionths : 0)
        return settings
    }
}

/// When the night is.
package struct NightHours: Hashable, Sendable {
    package var slotSeconds: Int32 = 15 * 60
    /// Seconds after midnight on the clocks of ``timezone``.
    package var startSeconds: Int32 = 22 * 3600
    package var lengthSeconds: Int32 = 8 * 3600
    /// IANA name.
    package var timezone = "UTC"

    package init() {}
}

/// How many rejected records a source may have before nothing of it is taken.
package struct RejectLimits: Hashable, Sendable {
    /// By position of the table in ``ImportTable/allCases``.
    private var counts: [Int64] = [
        1000, 0, 0, 1000, 1000, 100_000, 100_000, 10_000, 100_000,
    ]
    private var percents: [Fraction] = [5, 0, 0, 1, 1, 1, 1, 5, 5].map { Fraction($0, over: 1) }

    package init() {}

    /// The most rejected records of a source of this table.
    package subscript(count table: ImportTable) -> Int64 {
        get { counts[RejectLimits.index(table)] }
        set { counts[RejectLimits.index(table)] = newValue }
    }

    /// The most rejected records in a hundred.
    package subscript(percent table: ImportTable) -> Fraction {
        get { percents[RejectLimits.index(table)] }
        set { percents[RejectLimits.index(table)] = newValue }
    }

    /// Whether `rejected` of `total` records are within both limits.
    package func allow(_ rejected: Int64, of total: Int64, table: ImportTable) -> Bool {
        let percent = self[percent: table]
        return rejected <= self[count: table]
            && Int128(rejected) * 100 * Int128(percent.denominator)
                <= Int128(total) * Int128(percent.numerator)
    }

    private static func index(_ table: ImportTable) -> Int {
        ImportTable.allCases.firstIndex(of: table) ?? 0
    }
}

/// A folder in which one feed's packages or files are dropped.
package struct FeedFolder: Hashable, Sendable {
    /// Relative to the workspace.
    package var folder = "drop/catalogue"
    /// IANA name of the zone that the feed's times without a zone are in.
    package var timezone = "UTC"
    /// ISO 3166 codes in which titles may be kept whose feed states none; empty: everywhere.
    package var territories: [String] = []

    package init() {}
}

/// How manifests are published.
package struct ManifestSettings: Hashable, Sendable {
    /// Hours after the night's end at which a manifest expires.
    package var expiryHours: Int32 = 12
    /// Published nights and their plans that are kept, the current one among them.
    package var keptNights: Int32 = 7
    /// Names the fleet in every manifest.
    package var fleet = "fleet"
    /// Other devices that a device may ask for an item whose source fails, at most.
    package var peerFallbacks: Int32 = 3
    /// What a device may take from origins when sources fail, in percent of what it fetches.
    package var originReservePercent: Int32 = 100
    /// Whether a Metalink is published beside each manifest.
    package var hasMetalinks = false
    /// How long after the night devices may still fetch what came late.
    package var overtimeSeconds: Int32 = 0
    /// How long before its slot a movement between devices may be made, while the sender has
    /// nothing planned to send.
    package var aheadSeconds: Int32 = 10

    package init() {}
}
