/// The slots that one plan covers: `slotCount` slots of `slotSeconds` each from `start` on.
///
/// Slot `k` is the time `[start + k·slotSeconds, start + (k+1)·slotSeconds)`.
@frozen
public struct Night: Hashable, Sendable {
    /// The day in whose evening the night begins; its name.
    public var date: CivilDate
    /// The first second of slot 0.
    public var start: Instant
    /// Length of every slot in seconds, at least 1.
    public var slotSeconds: Int32
    /// Number of slots, at least 1.
    public var slotCount: Int32

    @inlinable
    public init(date: CivilDate, start: Instant, slotSeconds: Int32, slotCount: Int32) {
        precondition(slotSeconds >= 1 && slotCount >= 1)
        self.date = date
        self.start = start
        self.slotSeconds = slotSeconds
        self.slotCount = slotCount
    }

    /// When slot `slot` begins; `slotCount` gives the end of the night.
    @inlinable
    public func start(ofSlot slot: Int32) -> Instant {
        start.advanced(bySeconds: Int64(slot) * Int64(slotSeconds))
    }

    /// The first second after the last slot.
    @inlinable
    public var end: Instant { start(ofSlot: slotCount) }

    /// Bytes that `kbps` (1000 bit/s) moves in one slot, rounded down; saturates at `Int64.max`.
    @inlinable
    public func bytesPerSlot(kbps: Int64) -> Int64 {
        let (bits, overflow) = kbps.multipliedReportingOverflow(by: 125)
        let (bytes, overflow2) = bits.multipliedReportingOverflow(by: Int64(slotSeconds))
        return overflow || overflow2 ? Int64.max : bytes
    }

    /// The slots that lie wholly in `[from, until)`; nil bounds are open.
    public func slots(from: Instant?, until: Instant?) -> Range<Int32> {
        let length = Int64(slotSeconds)
        var lower = Int64(0)
        var upper = Int64(slotCount)
        if let from {
            lower = (from.seconds - start.seconds + length - 1).flooredDivision(by: length)
        }
        if let until { upper = (until.seconds - start.seconds).flooredDivision(by: length) }
        lower = min(max(lower, 0), Int64(slotCount))
        upper = min(max(upper, lower), Int64(slotCount))
        return Int32(lower)..<Int32(upper)
    }
}
