import Manifest
import Quantities

/// The numbers of the policy, and how they follow from the length of a slot.
///
/// In a night whose slots are a second long, a second is a long time; in one of quarters of an hour
/// it is nothing. So what waits for a plan to come true is measured in slots, and what waits for a
/// line or a host in milliseconds.
struct Policy: Hashable, Sendable {
    /// Length of a slot.
    let slotMs: Int64

    /// How long before its slot a piece may be asked of a device, and sent by one that is idle.
    let aheadMs: Int64

    /// What the manifest says of ``originPatienceMs``.
    private let saidOriginPatienceMs: Int64?

    init(
        slotSeconds: Int32, aheadSeconds: Int32 = 0, originPatienceSeconds: Int32? = nil
    ) {
        slotMs = max(1, Int64(slotSeconds)) * 1000
        saidOriginPatienceMs = originPatienceSeconds.map { Int64(max(0, $0)) * 1000 }
        aheadMs = Int64(min(max(0, aheadSeconds), ManifestContent.maxAheadSeconds)) * 1000
    }

    /// How long before its slot a piece is asked for from a device, which holds the request.
    var leadMs: Int64 { min(slotMs / 2, 500) }
    /// How long before its slot an asker is made to wait rather than sent away: longer than anyone
    /// asks ahead, for clocks differ.
    let holdEarlyMs: Int64 = 12_000
    /// How long an asker is made to wait for what is expected but isn't there yet.
    let holdMissingMs: Int64 = 1000
    /// How late a piece may be before its source is relieved.
    var patienceMs: Int64 { max(2 * slotMs, 3000) }
    /// How late a piece may be before an origin may be asked for it.
    var originPatienceMs: Int64 { saidOriginPatienceMs ?? 2 * patienceMs }
    /// How late a piece may be whose source says that it can't now but sends others, before other
    /// devices are asked.
    let busyMs: Int64 = 3000
    /// How long a healthy source may take beyond its slot before other devices are asked.
    var graceMs: Int64 { min(slotMs, 1000) }
    /// How long an exchange may go on without a whole chunk, once its slot is over, before another
    /// end is asked for the same: less when little is left of the night.
    func tooSlowMs(restMs: Int64) -> Int64 { max(10_000, min(2 * slotMs, restMs / 4)) }
    /// The first and the longest wait after a failure.
    let backOffMs: Int64 = 250
    var longestBackOffMs: Int64 { min(max(slotMs, 2000), 60_000) }
    /// Silence of all ends that may mean that the device's own line was down.
    let outageMs: Int64 = 3000
    /// Failures in a row after which an end counts as lost until it answers again.
    let lostAfter = 3
    /// Exchanges with fall-backs at the same time.
    let fallbackExchanges = 8
    /// Most bytes asked of a fall-back at once, but always a chunk.
    let fallbackBytes: Int64 = 8 << 20
    /// Exchanges with one end at the same time: in time, and late.
    let exchangesPerEnd = 16
    let lateExchangesPerEnd = 8
    /// Exchanges with one end up to which another one is asked for ahead of its slot.
    let aheadExchangesPerEnd = 3
    /// How long nothing due moves before something is sent ahead of its slot.
    let idleMs: Int64 = 250
    /// Askers that are made to wait at the same time; beyond them who is early is sent away.
    let heldAsks = 24
    /// Answers ahead of their slots at the same time.
    let aheadSends = 3
    /// Least burst of a pace.
    let burstBytes: Int64 = 64 << 10
    /// Copies under way at the same time.
    let copies = 4
    /// Faults of the disk after which an item is given up for the night.
    let diskFaults = 8
    /// How long a full disk is believed to be full, when nothing tells otherwise.
    var fullMs: Int64 { max(slotMs, 60_000) }
    /// The order of what was not planned among what wants the line.
    let standbyOrder: Int64 = 1 << 62

    /// The order of what is sent ahead of its slot: the next slot first, after all else.
    func aheadOrder(_ startsMs: Int64) -> Int64 { standbyOrder + startsMs }

    /// How long to wait after the `attempt`th failure in a row, from 1: doubling, and a part of it
    /// at random, so that those who failed together do not come back together.
    func backOff(attempt: Int, key: UInt64) -> Int64 {
        let doubled = backOffMs << Int64(min(max(attempt - 1, 0), 20))
        let whole = min(doubled, longestBackOffMs)
        return whole / 2 + Int64(SplitMix64.mixed(key &+ UInt64(attempt)) % UInt64(whole / 2 + 1))
    }

    /// FNV-1a (Fowler, Noll, Vo) of a text: the same on every machine.
    static func key(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
