import Catalogue
import Fleet
import Quantities

/// What lies on the devices before anything moves, after listed items moved to the wish area on
/// paper.
struct Dusk {
    private let fleet: Fleet
    private let layouts: [ChunkLayout]
    /// Bytes of each holding, in the order of `Fleet.holdings`.
    let holdingBytes: [Int64]
    /// Whether each holding counts in the wish area.
    let inWishArea: [Bool]
    /// First slot in which each holding may be removed; the night's slot count: never.
    let removableFrom: [Int32]
    /// Bytes in each area, by device.
    let wishBytes: [Int64]
    let cacheBytes: [Int64]
    /// R(d) and Q(d): the most that the areas can take in the night, with what may be removed.
    let wishRoom: [Int64]
    let cacheRoom: [Int64]
    /// By item: chunks that no device that sends holds.
    let uncovered: [RangeSet32]

    init(
        catalogue: Catalogue, fleet: Fleet, night: Night, layouts: [ChunkLayout], sends: [Bool]
    ) {
        self.fleet = fleet
        self.layouts = layouts
        var tally = DuskTally(catalogue: catalogue, fleet: fleet, night: night, layouts: layouts)
        for device in fleet.devices.indices { tally.count(device) }
        holdingBytes = tally.bytes
        inWishArea = tally.inWishArea
        removableFrom = tally.removableFrom
        wishBytes = tally.wishBytes
        cacheBytes = tally.cacheBytes
        wishRoom = tally.wishRoom
        cacheRoom = tally.cacheRoom
        uncovered = Dusk.uncovered(fleet, layouts, sends)
    }

    /// Positions in `Fleet.holdings` of what a device holds of an item: none or one as a rule.
    /// O(log holdings).
    func holdings(of device: Int32, item: Int32) -> Range<Int> {
        let all = fleet.holdings(of: Int(device))
        var lower = all.lowerBound
        var upper = all.upperBound
        while lower < upper {
            let middle = (lower + upper) / 2
            if fleet.holdings[middle].item < item { lower = middle + 1 } else { upper = middle }
        }
        upper = lower
        while upper < all.upperBound, fleet.holdings[upper].item == item { upper += 1 }
        return lower..<upper
    }

    /// Chunks of a known item in one holding.
    func chunks(ofHolding index: Int) -> RangeSet32 {
        let holding = fleet.holdings[index]
        let whole = RangeSet32(0..<layouts[Int(holding.item)].count)
        switch holding.chunks {
        case .all: return whole
        case .some(let chunks): return chunks.intersection(whole)
        }
    }

    /// Whether a holding is of all chunks, and says so in short.
    func isWhole(holding index: Int) -> Bool {
        if case .all = fleet.holdings[index].chunks { true } else { false }
    }

    /// Chunks of an item that a device holds at dusk.
    func held(by device: Int32, item: Int32) -> RangeSet32 {
        holdings(of: device, item: item).reduce(RangeSet32()) {
            $0.isEmpty ? chunks(ofHolding: $1) : $0.union(chunks(ofHolding: $1))
        }
    }

    /// Chunks of an item that a device lacks at dusk.
    func missing(on device: Int32, item: Int32) -> RangeSet32 {
        RangeSet32(0..<layouts[Int(item)].count).subtracting(held(by: device, item: item))
    }

    private static func uncovered(_ fleet: Fleet, _ layouts: [ChunkLayout], _ sends: [Bool])
        -> [RangeSet32]
    {
        var isWhole = [Bool](repeating: false, count: layouts.count)
        var parts = [[Range<Int32>]](repeating: [], count: layouts.count)
        for device in fleet.devices.indices where sends[device] {
            for holding in fleet.holdings[fleet.holdings(of: device)] where holding.item >= 0 {
                let item = Int(holding.item)
                switch holding.chunks {
                case .all: isWhole[item] = true
                case .some(let chunks):
                    if !isWhole[item] { parts[item].append(contentsOf: chunks.ranges) }
                }
            }
        }
        return layouts.indices.map { item in
            isWhole[item]
                ? RangeSet32()
                : RangeSet32(0..<layouts[item].count).subtracting(RangeSet32(parts[item]))
        }
    }
}
