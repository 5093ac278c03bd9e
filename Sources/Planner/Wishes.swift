import Catalogue
import Fleet
import Quantities
import Schedule

/// The wishes that aren't complete at dusk, in the fleet's order (model page, What it is worth).
struct Wishes {
    var device: [Int32] = []
    var title: [Int32] = []
    /// -1 when the title has no current item.
    var item: [Int32] = []
    var rank: [Int32] = []
    /// Millionths; 0 when not eligible.
    var worth: [Int64] = []
    var missingBytes: [Int64] = []
    /// Those of the missing bytes that no sending device holds.
    var firstBytes: [Int64] = []
    /// Position of the partial holding that is already there, -1 when none.
    var holding: [Int32] = []
    /// Why it isn't eligible; nil when it is.
    var refusal: [Cause?] = []
    /// `devices + 1` positions: device d owns `offsets[d]..<offsets[d + 1]`.
    var offsets: [Int32] = [0]
    /// Wishes by item: item i has `byItem[itemOffsets[i]..<itemOffsets[i + 1]]`; all open ones.
    var byItem: [Int32] = []
    var itemOffsets: [Int32] = []

    var count: Int { device.count }

    private init() {}

    /// Reads them device by device; `workers` take ranges of devices.
    init(
        catalogue: Catalogue, fleet: Fleet, network: Network, devices: Devices, items: Items,
        dusk: Dusk, worth: Worth, workers: any Workers
    ) {
        let uncovered = items.layouts.indices.map { i in
            Wishes.firstBytes(RangeSet32(0..<items.layouts[i].count), i, items, dusk)
        }
        let parts = workers.map(over: fleet.devices.count) { range in
            var part = Wishes()
            var worth = worth
            for d in range {
                var rank = 0
                let waited = worth.waited(fleet.devices[d])
                for w in fleet.wishes(of: d) {
                    let item = catalogue.titles[Int(fleet.wishes[w].title)].currentItem
                    let held = item >= 0 ? dusk.holding(of: item, on: d) : nil
                    let total = item >= 0 ? items.layouts[Int(item)].totalBytes : 0
                    let missing = total - (held.map { dusk.bytes($0) } ?? 0)
                    if item >= 0 && missing == 0 { continue }
                    let refusal = Wishes.refusal(
                        d, item, network: network, devices: devices, items: items)
                    if refusal == nil { rank += 1 }
                    part.append(
                        d, fleet.wishes[w], item: item, missing: missing, held: held,
                        refusal: refusal,
                        worth: refusal == nil ? worth.millionths(rank: rank, waited: waited) : 0)
                    part.firstBytes.append(
                        item < 0
                            ? 0
                            : held == nil || uncovered[Int(item)] == 0
                                ? uncovered[Int(item)]
                                : Wishes.firstBytes(
                                    part.missing(part.count - 1, items: items, dusk: dusk),
                                    Int(item), items, dusk))
                }
                part.offsets.append(Int32(part.count))
            }
            return part
        }
        reserve(parts.reduce(0) { $0 + $1.count }, devices: fleet.devices.count)
        for part in parts { append(part) }
        sortByItem(items: items.licence.count)
    }

    private mutating func append(
        _ d: Int, _ wish: Wish, item: Int32, missing: Int64, held: Int?, refusal: Cause?,
        worth: Int64
    ) {
        device.append(Int32(d))
        title.append(wish.title)
        self.item.append(item)
        rank.append(wish.rank)
        self.worth.append(worth)
        missingBytes.append(missing)
        holding.append(Int32(held ?? -1))
        self.refusal.append(refusal)
    }

    private mutating func reserve(_ count: Int, devices: Int) {
        device.reserveCapacity(count)
        title.reserveCapacity(count)
        item.reserveCapacity(count)
        rank.reserveCapacity(count)
        worth.reserveCapacity(count)
        missingBytes.reserveCapacity(count)
        firstBytes.reserveCapacity(count)
        holding.reserveCapacity(count)
        refusal.reserveCapacity(count)
        offsets.reserveCapacity(devices + 1)
    }

    /// Adds those of the devices that follow.
    private mutating func append(_ part: Wishes) {
        let before = Int32(count)
        device += part.device
        title += part.title
        item += part.item
        rank += part.rank
        worth += part.worth
        missingBytes += part.missingBytes
        firstBytes += part.firstBytes
        holding += part.holding
        refusal += part.refusal
        offsets += part.offsets.dropFirst().map { $0 + before }
    }

    func wishes(of d: Int) -> Range<Int> { Int(offsets[d])..<Int(offsets[d + 1]) }

    /// Open wishes for an item, as positions in ``byItem``.
    func range(ofItem i: Int) -> Range<Int> { Int(itemOffsets[i])..<Int(itemOffsets[i + 1]) }

    /// The chunks that wish `w` lacks at dusk.
    func missing(_ w: Int, items: Items, dusk: Dusk) -> RangeSet32 {
        let all = RangeSet32(0..<items.layouts[Int(item[w])].count)
        return holding[w] < 0 ? all : all.subtracting(dusk.chunks(Int(holding[w]), items: items))
    }

    private static func firstBytes(
        _ missing: RangeSet32, _ item: Int, _ items: Items, _ dusk: Dusk
    ) -> Int64 {
        let layout = items.layouts[item]
        let covered = dusk.covered[item]
        if covered.ranges == [0..<layout.count] { return 0 }
        return missing.subtracting(covered).ranges.reduce(0) { $0 + layout.bytes(in: $1) }
    }

    /// Why a wish for this item isn't eligible on this device.
    private static func refusal(
        _ d: Int, _ item: Int32, network: Network, devices: Devices, items: Items
    ) -> Cause? {
        guard item >= 0 else { return .noItem }
        let i = Int(item)
        if let refusal = devices.refusal[d] { return refusal }
        if !items.sendable[i] { return .noIndex }
        let territory = network.territory[Int(devices.site[d])]
        if !items.mayKeep(signature: Int(items.signature[i]), territory) { return .territory }
        return items.licence[i].isEmpty ? .licence : nil
    }

    private mutating func sortByItem(items count: Int) {
        var offsets = [Int32](repeating: 0, count: count + 1)
        for w in device.indices where item[w] >= 0 { offsets[Int(item[w]) + 1] += 1 }
        for i in 0..<count { offsets[i + 1] += offsets[i] }
        itemOffsets = offsets
        byItem = [Int32](repeating: 0, count: Int(offsets[count]))
        for w in device.indices where item[w] >= 0 {
            byItem[Int(offsets[Int(item[w])])] = Int32(w)
            offsets[Int(item[w])] += 1
        }
    }
}
