import Manifest
import Quantities

/// The manifest's caps, and how much of them is gone.
///
/// Invariants: what has moved and what has been asked for or promised together never exceed a cap;
/// an end that is a fall-back counts in both caps of what is received. What was promised and did
/// not move is given back when the exchange ends.
struct Budget: Hashable, Sendable {
    let caps: ManifestContent.Caps
    /// Moved, or promised to.
    private(set) var received: Int64 = 0
    private(set) var fromFallbacks: Int64 = 0
    private(set) var sent: Int64 = 0

    init(_ caps: ManifestContent.Caps) { self.caps = caps }

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
