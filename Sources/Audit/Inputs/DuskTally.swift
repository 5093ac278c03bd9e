import Catalogue
import Fleet
import Quantities

/// Counts the areas at dusk, device by device.
struct DuskTally {
    private let catalogue: Catalogue
    private let fleet: Fleet
    private let night: Night
    private let layouts: [ChunkLayout]
    /// By item: the last device on which it was found to be listed.
    private var listedOn: [Int32]

    private(set) var bytes: [Int64] = []
    private(set) var inWishArea: [Bool] = []
    private(set) var removableFrom: [Int32] = []
    private(set) var wishBytes: [Int64] = []
    private(set) var cacheBytes: [Int64] = []
    private(set) var wishRoom: [Int64] = []
    private(set) var cacheRoom: [Int64] = []

    init(catalogue: Catalogue, fleet: Fleet, night: Night, layouts: [ChunkLayout]) {
        self.catalogue = catalogue
        self.fleet = fleet
        self.night = night
        self.layouts = layouts
        listedOn = [Int32](repeating: -1, count: catalogue.items.count)
    }

    /// Adds the next device; they come in order.
    mutating func count(_ device: Int) {
        let holdings = fleet.holdings(of: device)
        markListed(device)
        for index in holdings {
            bytes.append(bytes(of: fleet.holdings[index]))
            inWishArea.append(fleet.holdings[index].area == .wish)
            removableFrom.append(firstRemoval(of: fleet.holdings[index], on: device))
        }
        moveListed(device)
        close(device)
    }

    private mutating func markListed(_ device: Int) {
        let titles =
            fleet.wishes[fleet.wishes(of: device)].map(\.title) + fleet.devices[device].picks
        for title in titles {
            let item = catalogue.titles[Int(title)].currentItem
            if item >= 0 { listedOn[Int(item)] = Int32(device) }
        }
    }

    private func bytes(of holding: Holding) -> Int64 {
        guard holding.item >= 0 else { return holding.unknownBytes }
        let layout = layouts[Int(holding.item)]
        switch holding.chunks {
        case .all: return layout.totalBytes
        case .some(let chunks):
            return chunks.ranges.reduce(0) {
                $0 + layout.bytes(in: $1.clamped(to: 0..<layout.count))
            }
        }
    }

    /// The first slot whose start finds a holding removable.
    private func firstRemoval(of holding: Holding, on device: Int) -> Int32 {
        guard holding.item >= 0, !holding.bought else { return night.slotCount }
        guard listedOn[Int(holding.item)] == Int32(device) else { return 0 }
        let title = catalogue.titles[Int(catalogue.items[Int(holding.item)].title)]
        guard let end = title.licence.end else { return night.slotCount }
        let after = night.slots(from: end, until: nil)
        return after.isEmpty ? night.slotCount : after.lowerBound
    }

    /// By rank, whole or not at all, as far as the wish area has room.
    private mutating func moveListed(_ device: Int) {
        let holdings = fleet.holdings(of: device)
        var inWish = holdings.reduce(0) { saturatingSum($0, inWishArea[$1] ? bytes[$1] : 0) }
        for wish in fleet.wishes[fleet.wishes(of: device)] {
            let item = catalogue.titles[Int(wish.title)].currentItem
            guard item >= 0, let index = position(of: item, in: holdings) else { continue }
            guard !inWishArea[index],
                saturatingSum(inWish, bytes[index]) <= fleet.devices[device].wishBytes
            else { continue }
            inWishArea[index] = true
            inWish += bytes[index]
        }
    }

    private func position(of item: Int32, in holdings: Range<Int>) -> Int? {
        var lower = holdings.lowerBound
        var upper = holdings.upperBound
        while lower < upper {
            let middle = (lower + upper) / 2
            if fleet.holdings[middle].item < item { lower = middle + 1 } else { upper = middle }
        }
        return lower < holdings.upperBound && fleet.holdings[lower].item == item ? lower : nil
    }

    /// Sums of one device: what lies in each area and what more it can take.
    private mutating func close(_ device: Int) {
        var held: (wish: Int64, cache: Int64) = (0, 0)
        var removable: (wish: Int64, cache: Int64) = (0, 0)
        for index in fleet.holdings(of: device) {
            let freed = removableFrom[index] < night.slotCount ? bytes[index] : 0
            if inWishArea[index] {
                held.wish = saturatingSum(held.wish, bytes[index])
                removable.wish = saturatingSum(removable.wish, freed)
            } else {
                held.cache = saturatingSum(held.cache, bytes[index])
                removable.cache = saturatingSum(removable.cache, freed)
            }
        }
        wishBytes.append(held.wish)
        cacheBytes.append(held.cache)
        let box = fleet.devices[device]
        wishRoom.append(
            saturatingSum(max(box.wishBytes, held.wish) - held.wish, removable.wish))
        cacheRoom.append(
            saturatingSum(max(box.cacheBytes, held.cache) - held.cache, removable.cache))
    }
}
