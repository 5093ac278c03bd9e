import Catalogue
import Fleet
import Quantities
import Schedule

/// An instance as `exact.py` reads it: windows and licences as slot numbers, rates in bytes a slot.
///
/// What is nil is left out. Nothing else is worked out here, so that the exact program derives
/// dusk, lists, ranks and worth by itself.
struct ExactProblem: Encodable {
    struct Settings: Encodable {
        let base, gain, decay: [UInt32]
        let days: UInt32
        let maxIncoming, maxOutgoing: Int32
        let alpha, beta: Int64
    }

    struct Site: Encodable {
        let parent: Int32
        var territory: String?
        var up: Int64?
        var down: Int64?
        let cost: Int64
    }

    struct Origin: Encodable {
        let site: Int32
        let egress: Int64
        var nightly: Int64?
        let cost: Int64
    }

    struct Account: Encodable {
        let status: String
        var territory: String?
    }

    struct Holding: Encodable {
        let item: Int32
        let chunks: [Int32]
        let area: String
        let bought: Bool
        let unknownBytes: Int64
    }

    struct Wish: Encodable {
        let title: Int32
    }

    struct Device: Encodable {
        let site: Int32
        let account: Account
        let active, accepts: Bool
        let window: [Int32]
        let up, down, wishBytes, cacheBytes: Int64
        var nights: Int32?
        let picks: [Int32]
        let holdings: [Holding]
        let wishes: [Wish]
    }

    struct End: Encodable {
        let kind: String
        let index: Int32
    }

    struct Link: Encodable {
        let from, to: End
        let bytes: Int64
    }

    struct Territories: Encodable {
        let kind: String
        let list: [String]
    }

    struct Title: Encodable {
        let item: Int32
        let peerToPeer: Bool
        let territories: Territories
        let licence, licenceEnded: [Int32]
    }

    struct Item: Encodable {
        let title: Int32
        let sendable: Bool
        let chunks: [Int64]
    }

    let slots: Int32
    let settings: Settings
    let sites: [Site]
    let origins: [Origin]
    let devices: [Device]
    let links: [Link]
    let titles: [Title]
    let items: [Item]
}

extension ExactProblem {
    init(_ one: Instance) {
        let night = one.night
        slots = night.slotCount
        settings = Settings(one.settings)
        sites = one.fleet.sites.map { site in
            Site(
                parent: site.parent, territory: site.territory,
                up: site.upKbps.map(night.bytesPerSlot),
                down: site.downKbps.map(night.bytesPerSlot),
                cost: site.costPerGB)
        }
        origins = one.fleet.origins.map { origin in
            Origin(
                site: origin.site, egress: night.bytesPerSlot(kbps: origin.egressKbps),
                nightly: origin.nightlyBytes, cost: origin.costPerGB)
        }
        devices = one.fleet.devices.indices.map { Device($0, of: one) }
        links = one.fleet.links.filter(\.isCapacity).map { link in
            Link(
                from: End(link.from), to: End(link.to), bytes: night.bytesPerSlot(kbps: link.kbps))
        }
        titles = one.catalogue.titles.map { Title($0, in: night) }
        items = one.catalogue.items.map { item in
            Item(
                title: item.title, sendable: item.indexDigest != nil || one.settings.sizesAlone,
                chunks: (0..<item.layout.count).map { item.layout.bytes(ofChunk: $0) })
        }
    }
}

extension ExactProblem.Settings {
    init(_ settings: PlanSettings) {
        func pair(_ fraction: Fraction) -> [UInt32] { [fraction.numerator, fraction.denominator] }
        base = pair(settings.fairnessBase)
        gain = pair(settings.fairnessGain)
        decay = pair(settings.decay)
        days = settings.fairnessDays
        maxIncoming = settings.maxIncoming
        maxOutgoing = settings.maxOutgoing
        alpha = settings.profile.alpha
        beta = settings.profile.beta
    }
}

extension ExactProblem.Device {
    init(_ index: Int, of one: Instance) {
        let device = one.fleet.devices[index]
        let night = one.night
        let owner = one.fleet.accounts[Int(device.account)]
        let clock = one.fleet.clocks[Int(one.fleet.sites[Int(device.site)].clock)]
        site = device.site
        account = ExactProblem.Account(status: owner.status.rawValue, territory: owner.territory)
        active = device.state == .active
        accepts = device.accepts
        window = clock.slots(of: device.window, in: night).ranges.flatMap { Array($0) }
        up = night.bytesPerSlot(kbps: device.upKbps)
        down = night.bytesPerSlot(kbps: device.downKbps)
        wishBytes = device.wishBytes
        cacheBytes = device.cacheBytes
        nights = device.lastServed.map { night.date.dayNumber - $0.dayNumber }
        picks = device.picks
        holdings = one.fleet.holdings[one.fleet.holdings(of: index)].map {
            ExactProblem.Holding($0, in: one.catalogue)
        }
        wishes = one.fleet.wishes[one.fleet.wishes(of: index)].map {
            ExactProblem.Wish(title: $0.title)
        }
    }
}

extension ExactProblem.Holding {
    init(_ holding: Holding, in catalogue: Catalogue) {
        item = holding.item
        switch holding.chunks {
        case .some(let chunks): self.chunks = chunks.ranges.flatMap { Array($0) }
        case .all where holding.item < 0: chunks = []
        case .all: chunks = Array(0..<catalogue.items[Int(holding.item)].layout.count)
        }
        area = holding.area.rawValue
        bought = holding.bought
        unknownBytes = holding.unknownBytes
    }
}

extension ExactProblem.End {
    init(_ end: Link.End) {
        switch end {
        case .device(let index): self.init(kind: "device", index: index)
        case .site(let index): self.init(kind: "site", index: index)
        }
    }
}

extension ExactProblem.Title {
    init(_ title: Title, in night: Night) {
        item = title.currentItem
        peerToPeer = title.peerToPeer
        territories = ExactProblem.Territories(title.territories)
        licence = Array(night.slots(from: title.licence.start, until: title.licence.end))
        licenceEnded = (0..<night.slotCount).filter { slot in
            title.licence.end.map { $0 <= night.start(ofSlot: slot) } ?? false
        }
    }
}

extension ExactProblem.Territories {
    init(_ territories: Territories) {
        switch territories {
        case .everywhere: self.init(kind: "everywhere", list: [])
        case .only(let list): self.init(kind: "only", list: list)
        case .except(let list): self.init(kind: "except", list: list)
        }
    }
}
