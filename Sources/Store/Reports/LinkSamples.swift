/// Rates at which one device sent to another, gathered from reports.
///
/// The mean of all, each weighed by its bytes. What was measured before counts with its bytes too,
/// half for every seven days since, between them in a straight line, and never more than
/// ``memoryBytes``: so a link that changed is known after a few films.
struct LinkSamples: Hashable {
    /// What a row must have moved to say something of a link.
    static let leastBytes: Int64 = 65_536
    /// Most that the past counts.
    static let memoryBytes: Int64 = 1_000_000_000
    /// What a measurement counts that states no bytes.
    static let unstatedBytes: Int64 = 1_000_000
    /// The highest rate that a table takes.
    static let highestKbps: Int64 = 1_000_000_000_000
    private static let halfLife: Int64 = 7 * 86_400

    private(set) var bytes: Int64 = 0
    /// Sum of kbps · bytes.
    private var product: Int128 = 0
    /// Seconds since 1970: the latest; nil without any.
    private(set) var latest: Int64?
    var failures: Int64 = 0

    /// Takes a row, unless it moved too little or took no time.
    mutating func add(bytes moved: Int64, milliseconds: Int64, at: Int64) {
        guard moved >= LinkSamples.leastBytes, milliseconds > 0,
            bytes <= Int64.max - moved
        else { return }
        let kbps = min(Int128(moved) * 8 / Int128(milliseconds), Int128(LinkSamples.highestKbps))
        bytes += moved
        product += kbps * Int128(moved)
        latest = max(latest ?? at, at)
    }

    /// A link as it is stored.
    struct Stored: Hashable {
        var kbps: Int64
        /// Seconds since 1970; nil: not stated.
        var measuredAt: Int64?
        /// Nil: not stated.
        var bytes: Int64?
        var failures: Int64
    }

    /// What is known afterwards; nil when nothing was measured, neither now nor before.
    func merged(with old: Stored?) -> Stored? {
        guard let old else {
            guard let latest, bytes > 0 else { return nil }
            return Stored(
                kbps: Int64(product / Int128(bytes)), measuredAt: latest, bytes: bytes,
                failures: failures)
        }
        let age = max(0, (latest ?? old.measuredAt ?? 0) - (old.measuredAt ?? latest ?? 0))
        let past = LinkSamples.aged(
            min(old.bytes ?? LinkSamples.unstatedBytes, LinkSamples.memoryBytes), age)
        let failed = LinkSamples.aged(old.failures, age) + failures
        guard let latest, bytes > 0 else {
            var same = old
            same.failures = failed
            return same
        }
        let total = Int128(past) + Int128(bytes)
        let kbps = (Int128(old.kbps) * Int128(past) + product) / total
        return Stored(
            kbps: Int64(kbps), measuredAt: max(old.measuredAt ?? latest, latest),
            bytes: Int64(min(total, Int128(Int64.max))), failures: failed)
    }

    /// `value` after `seconds`.
    static func aged(_ value: Int64, _ seconds: Int64) -> Int64 {
        let halvings = seconds / halfLife
        guard halvings < 63 else { return 0 }
        let rest = Int128(seconds % halfLife)
        let halved = value >> halvings
        return halved - Int64(Int128(halved) * rest / Int128(2 * halfLife))
    }
}
