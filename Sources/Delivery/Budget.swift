import Manifest
import Quantities

/// What a night's caps have been spent on: payload that moved, or has been asked for or promised.
///
/// The shell keeps it and gives it back after a restart, or to the next manifest of the same night.
package struct Spent: Hashable, Sendable {
    /// In all, from whomever.
    package var receivedBytes: Int64
    /// From fall-backs; part of ``receivedBytes``.
    package var fallbackBytes: Int64
    /// From origins as fall-backs; part of ``fallbackBytes``.
    package var reserveBytes: Int64
    /// In all, to whomever.
    package var sentBytes: Int64

    package init(
        receivedBytes: Int64 = 0, fallbackBytes: Int64 = 0, reserveBytes: Int64 = 0,
        sentBytes: Int64 = 0
    ) {
        self.receivedBytes = receivedBytes
        self.fallbackBytes = fallbackBytes
        self.reserveBytes = reserveBytes
        self.sentBytes = sentBytes
    }
}

/// The manifest's caps, and how much of them is gone.
///
/// Invariants: what has moved and what has been asked for or promised together never exceed a cap;
/// an end that is a fall-back counts in two caps of what is received, an origin that is one in
/// three. What was promised and did not move is given back when the exchange ends.
struct Budget: Hashable, Sendable {
    /// From whom something is received.
    enum Source: Hashable, Sendable {
        case planned
        case fallback
        case originAsFallback
    }

    let caps: ManifestContent.Caps
    private(set) var spent: Spent

    init(_ caps: ManifestContent.Caps, _ spent: Spent = Spent()) {
        self.caps = caps
        self.spent = spent
    }

    /// Bytes that may still be asked for.
    func receivable(_ source: Source) -> Int64 {
        var rest = caps.fetchBytes - spent.receivedBytes
        if source != .planned { rest = min(rest, caps.fallbackBytes - spent.fallbackBytes) }
        if source == .originAsFallback { rest = min(rest, caps.reserveBytes - spent.reserveBytes) }
        return max(0, rest)
    }

    var sendable: Int64 { max(0, caps.serveBytes - spent.sentBytes) }

    mutating func ask(_ bytes: Int64, _ source: Source) {
        spent.receivedBytes += bytes
        if source != .planned { spent.fallbackBytes += bytes }
        if source == .originAsFallback { spent.reserveBytes += bytes }
    }

    /// An exchange for which `asked` bytes had been set aside moved only `moved`.
    mutating func settle(asked: Int64, moved: Int64, _ source: Source) {
        ask(moved - asked, source)
    }

    mutating func promise(_ bytes: Int64) { spent.sentBytes += bytes }

    mutating func settle(promised: Int64, sent: Int64) { spent.sentBytes += sent - promised }
}
