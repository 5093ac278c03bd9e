package import Quantities

/// What a device knows and trusts when a manifest comes.
package struct TrustRules: Hashable, Sendable {
    /// A signature of any one of these counts: two of them while keys change.
    package var keys: [VerifyingKey]
    /// The device's own fleet and identifier.
    package var fleet: String
    package var device: String
    /// The last manifest that was obeyed; nil on a new device.
    package var seen: Seen?
    /// The time, from a clock that the caller trusts.
    package var now: Instant
    /// Longest manifest that is read, in bytes.
    package var maxBytes: Int

    /// The last manifest that a device obeyed: to be kept over restarts.
    package struct Seen: Hashable, Sendable {
        /// Its number; the next one's is higher.
        package var sequence: Int64
        /// SHA-256 of its bytes.
        package var digest: Digest

        package init(sequence: Int64, digest: Digest) {
            self.sequence = sequence
            self.digest = digest
        }
    }

    package init(
        keys: [VerifyingKey], fleet: String, device: String, seen: Seen? = nil, now: Instant,
        maxBytes: Int = 16 << 20
    ) {
        self.keys = keys
        self.fleet = fleet
        self.device = device
        self.seen = seen
        self.now = now
        self.maxBytes = maxBytes
    }
}
