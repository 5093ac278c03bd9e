/// What may move over a line now: a token bucket.
///
/// Problem: over any interval of `d` milliseconds at most `burst + rate · d / 1000` bytes move.
/// Idea: a level that grows with the rate up to the burst, and sinks with what moves. Invariant:
/// 0 ≤ level ≤ burst. It is kept in thousandths of a byte, so that nothing is lost to rounding
/// whatever the intervals. Literature: Turner, New directions in communications, 1986.
struct TokenBucket: Hashable {
    private(set) var rate: LineRate
    /// Thousandths of a byte.
    private var level: Int64
    private var asOfMs: Int64

    /// Full at the beginning.
    init(_ rate: LineRate, atMs: Int64) {
        self.rate = rate
        level = TokenBucket.thousandths(rate.burstBytes)
        asOfMs = atMs
    }

    /// The bursts beyond which nothing is counted any more: 1 PiB.
    private static func thousandths(_ bytes: Int64) -> Int64 { min(bytes, 1 << 50) * 1000 }

    /// What may move at `atMs`, in bytes; `Int64.max` without a limit. Of an earlier time than one
    /// asked about before it knows what it knew then.
    mutating func availableBytes(atMs: Int64) -> Int64 {
        guard let perSecond = rate.bytesPerSecond else { return .max }
        let full = TokenBucket.thousandths(rate.burstBytes)
        if atMs > asOfMs {
            let (grown, overflows) = perSecond.multipliedReportingOverflow(by: atMs - asOfMs)
            level = overflows || grown > full - level ? full : level + grown
            asOfMs = atMs
        }
        return perSecond == 0 ? 0 : level / 1000
    }

    /// Takes what moved, no more than was available.
    mutating func take(_ bytes: Int64) {
        guard rate.bytesPerSecond != nil else { return }
        level = max(0, level - TokenBucket.thousandths(bytes))
    }

    /// Gives back what was taken and didn't move.
    mutating func giveBack(_ bytes: Int64) {
        let full = TokenBucket.thousandths(rate.burstBytes)
        level = min(full, level + TokenBucket.thousandths(bytes))
    }

    /// A bucket keeps its level when the rate changes, as far as the new burst goes.
    mutating func change(to rate: LineRate, atMs: Int64) {
        _ = availableBytes(atMs: atMs)
        let wasUnlimited = self.rate.bytesPerSecond == nil
        let full = TokenBucket.thousandths(rate.burstBytes)
        self.rate = rate
        level = wasUnlimited ? full : min(level, full)
        asOfMs = max(asOfMs, atMs)
    }

    /// When `bytes` are available, or the whole burst where that is less; nil: never.
    mutating func timeMs(when bytes: Int64, atMs: Int64) -> Int64? {
        guard let perSecond = rate.bytesPerSecond else { return atMs }
        guard perSecond > 0 else { return nil }
        _ = availableBytes(atMs: atMs)
        let lacking = TokenBucket.thousandths(min(bytes, rate.burstBytes)) - level
        return lacking <= 0 ? atMs : asOfMs + (lacking + perSecond - 1) / perSecond
    }
}
