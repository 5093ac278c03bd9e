/// The boxes, the network and what they hold and want, at one moment.
///
/// Every reference is a position in one of the arrays here or in the catalogue;
/// all arrays are sorted by identifier (UTF-8 bytes), so equal contents give
/// equal positions. Holdings and wishes lie in two flat arrays; device `d` owns
/// the part that ``holdings(of:)`` and ``wishes(of:)`` give.
package struct Fleet: Hashable, Sendable {
    /// The network tree; a parent may stand before or after its children.
    package var sites: [Site]
    /// Copies of the central repository; may be empty.
    package var origins: [Origin]
    /// Who pays.
    package var accounts: [Account]
    /// The boxes, retired ones too.
    package var devices: [Device]
    /// Measured and stated rates between two ends, in one direction each.
    package var links: [Link]
    /// Local times that sites refer to; see ``Site/clock``.
    package var clocks: [LocalClock]
    /// All holdings: by device, then by item.
    package var holdings: HoldingTable
    /// `devices.count + 1` positions in ``holdings``.
    package var holdingOffsets: [Int32]
    /// All wishes that are wanted tonight: by device, then by rank (ties by title).
    package var wishes: [Wish]
    /// `devices.count + 1` positions in ``wishes``.
    package var wishOffsets: [Int32]

    package init(
        sites: [Site] = [], origins: [Origin] = [], accounts: [Account] = [],
        devices: [Device] = [],
        links: [Link] = [], clocks: [LocalClock] = [], holdings: [[Holding]] = [],
        wishes: [[Wish]] = []
    ) {
        self.sites = sites
        self.origins = origins
        self.accounts = accounts
        self.devices = devices
        self.links = links
        self.clocks = clocks
        self.holdings = HoldingTable(holdings.joined())
        self.holdingOffsets = Fleet.offsets(holdings.map(\.count), of: devices.count)
        self.wishes = wishes.flatMap { $0 }
        self.wishOffsets = Fleet.offsets(wishes.map(\.count), of: devices.count)
    }

    private static func offsets(_ counts: [Int], of devices: Int) -> [Int32] {
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(devices + 1)
        for d in 0..<devices {
            offsets.append(offsets[d] + Int32(d < counts.count ? counts[d] : 0))
        }
        return offsets
    }

    /// Positions in ``holdings`` of device `device`.
    package func holdings(of device: Int) -> Range<Int> {
        Int(holdingOffsets[device])..<Int(holdingOffsets[device + 1])
    }

    /// Positions in ``wishes`` of device `device`.
    package func wishes(of device: Int) -> Range<Int> {
        Int(wishOffsets[device])..<Int(wishOffsets[device + 1])
    }
}

/// A node of the network tree, with the edge to its parent.
package struct Site: Hashable, Sendable {
    package var id: String
    /// Position of the parent in ``Fleet/sites``; -1 for the root (exactly one).
    package var parent: Int32
    /// ISO 3166, upper case, inherited already; nil when no ancestor states one.
    package var territory: String?
    /// Position in ``Fleet/clocks``, inherited already.
    package var clock: Int32
    /// Capacity of the edge towards the parent in kbps; nil: unlimited.
    package var upKbps: Int64?
    /// Capacity of the edge from the parent in kbps; nil: unlimited.
    package var downKbps: Int64?
    /// What a GB costs on that edge, either direction, in millionths of the currency.
    package var costPerGB: Int64

    package init(
        id: String, parent: Int32, territory: String? = nil, clock: Int32 = 0, upKbps: Int64? = nil,
        downKbps: Int64? = nil, costPerGB: Int64 = 0
    ) {
        self.id = id
        self.parent = parent
        self.territory = territory
        self.clock = clock
        self.upKbps = upKbps
        self.downKbps = downKbps
        self.costPerGB = costPerGB
    }
}

/// A copy of the central repository: holds every item of the catalogue, accepts connections.
package struct Origin: Hashable, Sendable {
    package var id: String
    /// Position in ``Fleet/sites``.
    package var site: Int32
    /// In kbps, over all it sends in a slot.
    package var egressKbps: Int64
    package var baseURL: String
    /// What a GB that it sends costs beside the path, in millionths of the currency.
    package var costPerGB: Int64
    /// What it may send in a night, in bytes; nil: unlimited.
    package var nightlyBytes: Int64?

    package init(
        id: String, site: Int32, egressKbps: Int64, baseURL: String = "", costPerGB: Int64 = 0,
        nightlyBytes: Int64? = nil
    ) {
        self.id = id
        self.site = site
        self.egressKbps = egressKbps
        self.baseURL = baseURL
        self.costPerGB = costPerGB
        self.nightlyBytes = nightlyBytes
    }
}

/// Who pays for a device.
package struct Account: Hashable, Sendable {
    /// Standing of an account.
    package enum Status: String, Hashable, Sendable {
        case active
        /// Its devices receive nothing new and may send.
        case suspended
        /// Its devices neither receive nor send.
        case closed
    }

    package var id: String
    package var status: Status
    /// ISO 3166, upper case; nil when not stated: then it contradicts nothing.
    package var territory: String?

    package init(id: String, status: Status = .active, territory: String? = nil) {
        self.id = id
        self.status = status
        self.territory = territory
    }
}

/// A rate between two ends, in one direction.
package struct Link: Hashable, Sendable {
    /// One end: a device, or every device at or below a site.
    package enum End: Hashable, Sendable {
        case device(Int32)
        case site(Int32)
    }

    package var from: End
    package var to: End
    package var kbps: Int64
    /// True: a cap on what all devices of `from` send to all devices of `to` in a slot. False: a
    /// measurement.
    package var isCapacity: Bool
    /// A measurement of a transfer that was held back by its plan; says nothing about the link.
    package var paced: Bool

    package init(from: End, to: End, kbps: Int64, isCapacity: Bool, paced: Bool = false) {
        self.from = from
        self.to = to
        self.kbps = kbps
        self.isCapacity = isCapacity
        self.paced = paced
    }
}
