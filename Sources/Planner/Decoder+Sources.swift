import Quantities
import Schedule

extension Decoder {
    /// Bytes that the current task still lacks.
    func bytesLeft(_ task: Task) -> Int64 {
        left.reduce(0) { $0 + problem.items.bytes(Int(task.item), $1.lowerBound, $1.upperBound) }
    }

    /// Lists who could send; false when all together can't send `wanted` bytes.
    ///
    /// Of an item that few can send all are listed, and what can reach the device is
    /// bounded level by level: its own site's senders, and through each edge above it no
    /// more than that edge has left. Of one that many can send only origins are; the
    /// others follow in batches, the nearest first, by ``refill(_:)``.
    mutating func gather(_ task: Task, wanting wanted: Int64) -> Bool {
        let i = Int(task.item)
        let d = Int(task.device)
        candidates.removeAll()
        climb.end()
        let mayAskPeers = problem.items.peerToPeer[i]
        let count = mayAskPeers ? Int(holders.count[i]) + stocks[i].count : 0
        approach.begin(at: problem.devices.site[d], problem)
        for o in problem.network.originSite.indices
        where ledger.nightly[o] > 0
            && slotMask.indices.contains(where: {
                slotMask[$0] & originSlots[$0] != 0
            })
        {
            let site = Int(problem.network.originSite[o])
            approach.find(site, guide, ledger, problem)
            guard approach.isOpen(site, slotMask) else { continue }
            approach.add(ledger.nightly[o], from: site)
            candidates.push(
                Candidate(
                    price: guide.price(origin: o) + approach.price[site],
                    tie: task.originFirst ? 0 : UInt64.max - UInt64(o), kind: .origin,
                    place: Int32(o)))
        }
        if count > Decoder.few {
            climbFloor = guide.leastUp
            enter(problem.devices.site[d], task)
            return true
        }
        if count > 0 { gatherPeers(task) }
        return approach.inflow(slotMask, ledger, problem, enough: wanted) >= wanted
    }

    /// Whether somebody who could send has something left in a slot in which the device can
    /// receive: a quick look, which is never wrong when it says no.
    func hasHope(_ task: Task) -> Bool {
        let i = Int(task.item)
        let isHeld = problem.items.peerToPeer[i] && Int(holders.count[i]) + stocks[i].count > 0
        for word in 0..<ledger.words {
            let free = isHeld ? holders.freeSlots[i * ledger.words + word] : 0
            if slotMask[word] & (originSlots[word] | free) != 0 { return true }
        }
        return false
    }

    /// Sets the slots in which the task's device can receive.
    mutating func setMask(_ task: Task) {
        let d = Int(task.device)
        let licence = problem.items.licence[Int(task.item)].clamped(to: 0..<deadline)
        slotMask.removeAll(keepingCapacity: true)
        for word in 0..<ledger.words {
            slotMask.append(
                ledger.freeDown[d * ledger.words + word] & SlotMask.bits(licence, inWord: word))
        }
    }

    /// Takes slots out of the mask that the device's own line has filled meanwhile.
    mutating func narrowMask(_ task: Task) {
        for word in 0..<ledger.words {
            slotMask[word] &= ledger.freeDown[Int(task.device) * ledger.words + word]
        }
    }

    /// Notes that a task found nothing; now and then finds out in which slots anything is left.
    ///
    /// Costs what all senders of the item cost to look at, after as many looks in vain.
    mutating func noteMiss(_ task: Task) {
        let i = Int(task.item)
        holders.misses[i] += 1
        guard Int(holders.misses[i]) * 32 > Int(holders.count[i]) + stocks[i].count else { return }
        holders.misses[i] = 0
        for word in 0..<ledger.words { holders.freeSlots[i * ledger.words + word] = 0 }
        let all = problem.dusk.supplies(of: i)
        var k = holders.first(from: all.lowerBound)
        while k < all.upperBound {
            let device = Int(problem.dusk.supplies[k].device)
            if ledger.isSpent(device) { holders.retire(k, of: i) }
            noteFreeSlots(of: device, item: i)
            k = holders.first(from: k + 1)
        }
        var place = stocks[i].first(from: 0)
        while place < stocks[i].offers.count {
            let device = Int(stocks[i].offers[place].device)
            if ledger.isSpent(device) { stocks[i].retire(place) }
            noteFreeSlots(of: device, item: i)
            place = stocks[i].first(from: place + 1)
        }
    }

    /// Adds the slots in which a device can still send to those of an item.
    @inline(__always)
    mutating func noteFreeSlots(of device: Int, item: Int) {
        for word in 0..<ledger.words {
            holders.freeSlots[item * ledger.words + word] |=
                ledger.freeUp[device * ledger.words + word]
        }
    }

    // MARK: few

    /// An item with at most so many senders is looked at whole.
    private static let few = 64

    private mutating func gatherPeers(_ task: Task) {
        let i = Int(task.item)
        let all = problem.dusk.supplies(of: i)
        var k = holders.first(from: all.lowerBound)
        while k < all.upperBound {
            let supply = problem.dusk.supplies[k]
            if ledger.isSpent(Int(supply.device)) {
                holders.retire(k, of: i)
            } else {
                list(supply.device, .holder, Int32(k), task)
            }
            k = holders.first(from: k + 1)
        }
        var place = stocks[i].first(from: 0)
        while place < stocks[i].offers.count {
            let device = stocks[i].offers[place].device
            if ledger.isSpent(Int(device)) {
                stocks[i].retire(place)
            } else {
                list(device, .receiver, Int32(place), task)
            }
            place = stocks[i].first(from: place + 1)
        }
    }

