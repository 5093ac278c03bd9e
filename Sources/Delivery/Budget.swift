import Manifest
import Quantities

/// What a night's caps have been spent on: payload that moved, or has been asked for or promised.
///
/// The shell keeps it and gives it back after a restart, or to the next manifest of the same night.
package struct Spent: Hashable, Sendable {
    package var receivedBytes: Int64
    /// Part of ``receivedBytes``.
    package var fallbackBytes: Int64
    package var sentBytes: Int64

    package init(receivedBytes: Int64 = 0, fallbackBytes: Int64 = 0, sentBytes: Int64 = 0) {
        self.receivedBytes = receivedBytes
        self.fallbackBytes = fallbackBytes
        self.sentBytes = sentBytes
    }
}

/// The manifest's caps, and how much of them is gone.
///
/// Invariants: what has moved and what has been asked for or promised together never exceed a cap;
/// an end that is a fall-back counts in both caps of what is received. What was promised and did
/// not move is given back when the exchange ends.
struct Budget: Hashable, Sendable {
    let caps: ManifestContent.Caps
    /// Moved, or promised to.
    private(set) var received: Int64
    private(set) var fromFallbacks: Int64
    private(set) var sent: Int64

    init(_ caps: ManifestContent.Caps, _ spent: Spent = Spent()) {
        self.caps = caps
        received = spent.receivedBytes
        fromFallbacks = spent.fallbackBytes
        sent = spent.sentBytes
    }

    var spent: Spent {
        Spent(receivedBytes: received, fallbackBytes: fromFallbacks, sentBytes: sent)
    }

    /// Bytes that may still be asked for.
    func receivable(fallback: Bool) -> Int64 {
        let all = caps.fetchBytes - received
        return max(0, fallback ? min(all, caps.fallbackBytes - fromFallbacks) : all)
    }

    var sendable: Int64 { max(0, caps.serveBytes - sent) }

    mutating func ask(_ bytes: Int64, fallback: Bool) {
        received += bytes
        if fallback { fromFallbacks += bytes }
    }

    /// An exchange for which `asked` bytes had been set aside moved only `moved`.
    mutating func settle(asked: Int64, moved: Int64, fallback: Bool) {
        received += moved - asked
        if fallback { fromFallbacks += moved - asked }
    }

    mutating func promise(_ bytes: Int64) { sent += bytes }

    mutating func settle(promised: Int64, sent moved: Int64) { sent += moved - promised }
}
