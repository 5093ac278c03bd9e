package import Quantities

/// Where bytes come from: a device or an origin, as one integer.
///
/// Devices are their position in `Fleet.devices`; origin `o` is `-1 - o`.
package struct Source: Hashable, Comparable, Sendable {
    /// The integer: not negative for a device.
    package var raw: Int32

    package init(raw: Int32) { self.raw = raw }
    /// The device at a position in `Fleet.devices`.
    package static func device(_ index: Int32) -> Source { Source(raw: index) }
    /// The origin at a position in `Fleet.origins`.
    package static func origin(_ index: Int32) -> Source { Source(raw: -1 - index) }

    /// Position in `Fleet.devices`, nil for an origin.
    package var device: Int32? { raw >= 0 ? raw : nil }
    /// Position in `Fleet.origins`, nil for a device.
    package var origin: Int32? { raw < 0 ? -1 - raw : nil }

    package static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
}

/// One movement of chunks in one slot.
package struct Transfer: Hashable, Sendable {
    /// The end that opens the connection.
    package enum Initiator: String, Hashable, Sendable {
        case source
        case destination
    }

    package var source: Source
    /// Position in `Fleet.devices`.
    package var destination: Int32
    /// Position in `Catalogue.items`.
    package var item: Int32
    /// Chunk numbers, never empty.
    package var chunks: Range<Int32>
    /// The slot in which all of it moves.
    package var slot: Int32
    package var initiator: Initiator

    package init(
        source: Source, destination: Int32, item: Int32, chunks: Range<Int32>, slot: Int32,
        initiator: Initiator
    ) {
        self.source = source
        self.destination = destination
        self.item = item
        self.chunks = chunks
        self.slot = slot
        self.initiator = initiator
    }
}

/// Chunks that leave a device's disk at the start of a slot.
package struct Removal: Hashable, Sendable {
    /// Position in `Fleet.devices`.
    package var device: Int32
    /// Position in `Catalogue.items`.
    package var item: Int32
    /// Chunk numbers, never empty.
    package var chunks: Range<Int32>
    /// At whose start they go.
    package var slot: Int32

    package init(device: Int32, item: Int32, chunks: Range<Int32>, slot: Int32) {
        self.device = device
        self.item = item
        self.chunks = chunks
        self.slot = slot
    }
}

/// What becomes of one open wish tonight.
package struct Outcome: Hashable, Sendable {
    /// Position in `Fleet.devices`.
    package var device: Int32
    /// Position in `Catalogue.titles`.
    package var title: Int32
    /// Position in `Catalogue.items`; -1 when the title has none.
    package var item: Int32
    /// Its rank as given.
    package var rank: Int32
    /// Its whole value in millionths; 0 when it is not eligible.
    package var worth: Int64
    /// Bytes missing at dusk.
    package var missingBytes: Int64
    /// Bytes that the plan brings.
    package var plannedBytes: Int64
    /// Why not all of it comes; nil when it does.
    package var cause: Cause?

    package init(
        device: Int32, title: Int32, item: Int32, rank: Int32, worth: Int64, missingBytes: Int64,
        plannedBytes: Int64, cause: Cause?
    ) {
        self.device = device
        self.title = title
        self.item = item
        self.rank = rank
        self.worth = worth
        self.missingBytes = missingBytes
        self.plannedBytes = plannedBytes
        self.cause = cause
    }
}

/// Why a wish is not served, or not wholly.
package enum Cause: String, Hashable, Sendable, CaseIterable {
    /// The catalogue has no item of known size for the title.
    case noItem = "no-item"
    /// The item has no chunk index and the workspace doesn't plan on sizes alone.
    case noIndex = "no-index"
    /// Outside the licence window.
    case licence
    /// The title may not be kept where the device is, or the account's territory contradicts the
    /// site's.
    case territory
    /// The account is suspended or closed, or the device is new or retired.
    case account
    /// Nobody who may send holds a missing chunk.
    case noSource = "no-source"
    /// No holder shares a slot with the device.
    case window
    /// No holder that shares a slot can be connected with.
    case reach
    /// No room in the wish area.
    case room
    /// The device's own down rate is used up by what it wants more.
    case downRate = "down-rate"
    /// A site's edge, or a link with a stated capacity, on every way is full.
    case edge
    /// The limit on ends per slot is reached.
    case limit
    /// Only origins could send, and their egress or budget is used up.
    case origin
    /// The uplinks of all holders are used up by wishes worth more.
    case uplink
    /// By this profile's rates it is worth less than what it costs to send.
    case price
}

/// One night's plan, with what proves how good it is.
package struct Plan: Hashable, Sendable {
    package var night: Night
    package var profile: Profile
    /// By slot, destination, item, first chunk.
    package var transfers: [Transfer]
    /// By slot, device, item, first chunk.
    package var removals: [Removal]
    /// One for each wish that isn't complete at dusk: by device, then as `Fleet.wishes` has them.
    package var outcomes: [Outcome]
    /// Proves the bound on the profile's objective.
    package var certificate: Certificate

    package init(
        night: Night, profile: Profile, transfers: [Transfer], removals: [Removal],
        outcomes: [Outcome],
        certificate: Certificate
    ) {
        self.night = night
        self.profile = profile
        self.transfers = transfers
        self.removals = removals
        self.outcomes = outcomes
        self.certificate = certificate
    }
}
