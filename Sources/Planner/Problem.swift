import Catalogue
import Fleet
import Quantities
import Schedule

/// One night as dense arrays: what every later step reads and nothing changes.
///
/// Positions of devices, sites, origins and items are those of the fleet and the
/// catalogue. Rates are bytes per slot. A device's slots are a *kind*: the
/// devices of a fleet share few different ones.
struct Problem {
    let night: Night
    let settings: PlanSettings
    /// Number of slots.
    let slots: Int
    let network: Network
    let windows: Windows
    let devices: Devices
    let items: Items
    let dusk: Dusk
    let wishes: Wishes
    /// Who does what can be done in shards.
    let workers: any Workers

    /// Whether there is time to look at all there is for every wish.
    var isSmall: Bool { wishes.count < 5000 }

    init(
        catalogue: Catalogue, fleet: Fleet, night: Night, settings: PlanSettings,
        workers: any Workers
    ) {
        self.workers = workers
        self.night = night
        self.settings = settings
        slots = Int(night.slotCount)
        network = Network(fleet: fleet, night: night)
        let (windows, devices) = Devices.read(fleet: fleet, night: night)
        self.windows = windows
        self.devices = devices
        items = Items(
            catalogue: catalogue, night: night, settings: settings, network: network)
        dusk = Dusk(
            catalogue: catalogue, fleet: fleet, night: night, devices: devices, items: items,
            network: network)
        wishes = Wishes(
            catalogue: catalogue, fleet: fleet, network: network, devices: devices, items: items,
            dusk: dusk, worth: Worth(settings: settings, night: night), workers: workers)
    }
}

/// Who takes part, how fast, when.
struct Devices {
    var site: [Int32] = []
    var accepts: [Bool] = []
    /// Position in `Windows`.
    var kind: [Int32] = []
    /// Bytes per slot; 0 for one that doesn't send.
    var up: [Int64] = []
    /// Bytes per slot; 0 for one that doesn't receive.
    var down: [Int64] = []
    /// Why it receives nothing, nil when it does.
    var refusal: [Cause?] = []
    /// Order in which devices last sent, from 0 for never; equal times are equal, at most 65,535.
    var lastSent: [UInt16] = []

    var count: Int { site.count }
    func sends(_ d: Int) -> Bool { up[d] > 0 }
    func receives(_ d: Int) -> Bool { down[d] > 0 }

    static func read(fleet: Fleet, night: Night) -> (Windows, Devices) {
        var windows = Windows(slots: Int(night.slotCount))
        var devices = Devices()
        for device in fleet.devices {
            let site = fleet.sites[Int(device.site)]
            let account = fleet.accounts[Int(device.account)]
            let partakes = device.state == .active && account.status != .closed
            let kind =
                partakes
                ? windows.kind(
                    of: fleet.clocks[Int(site.clock)].slots(of: device.window, in: night)) : 0
            let awake = windows.count(of: kind) > 0
            let contradicted =
                account.territory != nil && site.territory != nil
                && account.territory != site.territory
            let receives = awake && account.status == .active && !contradicted
            devices.site.append(device.site)
            devices.accepts.append(device.accepts)
            devices.kind.append(kind)
            devices.up.append(awake ? night.bytesPerSlot(kbps: device.upKbps) : 0)
            devices.down.append(receives ? night.bytesPerSlot(kbps: device.downKbps) : 0)
            devices.refusal.append(
                !partakes || account.status != .active
                    ? .account
                    : contradicted
                        ? .territory : awake ? (device.downKbps > 0 ? nil : .downRate) : .window)
        }
        devices.lastSent = ranks(fleet.devices.map { $0.lastSent?.seconds ?? Int64.min })
        return (windows, devices)
    }

    /// Equal values have equal ranks, larger ones larger, spread over 16 bits when there are more.
    private static func ranks(_ values: [Int64]) -> [UInt16] {
        let distinct = Set(values).sorted()
        let place = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
        let never = distinct.first == Int64.min ? 0 : 1
        let scale = max(1, (distinct.count + never + 65_535) / 65_536)
        return values.map { UInt16(((place[$0] ?? 0) + never) / scale) }
    }
}

/// The different sets of slots in which devices take part; kind 0 is the empty one.
struct Windows {
    let slots: Int
    private(set) var sets: [RangeSet32] = [RangeSet32()]
    /// `kind * slots + slot`: whether the kind has the slot.
    private(set) var has: [Bool]
    private var known: [RangeSet32: Int32] = [RangeSet32(): 0]
    /// The same as bits: word k of a kind is `kind * words + k`.
    private var bits: [UInt64]
    private let words: Int

    init(slots: Int) {
        self.slots = slots
        words = (slots + 63) / 64
        bits = [UInt64](repeating: 0, count: words)
        has = [Bool](repeating: false, count: slots)
    }

    mutating func kind(of set: RangeSet32) -> Int32 {
        if let kind = known[set] { return kind }
        let kind = Int32(sets.count)
        known[set] = kind
        sets.append(set)
        has.append(contentsOf: (0..<slots).map { set.contains(Int32($0)) })
        for word in 0..<words {
            bits.append(set.ranges.reduce(0) { $0 | SlotMask.bits($1, inWord: word) })
        }
        return kind
    }

    func count(of kind: Int32) -> Int { sets[Int(kind)].count }

