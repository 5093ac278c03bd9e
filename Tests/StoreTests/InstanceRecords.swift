import Catalogue
import Fleet
import Quantities
import TestSupport

@testable import Store

/// The rows that would lead to an instance, were they imported.
struct InstanceRecords {
    var titles: [TitleRecord] = []
    var sites: [SiteRecord] = []
    var origins: [OriginRecord] = []
    var devices: [DeviceRecord] = []
    var holdings: [HoldingRecord] = []
    var wishes: [WishRecord] = []
    var links: [LinkRecord] = []
    let accounts: [Account]
    let instance: Instance

    /// What devices would report that had received all that they hold.
    var reports: [ReportRecord] {
        holdings.map {
            ReportRecord(
                device: $0.device, night: CivilDate("2026-09-20")!, item: $0.item,
                version: $0.version, chunks: .some(RangeSet32(0..<1)), source: "somebody",
                bytes: 100_000, milliseconds: 1_000, result: .complete, area: $0.area)
        }
    }

    init(_ instance: Instance) {
        self.instance = instance
        accounts = instance.fleet.accounts
        readTitles(instance.catalogue)
        readTree(instance.fleet)
        readDevices(instance.fleet, instance.catalogue)
    }

    private mutating func readTitles(_ catalogue: Catalogue) {
        for (position, title) in catalogue.titles.enumerated() {
            let own = catalogue.items.filter { $0.title == position }
            var record = TitleRecord(
                id: title.id, aliases: ["alias-\(position)"], name: title.name,
                licence: title.licence, territories: title.territories,
                peerToPeer: title.peerToPeer, version: TitleRecord.Version(major: 2))
            for item in own {
                record.version.major = Int32(item.version)!
                record.files = item.files.map {
                    FileRecord(name: $0.name, kind: $0.kind, sizeBytes: $0.sizeBytes)
                }
                record.chunkBytes = item.chunkBytes
                record.indexDigest = item.indexDigest
                titles.append(record)
            }
            guard title.currentItem < 0 else { continue }
            record.files = []
            record.chunkBytes = nil
            record.indexDigest = nil
            record.version.major = 2
            titles.append(record)
        }
    }

    private mutating func readTree(_ fleet: Fleet) {
        sites = fleet.sites.map { site in
            SiteRecord(
                site: site.id, parent: site.parent < 0 ? "" : fleet.sites[Int(site.parent)].id,
                territory: site.territory, timezone: fleet.clocks[Int(site.clock)].zone,
                upKbps: site.upKbps, downKbps: site.downKbps, costPerGB: site.costPerGB)
        }
        origins = fleet.origins.map {
            OriginRecord(
                origin: $0.id, site: fleet.sites[Int($0.site)].id, egressKbps: $0.egressKbps,
                baseURL: $0.baseURL, costPerGB: $0.costPerGB, nightlyBytes: $0.nightlyBytes)
        }
        func name(_ end: Link.End) -> String {
            switch end {
            case .device(let d): fleet.devices[Int(d)].id
            case .site(let s): fleet.sites[Int(s)].id
            }
        }
        links = fleet.links.map {
            LinkRecord(
                from: name($0.from), to: name($0.to), kbps: $0.kbps, isCapacity: $0.isCapacity,
                paced: $0.paced)
        }
    }

    private mutating func readDevices(_ fleet: Fleet, _ catalogue: Catalogue) {
        for (d, device) in fleet.devices.enumerated() {
            devices.append(
                DeviceRecord(
                    device: device.id, account: fleet.accounts[Int(device.account)].id,
                    site: fleet.sites[Int(device.site)].id, wishBytes: device.wishBytes,
                    cacheBytes: device.cacheBytes, upKbps: device.upKbps,
                    downKbps: device.downKbps, window: device.window, accepts: device.accepts,
                    address: device.address, publicKey: device.publicKey,
                    lastServed: device.lastServed, lastSent: device.lastSent, state: device.state,
                    picks: device.picks.map { catalogue.titles[Int($0)].id }))
            for h in fleet.holdings(of: d) {
                holdings.append(record(of: fleet.holdings[h], device: device.id, catalogue))
            }
            for w in fleet.wishes(of: d) {
                let wish = fleet.wishes[w]
                wishes.append(
                    WishRecord(
                        device: device.id,
                        title: w % 2 == 0
                            ? catalogue.titles[Int(wish.title)].id : "alias-\(wish.title)",
                        rank: wish.rank))
            }
        }
    }

