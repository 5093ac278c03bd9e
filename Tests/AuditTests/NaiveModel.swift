import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport

/// The model page word by word, with sets and nested loops: slow, and nothing shared with the
/// audit.
struct NaiveModel {
    let one: Instance
    var fleet: Fleet { one.fleet }
    var night: Night { one.night }
    let paths: SitePath
    /// W(d).
    let slots: [Set<Int32>]
    /// Chunks by device, then item.
    var held: [[Int32: Set<Int32>]] = []
    /// Items that count in the wish area at dusk, by device.
    var inWish: [Set<Int32>] = []
    var wishDusk: [Int64] = []
    var cacheDusk: [Int64] = []
    var wishRoom: [Int64] = []
    var cacheRoom: [Int64] = []

    init(_ one: Instance) {
        self.one = one
        paths = SitePath(one.fleet.sites)
        slots = one.fleet.devices.map { device in
            guard device.state == .active,
                one.fleet.accounts[Int(device.account)].status != .closed
            else { return [] }
            let clock = one.fleet.clocks[Int(one.fleet.sites[Int(device.site)].clock)]
            return Set(clock.slots(of: device.window, in: one.night).ranges.flatMap { Array($0) })
        }
        for device in one.fleet.devices.indices { addDusk(device) }
    }

    // Who takes part.

    func sends(_ d: Int) -> Bool { !slots[d].isEmpty && fleet.devices[d].upKbps > 0 }

    func receives(_ d: Int) -> Bool {
        let account = fleet.accounts[Int(fleet.devices[d].account)]
        let territory = fleet.sites[Int(fleet.devices[d].site)].territory
        let agrees = account.territory == nil || territory == nil || account.territory == territory
        return !slots[d].isEmpty && fleet.devices[d].downKbps > 0 && account.status == .active
            && agrees
    }

    func title(_ item: Int32) -> Title {
        one.catalogue.titles[Int(one.catalogue.items[Int(item)].title)]
    }

    func licence(_ item: Int32) -> Set<Int32> {
        let window = title(item).licence
        return Set(
            (0..<night.slotCount).filter { slot in
                (window.start.map { $0 <= night.start(ofSlot: slot) } ?? true)
                    && (window.end.map { night.start(ofSlot: slot + 1) <= $0 } ?? true)
            })
    }

    func isSendable(_ item: Int32) -> Bool {
        one.settings.sizesAlone || one.catalogue.items[Int(item)].indexDigest != nil
    }

    func mayKeep(_ item: Int32, _ d: Int) -> Bool {
        title(item).territories.allow(fleet.sites[Int(fleet.devices[d].site)].territory)
    }

    // Dusk.

    func all(_ item: Int32) -> Set<Int32> { Set(0..<one.catalogue.items[Int(item)].layout.count) }

    func size(_ chunks: Set<Int32>, _ item: Int32) -> Int64 {
        let layout = one.catalogue.items[Int(item)].layout
        return chunks.reduce(0) { $0 + layout.bytes(ofChunk: $1) }
    }

    func chunks(_ holding: Holding) -> Set<Int32> {
        switch holding.chunks {
        case .all: all(holding.item)
        case .some(let set): Set(set.ranges.flatMap { Array($0) })
        }
    }

    func wished(_ d: Int) -> [Int32] {
        fleet.wishes[fleet.wishes(of: d)].map { one.catalogue.titles[Int($0.title)].currentItem }
            .filter { $0 >= 0 }
    }

    func listed(_ d: Int) -> [Int32] {
        wished(d)
            + fleet.devices[d].picks.map { one.catalogue.titles[Int($0)].currentItem }.filter {
                $0 >= 0
            }
    }

    func bytes(_ holding: Holding) -> Int64 {
        holding.item < 0 ? holding.unknownBytes : size(chunks(holding), holding.item)
    }

    /// Whether a holding may be removed at the start of some slot up to `slot`.
    func mayRemove(_ holding: Holding, _ d: Int, by slot: Int32) -> Bool {
        guard holding.item >= 0, !holding.bought else { return false }
        guard listed(d).contains(holding.item) else { return true }
        return title(holding.item).licence.end.map { $0 <= night.start(ofSlot: slot) } ?? false
    }

