package import Quantities

/// The feeds and exports of a made-up fleet, to try a night on.
///
/// Problem: numbers of boxes and titles and a seed are to give files that look like an operator's,
/// the same on every machine, for a million boxes too. Idea: every row follows from the seed and
/// the number of its box, title or site alone, by ``Quantities/SplitMix64`` and integers, so
/// nothing is kept and rows can be written in any order.
///
/// What is made, with the constants in `Parameters`:
///
/// - four levels of sites: a root, 3 to 9 regions in three time zones and territories, POPs, access
///   nodes of 50 to 200 boxes; about an eighth of the edges are tight, each has a cost;
/// - 1 to 3 origins, which together send 8 % of what the boxes' up rates add up to; they send all
///   night, the boxes in their windows only, so that they carry up to 20 % of the bytes;
/// - titles of 0.5 to 8 GB, popular by Zipf's law with exponent 0.8 and each region's taste; 2 %
///   may come from an origin only, 5 % are outside their licence, 5 % limited to territories, 1 %
///   without size or index; some cold ones with no to three copies; 3 % (at most 50) come as
///   CableLabs packages, which state no chunk index;
/// - boxes with 2 to 20 Mbit/s up (some none) and 20 to 200 down, most open from about midnight to
///   6, two thirds of them reachable, disks about 95 % full of some 50 things, some bought; about
///   20 wishes; 2 % suspended and 1 % closed accounts; new and retired boxes;
/// - a premiere that a fifth of the boxes want and none holds.
///
/// Uplinks are the scarce thing: about half of the wished value can be served.
///
/// A ``Family`` gives another fleet, made to mislead planners: all that isn't its point is plain
/// (two levels of sites, one origin, one time zone, disks without surprises).
/// Memory: about 400 bytes a title and region, 8 bytes an access node. Fails: never within its
/// limits.
package struct SyntheticFleet: Sendable {
    /// How many boxes a fleet may have.
    package static let deviceLimits = 1...5_000_000
    /// How many titles a catalogue may have.
    package static let titleLimits = 1...200_000

    /// What to write, in the order of import: each file is streamed by itself.
    package let files: [SyntheticFile]

    /// - Parameters:
    ///   - devices: within ``deviceLimits``.
    ///   - titles: within ``titleLimits``.
    ///   - seed: equal seeds give equal files.
    ///   - night: the day in whose evening the night begins for which licences, wishes and past
    ///     nights make sense.
    ///   - shuffled: nil: rows in order of their identifiers. Otherwise the same rows in an order
    ///     that follows from this number; the rows of a box don't stay together.
    ///   - family: nil: an ordinary fleet.
    package init(
        devices: Int, titles: Int, seed: UInt64, night: CivilDate, shuffled: UInt64? = nil,
        family: Family? = nil
    ) {
        precondition(SyntheticFleet.deviceLimits.contains(devices))
        precondition(SyntheticFleet.titleLimits.contains(titles))
        if let family {
            let world = FamilyWorld(
                family, devices: devices, titles: titles, seed: seed, night: night)
            files = SyntheticFleet.tables.map {
                SyntheticFile(path: $0, content: $1, world: world, shuffled: shuffled)
            }
            return
        }
        let world = World(deviceCount: devices, titleCount: titles, seed: seed, night: night)
        let packages = world.titles.prefix { $0.isPackage }.map {
            (
                "adi/" + String($0.number + 1, width: 6) + ".xml",
                SyntheticFile.Content.package($0.number)
            )
        }
        files = (SyntheticFleet.tables + packages).map {
            SyntheticFile(path: $0, content: $1, world: world, shuffled: shuffled)
        }
    }

    private static let tables: [(String, SyntheticFile.Content)] = [
        ("catalogue.xml", .catalogue), ("sites.csv", .sites), ("origins.csv", .origins),
        ("accounts.csv", .accounts), ("devices.csv", .devices), ("holdings.csv", .holdings),
        ("wishes.csv", .wishes), ("links.csv", .links),
    ]
}

/// One file of a synthetic fleet.
package struct SyntheticFile: Sendable {
    /// What a file is.
    enum Content: Sendable {
        case catalogue
        case sites
        case origins
        case accounts
        case devices
        case holdings
        case wishes
        case links
        /// The CableLabs package of the title with this number.
        case package(Int)
    }

    /// Where it goes, relative to the fleet's folder, such as `devices.csv` or `adi/000001.xml`.
    package let path: String
    let content: Content
    let world: any FleetText
    let shuffled: UInt64?

    private static let pieceBytes = 65_536
    /// How often a shuffled table of rows of boxes goes through all boxes.
    private static let shuffledPasses = 3

    /// Hands the file's bytes to `emit` in pieces of about 64 KiB; stops at the first error and
    /// throws it.
    package func write(_ emit: ([UInt8]) throws -> Void) throws {
        var text = Text()
        appendHead(to: &text)
        let partCount = world.partCount(of: content)
        let passes = shuffled != nil && isByBox ? SyntheticFile.shuffledPasses : 1
        let order = shuffled.map { Permutation(count: max(partCount, 1), seed: $0) }
        for pass in 0..<passes {
            for position in 0..<partCount {
                let part = order?(position) ?? position
                world.append(
                    content, part: part, rows: RowFilter(pass: pass, of: passes), to: &text)
                if text.bytes.count >= SyntheticFile.pieceBytes {
                    try emit(text.bytes)
                    text.clear()
                }
            }
        }
        appendTail(to: &text)
        if !text.bytes.isEmpty { try emit(text.bytes) }
    }
}
