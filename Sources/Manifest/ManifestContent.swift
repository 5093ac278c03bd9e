package import Quantities

/// What a manifest says to one device for one night.
///
/// Times are instants, never times of day; chunk ranges are inclusive; offsets
/// count in the item's files laid end to end, which is how an item lies at an
/// origin and on a device.
package struct ManifestContent: Hashable, Sendable {
    /// Versions of the format that this program reads and writes: it refuses another major one.
    package static let major: Int32 = 3
    /// Later ones only add members that may be ignored.
    package static let minor: Int32 = 0
    /// The value of the member `schema`.
    package static let schema = "mediaplan-manifest"
    /// Most slots from the start to a movement, and that one may last.
    static let mostSlots: Int64 = 1 << 20
    /// The most that ``aheadSeconds`` may be: a device holds a request little longer than this.
    package static let maxAheadSeconds: Int32 = 10

    /// The minor version of the text: what a later one adds may be ignored.
    package var minor: Int32 = ManifestContent.minor
    /// The fleet's name: a manifest of another fleet is refused.
    package var fleet: String
    /// The device that it is for.
    package var device: String
    /// The day in whose evening the night begins.
    package var night: CivilDate
    /// Grows with every night and every newer plan for the same night; at least 1.
    package var sequence: Int64
    /// Identifies the plan: all manifests of one publication agree on it.
    package var plan: Digest
    /// When the plan was published.
    package var issued: Instant
    /// The device does nothing of this before.
    package var notBefore: Instant
    /// The device does nothing of this from then on.
    package var expires: Instant
    /// When slot 0 begins: every movement and removal is a whole number of slots later.
    package var starts: Instant
    /// Length of a slot in seconds.
    package var slotSeconds: Int32
    /// How long before its slot a movement between devices may be made, while the sender has
    /// nothing planned to send: 0 to ``maxAheadSeconds``.
    package var aheadSeconds: Int32
    /// How late a piece must be before an origin may be asked for it, though others may still bring
    /// it; nil: as the device sees fit.
    package var originPatienceSeconds: Int32?
    /// When the device takes part, ascending and apart; empty: not at all tonight.
    package var window: [Span]
    /// Every item that is named below, ascending by key.
    package var items: [ManifestItem]
    /// What the device receives, by slot.
    package var fetch: [Fetch]
    /// What the device sends, by slot.
    package var serve: [Serve]
    /// What leaves the device's disk, by slot.
    package var remove: [Remove]
    /// What the device sends if it is asked for, by item and then by destination.
    package var standby: [Standby]
    package var caps: Caps
    package var rates: Rates

    package init(
        fleet: String, device: String, night: CivilDate, sequence: Int64, plan: Digest,
        issued: Instant, notBefore: Instant, expires: Instant, slotSeconds: Int32,
        window: [Span] = [], items: [ManifestItem] = [], fetch: [Fetch] = [], serve: [Serve] = [],
        remove: [Remove] = [], standby: [Standby] = [], caps: Caps = Caps(), rates: Rates = Rates(),
        aheadSeconds: Int32 = 0, originPatienceSeconds: Int32? = nil, starts: Instant? = nil
    ) {
        self.fleet = fleet
        self.device = device
        self.night = night
        self.sequence = sequence
        self.plan = plan
        self.issued = issued
        self.notBefore = notBefore
        self.expires = expires
        self.starts = starts ?? notBefore
        self.slotSeconds = slotSeconds
        self.window = window
        self.items = items
        self.fetch = fetch
        self.serve = serve
        self.remove = remove
        self.standby = standby
        self.caps = caps
        self.rates = rates
        self.aheadSeconds = aheadSeconds
        self.originPatienceSeconds = originPatienceSeconds
    }

    /// What the device's line is used for at most, in kbps (1000 bit/s) of payload.
    package struct Rates: Hashable, Sendable {
        package var upKbps: Int64
        package var downKbps: Int64

        package init(upKbps: Int64 = 0, downKbps: Int64 = 0) {
            self.upKbps = upKbps
            self.downKbps = downKbps
        }
    }

    /// Whether the device has nothing to do: a manifest that says so is not the same as none.
    package var isNothing: Bool {
        fetch.isEmpty && serve.isEmpty && remove.isEmpty && standby.isEmpty
    }

    /// A time `[starts, ends)`.
    package struct Span: Hashable, Sendable {
        package var starts: Instant
        package var ends: Instant

        package init(starts: Instant, ends: Instant) {
            self.starts = starts
            self.ends = ends
        }
    }

    /// Bytes that the device never exceeds, whatever goes wrong.
    package struct Caps: Hashable, Sendable {
        /// Received tonight in all, repeats among them.
        package var fetchBytes: Int64
        /// Received tonight from fall-backs; part of ``fetchBytes``.
        package var fallbackBytes: Int64
        /// Received tonight from origins as fall-backs; part of ``fallbackBytes``.
        package var reserveBytes: Int64
        /// Sent tonight in all, repeats and what others ask for as a fall-back among them.
        package var serveBytes: Int64

        package init(
            fetchBytes: Int64 = 0, fallbackBytes: Int64 = 0, reserveBytes: Int64 = 0,
            serveBytes: Int64 = 0
        ) {
            self.fetchBytes = fetchBytes
            self.fallbackBytes = fallbackBytes
            self.reserveBytes = reserveBytes
            self.serveBytes = serveBytes
        }
    }
}
