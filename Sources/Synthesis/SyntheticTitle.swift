import Quantities

/// One made-up title. Everything follows from the seed and its number.
struct SyntheticTitle: Sendable {
    enum Territories: Sendable, Equatable {
        case everywhere
        case only(String)
        case except(String)
    }

    /// One file of a title.
    struct File: Sendable {
        var name: String
        /// `movie`, `preview` or `poster`.
        var kind: String
        var sizeBytes: Int64
    }

    /// Chunks are of this size: what a workspace cuts unless configured.
    static let chunkBytes: Int64 = 4 << 20

    /// From 0.
    var number: Int
    var id: String
    /// A second identifier that rows may use; nil for most.
    var alias: String?
    var name: String
    /// Described by a CableLabs package instead of the catalogue file.
    var isPackage: Bool
    /// Its files; empty sizes are written when ``sizeIsKnown`` is false.
    var files: [File]
    var sizeIsKnown: Bool
    /// SHA-256 of its chunk index, made up; nil when it was not ingested.
    var indexDigest: [UInt8]?
    var peerToPeer: Bool
    var territories: Territories
    var licenceStart: Instant
    /// Nil: no end.
    var licenceEnd: Instant?
    /// 1 is wanted and held most.
    var popularity: Int
    /// Came out lately: wanted more than its rank says, held less.
    var isFresh: Bool
    /// Held by three boxes at most.
    var isCold: Bool
    /// Wanted by a fifth of all boxes, held by none.
    var isPremiere: Bool

    /// Bytes of all files.
    var totalBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }

    /// Number of chunks; each file begins one.
    var chunkCount: Int32 {
        files.reduce(0) { $0 + Int32(($1.sizeBytes - 1) / SyntheticTitle.chunkBytes + 1) }
    }
}

extension SyntheticTitle {
    /// The title with this number (from 0) and popularity (1 to `count`).
    init(
        number: Int, popularity: Int, of count: Int, isPackage: Bool, isPremiere: Bool,
        seed: UInt64, night: CivilDate
    ) {
        var random = SplitMix64(seed: seed, .title, number)
        self.number = number
        id = Parameters.providers.draw(&random) + "/TITL" + String(number + 1, width: 16)
        name = Names.title(&random)
        self.isPackage = isPackage
        self.isPremiere = isPremiere
        self.popularity = popularity
        let ordinary = !isPremiere
        alias =
            random.chance(permille: Parameters.aliasPermille) && !isPackage
            ? "urn:example:work:" + String(number + 1, width: 9) : nil
        files = SyntheticTitle.files(number: number, &random)
        sizeIsKnown = !(random.chance(permille: Parameters.sizelessPermille) && ordinary)
        let ingested = !(random.chance(permille: Parameters.indexlessPermille) && ordinary)
        let digest = (0..<4).map { _ in random.next() }.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
        indexDigest = ingested && sizeIsKnown && !isPackage ? digest : nil
        peerToPeer = !(random.chance(permille: Parameters.barredPermille) && ordinary)
        territories =
            random.chance(permille: Parameters.limitedPermille) && ordinary
            ? (random.chance(permille: 500)
                ? .only(Parameters.territories.draw(&random))
                : .except(Parameters.territories.draw(&random))) : .everywhere
        isFresh = random.chance(permille: Parameters.freshPermille)
        isCold = random.chance(permille: Parameters.coldPermille) && popularity * 2 > count
        (licenceStart, licenceEnd) = SyntheticTitle.licence(&random, night)
        if isPremiere {
            licenceStart = CivilDate(dayNumber: night.dayNumber - 1).startUTC
            licenceEnd = CivilDate(dayNumber: night.dayNumber + 180).startUTC
        }
    }

    private static func files(number: Int, _ random: inout SplitMix64) -> [File] {
        let stem = String(number + 1, width: 6)
        let movie = random.within(Parameters.movieBytes.draw(&random))
        var files = [File(name: stem + "-movie.ts", kind: "movie", sizeBytes: movie)]
        if random.chance(permille: Parameters.previewPermille) {
            let preview = random.within(Parameters.previewBytes)
            files.append(File(name: stem + "-preview.ts", kind: "preview", sizeBytes: preview))
        }
        let poster = random.within(Parameters.posterBytes)
        files.append(File(name: stem + "-poster.jpg", kind: "poster", sizeBytes: poster))
        return files
    }

    /// Mostly a window of years round the night; some are over, some not begun, a few end within
    /// the night.
    private static func licence(_ random: inout SplitMix64, _ night: CivilDate)
        -> (Instant, Instant?)
    {
        func day(_ range: ClosedRange<Int64>) -> Instant {
            CivilDate(dayNumber: night.dayNumber + Int32(random.within(range))).startUTC
        }
        switch random.below(1000) {
        case ..<Parameters.expiredPermille:
            return (day(-900 ... -300), day(-200...0))
        case ..<(Parameters.expiredPermille + Parameters.earlyPermille):
            return (day(2...60), day(300...900))
        case ..<(Parameters.expiredPermille + Parameters.earlyPermille + Parameters.endingPermille):
            return (day(-900 ... -30), day(1...1).advanced(bySeconds: 3600 * random.within(1...4)))
        default:
            return (day(-900 ... -5), random.chance(permille: 300) ? nil : day(5...900))
        }
    }
}
