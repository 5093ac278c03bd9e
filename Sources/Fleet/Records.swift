package import Quantities

// What the tables of a fleet say, row by row, before references are resolved:
// identifiers are text, and nothing is checked against another table.

/// A row of `sites`.
package struct SiteRecord: Hashable, Sendable {
    package var site: String
    /// Empty for the root.
    package var parent: String
    /// ISO 3166, upper case; nil: inherited.
    package var territory: String?
    /// IANA name; nil: inherited, UTC at the root.
    package var timezone: String?
    /// Address blocks as stated, such as `10.1.0.0/16`.
    package var cidr: [String]
    /// Capacity of the edge to the parent in kbps; nil: unlimited.
    package var upKbps: Int64?
    /// Capacity of the edge from the parent in kbps; nil: unlimited.
    package var downKbps: Int64?
    /// Millionths of the currency.
    package var costPerGB: Int64

    package init(
        site: String, parent: String = "", territory: String? = nil, timezone: String? = nil,
        cidr: [String] = [], upKbps: Int64? = nil, downKbps: Int64? = nil, costPerGB: Int64 = 0
    ) {
        self.site = site
        self.parent = parent
        self.territory = territory
        self.timezone = timezone
        self.cidr = cidr
        self.upKbps = upKbps
        self.downKbps = downKbps
        self.costPerGB = costPerGB
    }
}

/// A row of `origins`.
package struct OriginRecord: Hashable, Sendable {
    package var origin: String
    package var site: String
    package var egressKbps: Int64
    package var baseURL: String
    /// Millionths of the currency.
    package var costPerGB: Int64
    /// Bytes it may send in a night; nil: unlimited.
    package var nightlyBytes: Int64?

    package init(
        origin: String, site: String, egressKbps: Int64, baseURL: String, costPerGB: Int64 = 0,
        nightlyBytes: Int64? = nil
    ) {
        self.origin = origin
        self.site = site
        self.egressKbps = egressKbps
        self.baseURL = baseURL
        self.costPerGB = costPerGB
        self.nightlyBytes = nightlyBytes
    }
}

/// A row of `devices`.
package struct DeviceRecord: Hashable, Sendable {
    package var device: String
    package var account: String
    package var site: String
    package var wishBytes: Int64
    package var cacheBytes: Int64
    package var upKbps: Int64
    package var downKbps: Int64
    /// Nil: always.
    package var window: DailyWindow?
    package var accepts: Bool
    package var address: String
    package var publicKey: String
    /// The last night in which one of its wishes was completed; nil: never.
    package var lastServed: CivilDate?
    /// When it last sent to another device; nil: never.
    package var lastSent: Instant?
    package var state: Device.State
    /// Any identifiers that the catalogue knows for the titles.
    package var picks: [String]

    package init(
        device: String, account: String, site: String, wishBytes: Int64, cacheBytes: Int64,
        upKbps: Int64, downKbps: Int64, window: DailyWindow? = nil, accepts: Bool = false,
        address: String = "", publicKey: String = "", lastServed: CivilDate? = nil,
        lastSent: Instant? = nil, state: Device.State = .active, picks: [String] = []
    ) {
        self.device = device
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

/// What a delta row does; rows of a full snapshot all add.
package enum RowOperation: String, Hashable, Sendable {
    case add
    case remove
}

/// A row of `holdings`.
package struct HoldingRecord: Hashable, Sendable {
    package var operation: RowOperation
    package var device: String
    /// Any identifier that the catalogue knows for the title or item.
    package var item: String
    /// Nil: the current version.
    package var version: String?
    package var chunks: Holding.Chunks
    /// Nil: not stated, which means the cache area.
    package var area: Holding.Area?
    package var bought: Bool
    /// Bytes on disk, for what the catalogue doesn't know; nil: not stated.
    package var bytes: Int64?
    /// When the device was seen to hold it; nil: not stated.
    package var observedAt: Instant?

    package init(
        operation: RowOperation = .add, device: String, item: String, version: String? = nil,
        chunks: Holding.Chunks = .all, area: Holding.Area? = nil, bought: Bool = false,
        bytes: Int64? = nil, observedAt: Instant? = nil
    ) {
        self.operation = operation
        self.device = device
        self.item = item
        self.version = version
        self.chunks = chunks
        self.area = area
        self.bought = bought
        self.bytes = bytes
        self.observedAt = observedAt
    }
}

/// A row of `wishes`.
package struct WishRecord: Hashable, Sendable {
    package var operation: RowOperation
    package var device: String
    /// Any identifier that the catalogue knows for the title.
    package var title: String
    /// From 1.
    package var rank: Int32
    /// Not wanted in a night that begins at or after this; nil: always wanted.
    package var wantedUntil: Instant?

    package init(
        operation: RowOperation = .add, device: String, title: String, rank: Int32,
        wantedUntil: Instant? = nil
    ) {
        self.operation = operation
        self.device = device
        self.title = title
        self.rank = rank
        self.wantedUntil = wantedUntil
    }
}

/// A row of `links`.
package struct LinkRecord: Hashable, Sendable {
    /// A device or a site.
    package var from: String
    package var to: String
    package var kbps: Int64
    package var isCapacity: Bool
    /// When it was measured; nil: not stated.
    package var measuredAt: Instant?
    /// Bytes that the measurement moved; nil: not stated.
    package var bytes: Int64?
    package var paced: Bool
    /// How many attempts failed.
    package var failures: Int64

    package init(
        from: String, to: String, kbps: Int64, isCapacity: Bool = false, measuredAt: Instant? = nil,
        bytes: Int64? = nil, paced: Bool = false, failures: Int64 = 0
    ) {
        self.from = from
        self.to = to
        self.kbps = kbps
        self.isCapacity = isCapacity
        self.measuredAt = measuredAt
        self.bytes = bytes
        self.paced = paced
        self.failures = failures
    }
}
