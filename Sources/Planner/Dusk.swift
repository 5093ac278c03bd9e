import Catalogue
import Fleet
import Quantities

/// What lies on the disks at dusk, which of it may go, and who can send it (model page, Dusk).
struct Dusk {
    /// The fleet's holdings: device d owns `offsets[d]..<offsets[d + 1]`, ascending by item.
    let holdings: HoldingTable
    let offsets: [Int32]
    /// Bytes of all of each item.
    private let itemBytes: [Int64]
    /// Bytes on disk of the holdings of which the table says something apart.
    private var detailBytes: [Int64] = []
    /// Per holding: whether it counts in the wish area (after listed items moved there on paper).
    private(set) var inWishArea: [Bool]
    /// Per holding, when it may be removed.
    private var leave: [Leave]
    /// Of those that may go later than from the first slot on: from which.
    private var lateLeave: [Int32: Int32] = [:]
    private let slots: Int32
    /// Per device: what the wish area and the cache area take without a removal, in bytes.
    private(set) var wishRoom: [Int64]
    private(set) var cacheRoom: [Int64]
    /// Per device: bytes in each area that may be removed at some slot of the night.
    private(set) var wishRemovable: [Int64]
    private(set) var cacheRemovable: [Int64]
    /// Holdings that can be sent, by item, then by the place of the site, then by device: item i
    /// has `supplyOffsets[i]..<supplyOffsets[i + 1]`.
    private(set) var supplies: [Supply] = []
    private(set) var supplyOffsets: [Int32] = []
    /// Per item: the chunks that some sending device holds.
    private(set) var covered: [RangeSet32] = []

    private enum Leave: UInt8 {
        case always
        case never
        case later
    }

    /// A holding of a device that sends.
    struct Supply {
        var device: Int32
        var holding: Int32
        /// Place of the device's site in ``Network/place``.
        var place: Int32
    }

    init(
        catalogue: Catalogue, fleet: Fleet, night: Night, devices: Devices, items: Items,
        network: Network
    ) {
        holdings = fleet.holdings
        offsets = fleet.holdingOffsets
        itemBytes = items.layouts.map(\.totalBytes)
        detailBytes.reserveCapacity(holdings.detailCount)
        for h in holdings.indices where holdings.detail(of: h) != nil {
            detailBytes.append(Dusk.bytes(of: holdings[h], items))
        }
        let table = holdings
        inWishArea = table.indices.map { table.area(of: $0) == .wish }
        leave = [Leave](repeating: .never, count: table.count)
        slots = night.slotCount
        wishRoom = []
        cacheRoom = []
        wishRemovable = []
        cacheRemovable = []
        for d in fleet.devices.indices {
            settle(d, catalogue: catalogue, fleet: fleet, night: night)
        }
        gatherSupplies(devices: devices, items: items, network: network)
    }

    private static func bytes(of holding: Holding, _ items: Items) -> Int64 {
        guard holding.item >= 0 else { return holding.unknownBytes }
        let layout = items.layouts[Int(holding.item)]
        guard case .some(let set) = holding.chunks else { return layout.totalBytes }
        return set.ranges.reduce(0) { $0 + layout.bytes(in: $1) }
    }

    /// Bytes of a holding on disk.
    func bytes(_ h: Int) -> Int64 {
        if let detail = holdings.detail(of: h) { return detailBytes[detail] }
        return holdings.items[h] < 0 ? 0 : itemBytes[Int(holdings.items[h])]
    }

    /// The first slot in which a holding may be removed; the number of slots when never.
    @inline(__always)
    func removableFrom(_ h: Int) -> Int32 {
        switch leave[h] {
        case .always: 0
        case .never: slots
        case .later: lateLeave[Int32(h)] ?? slots
        }
    }

    /// Q(d) > 0: whether the cache area could take something.
    func hasCacheRoom(_ d: Int) -> Bool { cacheRoom[d] > 0 || cacheRemovable[d] > 0 }

    /// Position of the device's holding of `item`, nil when it has none. O(log holdings).
    func holding(of item: Int32, on device: Int) -> Int? {
        var lower = Int(offsets[device])
        var upper = Int(offsets[device + 1])
        while lower < upper {
            let middle = (lower + upper) / 2
            if holdings.items[middle] < item { lower = middle + 1 } else { upper = middle }
        }
        return lower < Int(offsets[device + 1]) && holdings.items[lower] == item ? lower : nil
    }