    /// Lists a device as a candidate if it could send; says whether.
    @inline(__always)
    @discardableResult
    private mutating func list(
        _ device: Int32, _ kind: Candidate.Kind, _ place: Int32, _ task: Task
    ) -> Bool {
        let s = Int(device)
        let d = Int(task.device)
        let sender = guide.senders[s]
        let site = Int(sender.site)
        guard s != d, sender.accepts || problem.devices.accepts[d] else { return false }
        approach.find(site, guide, ledger, problem)
        guard meets(s, site) else { return false }
        approach.add(ledger.upTotal[s], from: site)
        candidates.push(
            Candidate(
                price: sender.price + approach.price[site],
                tie: soonest(s) << 58
                    | guide.tie(
                        device, sender, to: d, hops: approach.hops[site],
                        used: used(s, of: sender.uplink), salt: task.salt),
                kind: kind, place: place))
        return true
    }

    /// The share of a device's uplink that is used up, from 0 to 63.
    @inline(__always)
    private func used(_ s: Int, of uplink: Double) -> UInt64 {
        let left = Double(ledger.upTotal[s]) / uplink
        return UInt64(max(0, min(63, 64 - 64 * left)))
    }

    /// For the profile that asks who is done first: a device's first free slot, at most 31; else 0.
    @inline(__always)
    private func soonest(_ s: Int) -> UInt64 {
        guard soonestFirst else { return 0 }
        for word in 0..<ledger.words {
            let common = slotMask[word] & ledger.freeUp[s * ledger.words + word]
            if common != 0 { return UInt64(min(31, word * 64 + common.trailingZeroBitCount)) }
        }
        return 31
    }

    /// Whether a device at a site can send in a slot of the current task.
    @inline(__always)
    private func meets(_ s: Int, _ site: Int) -> Bool {
        for word in 0..<ledger.words
        where slotMask[word] & ledger.freeUp[s * ledger.words + word]
            & approach.mask[site * ledger.words + word] != 0
        {
            return true
        }
        return false
    }

    // MARK: many

    /// Candidates that are listed at a time.
    private static let batch = 32
    /// Senders in a row that have nothing to give after which a task leaves a level.
    private static let mostLooks = 96
    /// Offers of the level before that a level passes over.
    private static let mostSkips = 512

    private mutating func enter(_ site: Int32, _ task: Task) {
        looks = 0
        skips = 0
        let salt = SplitMix64.mixed(
            UInt64(UInt32(bitPattern: task.device)) << 32 | UInt64(UInt32(bitPattern: task.item)))
        climb.enter(site, of: Int(task.item), problem, salt: salt)
        let stock = Int(task.item)
        climb.offer = stocks[stock].count > 0 ? stocks[stock].first(below: site, problem) : -1
    }

    /// Whether senders are left that might be cheaper than one at this price.
    func mayRefill(below price: Int64) -> Bool { climb.site >= 0 && climbFloor <= price }

    /// Lists the next senders of an item that many can send; false when there are no more.
    mutating func refill(_ task: Task) -> Bool {
        let before = candidates.count
        while climb.site >= 0, candidates.count - before < Decoder.batch {
            let isDone = !problem.isSmall && looks >= Decoder.mostLooks || !look(task)
            if isDone, !ascend(task) { climb.end() }
        }
        return candidates.count > before
    }

    /// Looks at the next sender of the level; false when there is none.
    private mutating func look(_ task: Task) -> Bool {
        let i = Int(task.item)
        if let k = climb.next(&holders) {
            looks += 1
            let device = problem.dusk.supplies[k].device
            if ledger.isSpent(Int(device)) {
                if !isDrawn(device) { holders.retire(k, of: i) }
            } else {
                if list(device, .holder, Int32(k), task) { looks = 0 }
            }
            return true
        }
        guard climb.offer >= 0 else { return false }
        let place = climb.offer
        let depth = problem.network.depth[Int(climb.site)]
        climb.offer = stocks[i].next(after: place, depth: depth)
        let device = stocks[i].offers[Int(place)].device
        if ledger.isSpent(Int(device)) {
            looks += 1
            if !isDrawn(device), stocks[i].first(below: climb.site, problem) == place {
                stocks[i].dropFirst(below: climb.site, depth: depth)
            }
        } else if climb.inner >= 0,
            problem.network.isWithin(problem.devices.site[Int(device)], climb.inner)
        {
            // Listed at the level before; where most are, the others aren't worth the walk.
            skips += 1
            if !problem.isSmall, skips >= Decoder.mostSkips { climb.offer = -1 }
        } else {
            looks = list(device, .receiver, place, task) ? 0 : looks + 1
        }
        return true
    }

    /// Goes to the next site above; false when nothing could come from there.
    private mutating func ascend(_ task: Task) -> Bool {
        let site = Int(climb.site)
        guard problem.network.parent[site] >= 0 else { return false }
        let wanted = mustBeWhole(task) ? bytesLeft(task) : 1
        guard ledger.edgeDownLeft(site, slotMask, enough: wanted) >= wanted else { return false }
        climbFloor += guide.price(edge: site, upwards: false)
        enter(problem.network.parent[site], task)
        return true
    }
}
