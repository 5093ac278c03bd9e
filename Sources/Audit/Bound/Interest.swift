import Fleet
import Quantities

/// Who holds and who wants each item: the fleet's lists turned round.
struct Interest {
    /// Devices that send and hold chunks, by item.
    private let holders: [Int32]
    private let holderOffsets: [Int]
    /// Open wishes (positions in `Fleet.wishes`), by item.
    private let wishes: [Int32]
    private let wishOffsets: [Int]
    /// By wish: its device.
    let device: [Int32]

    init(_ ground: Ground) {
        let fleet = ground.fleet
        var holdings: [(item: Int32, value: Int32)] = []
        var wishes: [(item: Int32, value: Int32)] = []
        var device: [Int32] = []
        for d in fleet.devices.indices {
            device.append(contentsOf: fleet.wishes(of: d).map { _ in Int32(d) })
            for index in fleet.wishes(of: d) where ground.wishes.isOpen(index) {
                wishes.append((ground.wishes.item[index], Int32(index)))
            }
            guard ground.participation.sends[d] else { continue }
            for index in fleet.holdings(of: d)
            where fleet.holdings[index].item >= 0 && ground.dusk.holdingBytes[index] > 0 {
                holdings.append((fleet.holdings[index].item, Int32(d)))
            }
        }
        self.device = device
        (holders, holderOffsets) = Interest.byItem(holdings, items: ground.layouts.count)
        (self.wishes, wishOffsets) = Interest.byItem(wishes, items: ground.layouts.count)
    }

    func holders(of item: Int) -> ArraySlice<Int32> {
        holders[holderOffsets[item]..<holderOffsets[item + 1]]
    }

    func wishes(of item: Int) -> ArraySlice<Int32> {
        wishes[wishOffsets[item]..<wishOffsets[item + 1]]
    }

    /// A stable counting sort.
    private static func byItem(_ pairs: [(item: Int32, value: Int32)], items: Int)
        -> ([Int32], [Int])
    {
        var next = [Int](repeating: 0, count: items + 1)
        for pair in pairs { next[Int(pair.item) + 1] += 1 }
        for item in 0..<items { next[item + 1] += next[item] }
        let offsets = next
        var sorted = [Int32](repeating: 0, count: pairs.count)
        for pair in pairs {
            sorted[next[Int(pair.item)]] = pair.value
            next[Int(pair.item)] += 1
        }
        return (sorted, offsets)
    }
}
