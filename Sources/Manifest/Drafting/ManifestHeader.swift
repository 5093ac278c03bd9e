package import Quantities

/// What all manifests of one publication say alike.
package struct ManifestHeader: Hashable, Sendable {
    /// The fleet's name.
    package var fleet: String
    /// Greater than any that was published before with other contents; at least 1.
    package var sequence: Int64
    /// Identifies the plan; see `planDigest`.
    package var plan: Digest
    package var issued: Instant
    package var notBefore: Instant
    /// After ``notBefore``.
    package var expires: Instant
    /// How much more than planned a device may receive or send when things go wrong, in percent; at
    /// least one chunk.
    package var sparePercent: Int32
    /// How much of what it receives a device may take from fall-backs, in percent.
    package var fallbackPercent: Int32
    /// How much of what it receives a device may take from origins as fall-backs, in percent; no
    /// more than ``fallbackPercent`` counts.
    package var originReservePercent: Int32
    /// Origins that are named as fall-backs of an item, at most.
    package var maxFallbacks: Int32
    /// Devices that are named as fall-backs of an item, at most.
    package var maxPeerFallbacks: Int32
    /// How often a device is named as a fall-back, at most.
    package var maxStandby: Int32
    /// Seconds after the night in which devices may still fetch what came late, within their own
    /// windows; rounded up to whole slots.
    package var overtimeSeconds: Int32
    /// How long before its slot a movement between devices may be made, while the sender has
    /// nothing planned to send.
    package var aheadSeconds: Int32
    /// How late a piece must be before an origin may be asked for it; nil: as devices see fit.
    package var originPatienceSeconds: Int32?

    package init(
        fleet: String, sequence: Int64, plan: Digest, issued: Instant, notBefore: Instant,
        expires: Instant, sparePercent: Int32 = 10, fallbackPercent: Int32 = 100,
        originReservePercent: Int32 = 100, maxFallbacks: Int32 = 3, maxPeerFallbacks: Int32 = 3,
        maxStandby: Int32 = 16, overtimeSeconds: Int32 = 0,
        aheadSeconds: Int32 = 0, originPatienceSeconds: Int32? = nil
    ) {
        precondition(sequence >= 1 && notBefore < expires, "a header that no device would accept")
        precondition(sparePercent >= 0 && fallbackPercent >= 0 && originReservePercent >= 0)
        precondition(maxFallbacks >= 0 && maxPeerFallbacks >= 0 && maxStandby >= 0)
        precondition(overtimeSeconds >= 0)
        precondition(0...ManifestContent.maxAheadSeconds ~= aheadSeconds)
        precondition(originPatienceSeconds ?? 0 >= 0)
        self.fleet = fleet
        self.sequence = sequence
        self.plan = plan
        self.issued = issued
        self.notBefore = notBefore
        self.expires = expires
        self.sparePercent = sparePercent
        self.fallbackPercent = fallbackPercent
        self.originReservePercent = originReservePercent
        self.maxFallbacks = maxFallbacks
        self.maxPeerFallbacks = maxPeerFallbacks
        self.maxStandby = maxStandby
        self.overtimeSeconds = overtimeSeconds
        self.aheadSeconds = aheadSeconds
        self.originPatienceSeconds = originPatienceSeconds
    }
}
