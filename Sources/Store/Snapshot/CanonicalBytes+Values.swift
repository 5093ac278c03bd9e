import Catalogue
import Fleet
import Quantities

extension CanonicalWriter {
    mutating func put(_ catalogue: Catalogue) {
        put(catalogue.titles) { $0.put($1) }
        put(catalogue.items) { $0.put($1) }
    }

    private mutating func put(_ title: Title) {
        put(title.id)
        put(title.name)
        put(title.licence.start?.seconds)
        put(title.licence.end?.seconds)
        switch title.territories {
        case .everywhere: put(Int32(0))
        case .only(let list):
            put(Int32(1))
            put(list) { $0.put($1) }
        case .except(let list):
            put(Int32(2))
            put(list) { $0.put($1) }
        }
        put(title.peerToPeer)
        put(title.currentItem)
    }

    private mutating func put(_ item: Item) {
        put(item.title)
        put(item.version)
        put(item.files) { writer, file in
            writer.put(file.name)
            writer.put(file.sizeBytes)
            writer.put(file.kind)
        }
        put(item.chunkBytes)
        put(item.indexDigest)
        put(item.blobDigest)
    }

    mutating func put(_ fleet: Fleet) {
        put(fleet.sites) { $0.put($1) }
        put(fleet.clocks) { $0.put($1) }
        put(fleet.origins) { $0.put($1) }
        put(fleet.accounts) { writer, account in
            writer.put(account.id)
            writer.put(account.status.rawValue)
            writer.put(account.territory)
        }
        put(fleet.devices) { $0.put($1) }
        put(fleet.links) { $0.put($1) }
        put(fleet.holdings) { $0.put($1) }
        put(fleet.holdingOffsets) { $0.put($1) }
        put(fleet.wishes) { writer, wish in
            writer.put(wish.title)
            writer.put(wish.rank)
        }
        put(fleet.wishOffsets) { $0.put($1) }
    }

    private mutating func put(_ site: Site) {
        put(site.id)
        put(site.parent)
        put(site.territory)
        put(site.clock)
        put(site.upKbps)
        put(site.downKbps)
        put(site.costPerGB)
    }

    private mutating func put(_ clock: LocalClock) {
        put(clock.zone)
        put(clock.offsetSeconds)
        put(clock.changes) { writer, change in
            writer.put(change.at.seconds)
            writer.put(change.offsetSeconds)
        }
    }

    private mutating func put(_ origin: Origin) {
        put(origin.id)
        put(origin.site)
        put(origin.egressKbps)
        put(origin.baseURL)
        put(origin.costPerGB)
        put(origin.nightlyBytes)
    }

    private mutating func put(_ device: Device) {
        put(device.id)
        put(device.account)
        put(device.site)
        put(device.wishBytes)
        put(device.cacheBytes)
        put(device.upKbps)
        put(device.downKbps)
        put(device.window) { writer, window in
            writer.put(window.fromMinute)
            writer.put(window.untilMinute)
        }
        put(device.accepts)
        put(device.address)
        put(device.publicKey)
        put(device.lastServed) { $0.put($1.dayNumber) }
        put(device.lastSent?.seconds)
        put(device.state.rawValue)
        put(device.picks) { $0.put($1) }
    }

    private mutating func put(_ link: Link) {
        put(link.from)
        put(link.to)
        put(link.kbps)
        put(link.isCapacity)
        put(link.paced)
    }

    private mutating func put(_ end: Link.End) {
        switch end {
        case .device(let position):
            put(false)
            put(position)
        case .site(let position):
            put(true)
            put(position)
        }
    }

    private mutating func put(_ holding: Holding) {
        put(holding.item)
        switch holding.chunks {
        case .all: put(false)
        case .some(let set):
            put(true)
            put(set.ranges) { writer, range in
                writer.put(range.lowerBound)
                writer.put(range.upperBound)
            }
        }
        put(holding.area == .wish)
        put(holding.bought)
        put(holding.unknownBytes)
    }
}
