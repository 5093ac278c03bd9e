package import Quantities

/// A set-top box.
package struct Device: Hashable, Sendable {
    /// Where it is in its life.
    package enum State: String, Hashable, Sendable {
        /// Not supplied yet: takes no part in a night.
        case new
        case active
        /// Out of use: takes no part in a night.
        case retired
    }

    package var id: String
    /// Position in ``Fleet/accounts``.
    package var account: Int32
    /// Position in ``Fleet/sites``.
    package var site: Int32
    /// Size of the wish area in bytes.
    package var wishBytes: Int64
    /// Size of the cache area in bytes.
    package var cacheBytes: Int64
    package var upKbps: Int64
    package var downKbps: Int64
    /// The time of day, local to its site, in which it takes part; nil: always.
    package var window: DailyWindow?
    /// Whether others can open a connection to it.
    package var accepts: Bool
    /// `host:port` where it accepts connections; empty when unknown.
    package var address: String
    package var publicKey: String
    /// The last night in which one of its wishes was completed; nil: never.
    package var lastServed: CivilDate?
    /// When it last sent to another device; nil: never.
    package var lastSent: Instant?
    package var state: State
    /// Positions in `Catalogue.titles` of the titles named at purchase, ascending.
    package var picks: [Int32]

    package init(
        id: String, account: Int32, site: Int32, wishBytes: Int64, cacheBytes: Int64, upKbps: Int64,
        downKbps: Int64, window: DailyWindow? = nil, accepts: Bool = true, address: String = "",
        publicKey: String = "", lastServed: CivilDate? = nil, lastSent: Instant? = nil,
        state: State = .active,
        picks: [Int32] = []
    ) {
        self.id = id
        self.account = account
        self.site = site
        self.wishBytes = wishBytes
        self.cacheBytes = cacheBytes
        self.upKbps = upKbps
        self.downKbps = downKbps
        self.window = window
        self.accepts = accepts
        self.address = address
        self.publicKey = publicKey
        self.lastServed = lastServed
        self.lastSent = lastSent
        self.state = state
        self.picks = picks
    }
}

/// The chunks of one item that a device has.
package struct Holding: Hashable, Sendable {
    /// The part of the disk that a holding counts in.
    package enum Area: String, Hashable, Sendable {
        case wish
        case cache
    }

    /// Which chunks.
    package enum Chunks: Hashable, Sendable {
        case all
        case some(RangeSet32)
    }

    /// Position in `Catalogue.items`; -1 for something that the catalogue doesn't know.
    package var item: Int32
    package var chunks: Chunks
    /// As reported; at dusk listed items move to the wish area on paper (MODEL, Words).
    package var area: Area
    package var bought: Bool
    /// Bytes on disk of an unknown item; 0 for a known one, whose chunks tell.
    package var unknownBytes: Int64

    package init(
        item: Int32, chunks: Chunks = .all, area: Area = .cache, bought: Bool = false,
        unknownBytes: Int64 = 0
    ) {
        self.item = item
        self.chunks = chunks
        self.area = area
        self.bought = bought
        self.unknownBytes = unknownBytes
    }
}

/// A title that a device wants.
package struct Wish: Hashable, Sendable {
    /// Position in `Catalogue.titles`.
    package var title: Int32
    /// As given, from 1; gaps are allowed: the ranks of the open wishes are renumbered (MODEL,
    /// value).
    package var rank: Int32

    package init(title: Int32, rank: Int32) {
        self.title = title
        self.rank = rank
    }
}