    /// Moves listed items on paper, then tells room and what may go.
    private mutating func settle(_ d: Int, catalogue: Catalogue, fleet: Fleet, night: Night) {
        let device = fleet.devices[d]
        let mine = Int(offsets[d])..<Int(offsets[d + 1])
        var used = mine.reduce(Int64(0)) { saturatingSum($0, inWishArea[$1] ? bytes($1) : 0) }
        var listed: [Int] = []
        for w in fleet.wishes(of: d) {
            let item = catalogue.titles[Int(fleet.wishes[w].title)].currentItem
            guard item >= 0, let h = holding(of: item, on: d) else { continue }
            listed.append(h)
            if !inWishArea[h], saturatingSum(used, bytes(h)) <= device.wishBytes {
                inWishArea[h] = true
                used += bytes(h)
            }
        }
        for title in device.picks {
            let item = catalogue.titles[Int(title)].currentItem
            if item >= 0, let h = holding(of: item, on: d) { listed.append(h) }
        }
        var cached: Int64 = 0
        var removable: (wish: Int64, cache: Int64) = (0, 0)
        for h in mine {
            if !inWishArea[h] { cached = saturatingSum(cached, bytes(h)) }
            let from = firstRemovalSlot(
                holdings[h], listed: listed.contains(h), catalogue: catalogue, night: night)
            leave[h] = from == 0 ? .always : from < night.slotCount ? .later : .never
            if leave[h] == .later { lateLeave[Int32(h)] = from }
            guard from < night.slotCount else { continue }
            if inWishArea[h] {
                removable.wish = saturatingSum(removable.wish, bytes(h))
            } else {
                removable.cache = saturatingSum(removable.cache, bytes(h))
            }
        }
        wishRoom.append(max(device.wishBytes, used) - used)
        cacheRoom.append(max(device.cacheBytes, cached) - cached)
        wishRemovable.append(removable.wish)
        cacheRemovable.append(removable.cache)
    }

    private func firstRemovalSlot(
        _ holding: Holding, listed: Bool, catalogue: Catalogue, night: Night
    ) -> Int32 {
        guard holding.item >= 0, !holding.bought else { return night.slotCount }
        guard listed else { return 0 }
        let title = catalogue.titles[Int(catalogue.items[Int(holding.item)].title)]
        guard let end = title.licence.end else { return night.slotCount }
        let wait = end.seconds - night.start.seconds
        let length = Int64(night.slotSeconds)
        let slot = max(0, (wait + length - 1).flooredDivision(by: length))
        return Int32(min(slot, Int64(night.slotCount)))
    }

    private mutating func gatherSupplies(devices: Devices, items: Items, network: Network) {
        let count = items.licence.count
        let byPlace = Dusk.sortedByPlace(devices, network)
        var counts = [Int32](repeating: 0, count: count + 1)
        func eachSendable(_ body: (_ device: Int, _ holding: Int, _ item: Int) -> Void) {
            for d in byPlace {
                for h in Int(offsets[d])..<Int(offsets[d + 1]) where holdings.items[h] >= 0 {
                    let item = Int(holdings.items[h])
                    if items.sendable[item], items.peerToPeer[item], bytes(h) > 0 {
                        body(d, h, item)
                    }
                }
            }
        }
        eachSendable { counts[$2 + 1] += 1 }
        for i in 0..<count { counts[i + 1] += counts[i] }
        supplyOffsets = counts
        var next = counts
        var filled = [Supply](
            repeating: Supply(device: 0, holding: 0, place: 0), count: Int(counts[count]))
        var ranges = [[Range<Int32>]](repeating: [], count: count)
        var whole = [Bool](repeating: false, count: count)
        eachSendable { d, h, item in
            filled[Int(next[item])] = Supply(
                device: Int32(d), holding: Int32(h),
                place: network.place[Int(devices.site[d])])
            next[item] += 1
            switch holdings.chunks(of: h) {
            case .all: whole[item] = true
            case .some(let set): if !whole[item] { ranges[item] += set.ranges }
            }
        }
        supplies = filled
        covered = (0..<count).map { item in
            whole[item]
                ? RangeSet32(0..<items.layouts[item].count) : RangeSet32(ranges[item])
        }
    }

    /// The devices that send, by the place of their site, then by number. O(devices + sites).
    private static func sortedByPlace(_ devices: Devices, _ network: Network) -> [Int] {
        var next = [Int](repeating: 0, count: network.place.count + 1)
        for d in 0..<devices.count where devices.sends(d) {
            next[Int(network.place[Int(devices.site[d])]) + 1] += 1
        }
        for place in network.place.indices { next[place + 1] += next[place] }
        var sorted = [Int](repeating: 0, count: next[network.place.count])
        for d in 0..<devices.count where devices.sends(d) {
            let place = Int(network.place[Int(devices.site[d])])
            sorted[next[place]] = d
            next[place] += 1
        }
        return sorted
    }

    /// Supplies of an item, as positions in ``supplies``.
    func supplies(of item: Int) -> Range<Int> {
        Int(supplyOffsets[item])..<Int(supplyOffsets[item + 1])
    }

    /// Those of an item's supplies whose place is at least `place`. O(log supplies).
    func firstSupply(of item: Int, at place: Int32) -> Int {
        var lower = Int(supplyOffsets[item])
        var upper = Int(supplyOffsets[item + 1])
        while lower < upper {
            let middle = (lower + upper) / 2
            if supplies[middle].place < place { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }

    /// The chunks of a holding.
    func chunks(_ holding: Int, items: Items) -> RangeSet32 {
        switch holdings.chunks(of: holding) {
        case .all: RangeSet32(0..<items.layouts[Int(holdings.items[holding])].count)
        case .some(let set): set
        }
    }
}