    /// Whether two kinds and the slots `within` have one in common.
    func share(_ a: Int32, _ b: Int32, within: Range<Int32>) -> Bool {
        for word in 0..<words
        where bits[Int(a) * words + word] & bits[Int(b) * words + word]
            & SlotMask.bits(within, inWord: word) != 0
        {
            return true
        }
        return false
    }
}

/// What can be moved.
struct Items {
    /// Slots inside the title's licence window, per item.
    let licence: [Range<Int32>]
    /// Whether it may move at all: the current item of its title, with an index unless sizes alone
    /// suffice.
    let sendable: [Bool]
    let peerToPeer: [Bool]
    let layouts: [ChunkLayout]
    let title: [Int32]
    /// Positions of items with equal licence slots and territories share a signature.
    let signature: [Int32]
    /// Bytes of a full chunk, and number of chunks, per item.
    let chunkBytes: [Int64]
    let chunkCount: [Int32]
    /// Bytes of the smallest chunk, per item.
    let leastChunk: [Int64]
    /// Chunks shorter than a full one: item i has `shortOffsets[i]..<shortOffsets[i + 1]`.
    private let shortOffsets: [Int32]
    private let shortChunks: [Int32]
    /// By how much each is shorter.
    private let shortLack: [Int64]
    /// Per signature, its licence slots and territories.
    let signatures: [(licence: Range<Int32>, territories: Territories)]
    /// `signature * places + territory`: whether an item may be kept there.
    private let isKept: [Bool]
    private let places: Int

    init(catalogue: Catalogue, night: Night, settings: PlanSettings, network: Network) {
        var signatures: [(licence: Range<Int32>, territories: Territories)] = []
        var known: [Territories: [(Range<Int32>, Int32)]] = [:]
        let licences = catalogue.titles.map {
            night.slots(from: $0.licence.start, until: $0.licence.end)
        }
        let titleSignature = catalogue.titles.indices.map { t -> Int32 in
            let territories = catalogue.titles[t].territories
            if let found = known[territories, default: []].first(where: { $0.0 == licences[t] }) {
                return found.1
            }
            known[territories, default: []].append((licences[t], Int32(signatures.count)))
            signatures.append((licences[t], territories))
            return Int32(signatures.count - 1)
        }
        self.signatures = signatures
        places = network.territories.count
        isKept = signatures.flatMap { signature in
            network.territories.map { signature.territories.allow($0) }
        }
        licence = catalogue.items.map { licences[Int($0.title)] }
        sendable = catalogue.items.indices.map { i in
            let item = catalogue.items[i]
            return Int(catalogue.titles[Int(item.title)].currentItem) == i
                && (item.indexDigest != nil || settings.sizesAlone)
        }
        peerToPeer = catalogue.items.map { catalogue.titles[Int($0.title)].peerToPeer }
        let layouts = catalogue.items.map(\.layout)
        self.layouts = layouts
        chunkBytes = layouts.map(\.chunkBytes)
        chunkCount = layouts.map(\.count)
        leastChunk = layouts.map { layout in
            let full = layout.shortChunks.count < Int(layout.count) ? layout.chunkBytes : Int64.max
            return min(full, layout.shortBytes.min() ?? Int64.max)
        }
        shortOffsets = layouts.reduce(into: [0]) {
            $0.append($0[$0.count - 1] + Int32($1.shortChunks.count))
        }
        shortChunks = layouts.flatMap(\.shortChunks)
        shortLack = layouts.flatMap { layout in layout.shortBytes.map { layout.chunkBytes - $0 } }
        title = catalogue.items.map(\.title)
        signature = catalogue.items.map { titleSignature[Int($0.title)] }
    }

    /// Bytes of the chunks in `lower..<upper`. O(files).
    @inline(__always)
    func bytes(_ item: Int, _ lower: Int32, _ upper: Int32) -> Int64 {
        var total = Int64(upper - lower) * chunkBytes[item]
        for k in Int(shortOffsets[item])..<Int(shortOffsets[item + 1])
        where shortChunks[k] >= lower && shortChunks[k] < upper {
            total -= shortLack[k]
        }
        return total
    }

    /// The first chunk of `lower..<upper` that is at most `room` bytes, nil when none is. O(files).
    @inline(__always)
    func firstFitting(_ item: Int, from lower: Int32, to upper: Int32, within room: Int64) -> Int32?
    {
        if lower >= upper { return nil }
        if chunkBytes[item] <= room || bytes(item, lower, lower + 1) <= room { return lower }
        for k in Int(shortOffsets[item])..<Int(shortOffsets[item + 1])
        where shortChunks[k] >= lower && shortChunks[k] < upper
            && chunkBytes[item] - shortLack[k] <= room
        {
            return shortChunks[k]
        }
        return nil
    }

    /// The largest `end` in `lower...upper` such that the chunks `lower..<end` are at most `room`
    /// bytes.
    @inline(__always)
    func end(_ item: Int, from lower: Int32, to upper: Int32, within room: Int64) -> Int32 {
        let full = room / chunkBytes[item]
        var end = full >= Int64(upper - lower) ? upper : lower + Int32(full)
        while end < upper, bytes(item, lower, end + 1) <= room { end += 1 }
        return end
    }

    /// Whether an item of this signature may be kept in a territory (``Network/territories``).
    func mayKeep(signature: Int, _ territory: Int32) -> Bool {
        isKept[signature * places + Int(territory)]
    }
}