    private mutating func addDusk(_ d: Int) {
        var holdings = Array(fleet.holdings[fleet.holdings(of: d)])
        func used(_ area: Holding.Area) -> Int64 {
            holdings.filter { $0.area == area }.reduce(0) { $0 + bytes($1) }
        }
        for item in wished(d) {
            for index in holdings.indices
            where holdings[index].item == item && holdings[index].area == .cache {
                let more = bytes(holdings[index])
                if used(.wish) + more <= fleet.devices[d].wishBytes { holdings[index].area = .wish }
            }
        }
        func removable(_ area: Holding.Area) -> Int64 {
            holdings.filter { $0.area == area && mayRemove($0, d, by: night.slotCount - 1) }
                .reduce(0) { $0 + bytes($1) }
        }
        let box = fleet.devices[d]
        inWish.append(Set(holdings.filter { $0.area == .wish }.map(\.item)))
        wishDusk.append(used(.wish))
        cacheDusk.append(used(.cache))
        wishRoom.append(max(box.wishBytes, used(.wish)) - used(.wish) + removable(.wish))
        cacheRoom.append(max(box.cacheBytes, used(.cache)) - used(.cache) + removable(.cache))
        held.append(
            Dictionary(holdings.filter { $0.item >= 0 }.map { ($0.item, chunks($0)) }) {
                $0.union($1)
            })
    }

    // Wishes.

    func missing(_ d: Int, _ item: Int32) -> Set<Int32> {
        all(item).subtracting(held[d][item] ?? [])
    }

    func isOpen(_ d: Int, _ item: Int32) -> Bool { item >= 0 && !missing(d, item).isEmpty }

    func isEligible(_ d: Int, _ item: Int32) -> Bool {
        isOpen(d, item) && isSendable(item) && receives(d) && mayKeep(item, d)
            && !licence(item).isEmpty
    }

    /// Worth of each wish of a device in order; 0 when it isn't eligible.
    func worths(_ d: Int) -> [Int64] {
        let settings = one.settings
        let days = Int(settings.fairnessDays)
        let since = fleet.devices[d].lastServed.map { Int(night.date.dayNumber - $0.dayNumber) }
        let n = min(max(since ?? days, 0), days)
        var rank = 0
        return fleet.wishes[fleet.wishes(of: d)].map { wish in
            let item = one.catalogue.titles[Int(wish.title)].currentItem
            guard isEligible(d, item) else { return 0 }
            rank += 1
            // over a common denominator, then rounded half to even by hand
            var numerator =
                Int128(1_000_000)
                * (Int128(settings.fairnessBase.numerator)
                    * Int128(settings.fairnessGain.denominator)
                    * Int128(days)
                    + Int128(settings.fairnessGain.numerator)
                    * Int128(settings.fairnessBase.denominator) * Int128(n))
            var denominator =
                Int128(settings.fairnessBase.denominator)
                * Int128(settings.fairnessGain.denominator) * Int128(days)
            for _ in 1..<rank {
                numerator *= Int128(settings.decay.numerator)
                denominator *= Int128(settings.decay.denominator)
            }
            let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
            let up = 2 * rest > denominator || (2 * rest == denominator && quotient % 2 == 1)
            return Int64(quotient + (up ? 1 : 0))
        }
    }

    /// Bytes of an item that no device which may send it holds at dusk, of these chunks.
    func firstBytes(_ chunks: Set<Int32>, _ item: Int32) -> Int64 {
        guard title(item).peerToPeer else { return size(chunks, item) }
        var left = chunks
        for d in fleet.devices.indices where sends(d) { left.subtract(held[d][item] ?? []) }
        return size(left, item)
    }

    // Sources.

    func mayReceive(_ d: Int, _ item: Int32) -> Bool {
        isSendable(item) && receives(d) && mayKeep(item, d)
            && !slots[d].isDisjoint(with: licence(item))
            && ((wished(d).contains(item) && isOpen(d, item)) || cacheRoom[d] > 0)
    }

    func isPeer(_ s: Int, of d: Int, _ item: Int32) -> Bool {
        title(item).peerToPeer && s != d && sends(s)
            && (!(held[s][item] ?? []).isEmpty || mayReceive(s, item))
            && !slots[s].intersection(slots[d]).isDisjoint(with: licence(item))
            && (fleet.devices[s].accepts || fleet.devices[d].accepts)
    }

    func egress(_ o: Int) -> Int128 {
        let rate = Int128(night.bytesPerSlot(kbps: fleet.origins[o].egressKbps))
        let all = rate * Int128(night.slotCount)
        return fleet.origins[o].nightlyBytes.map { min(all, Int128($0)) } ?? all
    }
}