    private func record(of holding: Holding, device: String, _ catalogue: Catalogue)
        -> HoldingRecord
    {
        var record = HoldingRecord(
            device: device, item: "thing", chunks: holding.chunks, area: holding.area,
            bought: holding.bought)
        if holding.item < 0 {
            record.bytes = holding.unknownBytes
        } else {
            let item = catalogue.items[Int(holding.item)]
            record.item = catalogue.titles[Int(item.title)].id
            record.version = item.version
        }
        return record
    }

    /// Imports everything, rows in an order drawn from `seed` and split over `parts` sessions a
    /// table.
    func importAll(into store: Store, seed: UInt64, parts: Int, limitBytes: Int = 1 << 20) throws {
        var random = SplitMix64(seed: seed)
        let catalogueFirst = random.below(2) == 0
        if catalogueFirst { try importTitles(into: store, &random, parts) }
        try each(sites.shuffled(using: &random), 1, .sites, store, limitBytes) {
            _ = try $0.put(sites: $1)
        }
        try each(origins.shuffled(using: &random), parts, .origins, store, limitBytes) {
            _ = try $0.put(origins: $1)
        }
        try each(accounts.shuffled(using: &random), parts, .accounts, store, limitBytes) {
            _ = try $0.put(accounts: $1)
        }
        try each(links, 1, .links, store, limitBytes) { _ = try $0.put(links: $1) }
        try each(devices.shuffled(using: &random), parts, .devices, store, limitBytes) {
            _ = try $0.put(devices: $1)
        }
        try each(holdings.shuffled(using: &random), 1, .holdings, store, limitBytes) {
            _ = try $0.put(holdings: $1)
        }
        try each(wishes.shuffled(using: &random), 1, .wishes, store, limitBytes) {
            _ = try $0.put(wishes: $1)
        }
        if !catalogueFirst { try importTitles(into: store, &random, parts) }
    }

    private func importTitles(into store: Store, _ random: inout SplitMix64, _ parts: Int) throws {
        try each(titles.shuffled(using: &random), parts, .catalogue, store, 1 << 20) {
            _ = try $0.put(titles: $1)
        }
    }

    private func each<Record>(
        _ records: [Record], _ parts: Int, _ table: ImportTable, _ store: Store, _ limitBytes: Int,
        _ put: (ImportSession, [Record]) throws -> Void
    ) throws {
        for part in 0..<parts {
            let own = records.indices.filter { $0 % parts == part }.map { records[$0] }
            try store.importing(source(table, number: UInt8(part)), limitBytes: limitBytes) {
                for record in own { try put($0, [record]) }
            }
        }
    }
}

extension Instance {
    /// The instance as a snapshot must give it: only clocks that are used, partial holdings that
    /// are whole as such, one measurement a pair, links in order.
    var settled: (catalogue: Catalogue, fleet: Fleet) {
        var fleet = self.fleet
        let zones = Set(fleet.sites.map { fleet.clocks[Int($0.clock)].zone }).sorted()
        for s in fleet.sites.indices {
            let zone = fleet.clocks[Int(fleet.sites[s].clock)].zone
            fleet.sites[s].clock = Int32(zones.firstIndex(of: zone)!)
        }
        fleet.clocks = fleet.clocks.filter { zones.contains($0.zone) }.sorted { $0.zone < $1.zone }
        for h in fleet.holdings.indices where fleet.holdings[h].item >= 0 {
            let count = catalogue.items[Int(fleet.holdings[h].item)].layout.count
            if fleet.holdings[h].chunks == .some(RangeSet32(0..<count)) {
                fleet.holdings[h].chunks = .all
            }
        }
        fleet.links = Instance.settled(fleet.links, fleet)
        return (catalogue, fleet)
    }

    private static func settled(_ links: [Link], _ fleet: Fleet) -> [Link] {
        func text(_ end: Link.End) -> String {
            switch end {
            case .device(let d): fleet.devices[Int(d)].id
            case .site(let s): fleet.sites[Int(s)].id
            }
        }
        var byKey: [String: Link] = [:]
        for link in links {
            let kbps = link.isCapacity ? String(1_000_000 + link.kbps) : ""
            let isPaced = link.paced && !link.isCapacity
            let key = "\(text(link.from)) \(text(link.to)) \(link.isCapacity) \(isPaced) \(kbps)"
            byKey[key] = link
            byKey[key]?.paced = isPaced
        }
        return byKey.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Whether every item is current or held, so that a snapshot has all of them.
    var everyItemIsNeeded: Bool {
        catalogue.items.indices.allSatisfy { item in
            catalogue.titles.contains { $0.currentItem == item }
                || fleet.holdings.contains { $0.item == item }
        }
    }
}
