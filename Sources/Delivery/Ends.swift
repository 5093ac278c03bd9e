import Manifest
import Quantities

/// Whom the device talks to, and how well that went.
///
/// Decides whether an end may be asked now. Invariants: an end that is banned is never asked again;
/// after a failure an end is not asked before its back-off is over; an answer of any kind ends a
/// row of failures. If nobody answered for a while and several ends failed meanwhile, it was the
/// device's own line that was down: with the first answer all of them may be asked again.
struct Ends: Hashable, Sendable {
    struct Health: Hashable, Sendable {
        let key: UInt64
        /// It sent bytes that were not the chunk's.
        var banned = false
        /// In a row: unreachable, cut, stalled, nonsense.
        var failures = 0
        var nextTryMs = Int64.min
        var failedMs = Int64.min
        /// Exchanges under way in which it sends, and those of them that began late, as a
        /// fall-back, or were released.
        var active = 0
        var activeLate = 0
        var activeFallback = 0
        var activeReleased = 0
    }

    private(set) var list: [Health] = []
    private var numbers: [String: Int] = [:]
    /// When any end answered last.
    private var answeredMs = Int64.min
    let key: UInt64

    init(key: UInt64) { self.key = key }

    subscript(end: Int) -> Health {
        get { list[end] }
        set { list[end] = newValue }
    }

    /// The number of an end; the same for all that have its kind and identifier.
    mutating func number(of end: ManifestContent.End) -> Int {
        let name = end.kind.rawValue + ":" + end.id
        if let known = numbers[name] { return known }
        numbers[name] = list.count
        list.append(Health(key: key ^ Policy.key(name)))
        return list.count - 1
    }

    /// Whether nothing is expected of it any more, until it answers again.
    func isLost(_ end: Int, _ policy: Policy) -> Bool {
        list[end].banned || list[end].failures >= policy.lostAfter
    }

    mutating func failed(_ end: Int, _ steadyMs: Int64, _ policy: Policy) {
        list[end].failures += 1
        list[end].failedMs = steadyMs
        list[end].nextTryMs =
            steadyMs + policy.backOff(attempt: list[end].failures, key: list[end].key)
    }

    /// Says whether an outage of the device's own line is over.
    @discardableResult
    mutating func answered(_ end: Int, _ steadyMs: Int64, _ policy: Policy) -> Bool {
        defer {
            list[end].failures = 0
            list[end].nextTryMs = Int64.min
            answeredMs = steadyMs
        }
        guard answeredMs < steadyMs - policy.outageMs else { return false }
        let failed = list.indices.filter {
            list[$0].failures > 0 && list[$0].failedMs >= answeredMs
        }
        guard failed.count > 1 else { return false }
        for end in failed { list[end].nextTryMs = min(list[end].nextTryMs, steadyMs) }
        return true
    }

    mutating func ban(_ end: Int) { list[end].banned = true }
}
