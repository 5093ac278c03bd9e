import Quantities
import Schedule

extension Decoder {
    /// Bytes that the current task still lacks.
    func bytesLeft(_ task: Task) -> Int64 {
        left.reduce(0) { $0 + problem.items.bytes(Int(task.item), $1.lowerBound, $1.upperBound) }
    }

    /// Lists who could send; false when all together can't send `wanted` bytes.
    ///
    /// What can reach the device is bounded level by level: its own site's senders,
    /// and through each edge above it no more than that edge has left.
    mutating func gather(_ task: Task, wanting wanted: Int64) -> Bool {
        let i = Int(task.item)
        let d = Int(task.device)
        candidates.removeAll()
        setMask(task)
        guard slotMask.contains(where: { $0 != 0 }) else { return false }
        approach.begin(at: problem.devices.site[d], problem)
        for o in problem.network.originSite.indices where ledger.nightly[o] > 0 {
            let site = Int(problem.network.originSite[o])
            approach.find(site, guide, ledger, problem)
            guard approach.isOpen(site, slotMask) else { continue }
            approach.add(ledger.nightly[o], from: site)
            candidates.append(
                Candidate(
                    price: guide.price(origin: o) + approach.price[site],
                    tie: task.originFirst ? 0 : UInt64.max - UInt64(o), offer: Int32(-1 - o)))
        }
        if problem.items.peerToPeer[i] { gatherPeers(task) }
        guard approach.inflow(slotMask, ledger, problem, enough: wanted) >= wanted else {
            return false
        }
        candidates.heapify()
        return true
    }

    private mutating func setMask(_ task: Task) {
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

    /// An item with at most so many offers is looked at whole.
    private static let few = 200

    private mutating func gatherPeers(_ task: Task) {
        let i = Int(task.item)
        listOffers(i)
        if stocks[i].offers.count > Decoder.few {
            for group in stocks[i].groups.indices {
                let site = Int(stocks[i].groups[group].site)
                approach.find(site, guide, ledger, problem)
                guard approach.isOpen(site, slotMask),
                    let first = next(in: group, after: nil, task)
                else { continue }
                approach.add(Int64.max, from: site)
                candidates.append(first)
            }
            return
        }
        for k in stocks[i].offers.indices {
            let s = Int(stocks[i].offers[k].device)
            let site = Int(problem.devices.site[s])
            approach.find(site, guide, ledger, problem)
            guard couldSend(s, at: site, to: Int(task.device)) else { continue }
            approach.add(ledger.upTotal[s], from: site)
            candidates.append(candidate(k, task, soonest: soonest(s)))
        }
    }

    private func candidate(_ offer: Int, _ task: Task, soonest: UInt64 = 0) -> Candidate {
        let s = stocks[Int(task.item)].offers[offer].device
        let site = Int(problem.devices.site[Int(s)])
        return Candidate(
            price: guide.price(peer: Int(s)) + approach.price[site],
            tie: soonest << 58
                | guide.tie(s, to: Int(task.device), hops: approach.hops[site], salt: task.salt),
            offer: Int32(offer))
    }

    /// Members of a group that a task passes over before it leaves the group.
    private static let glances = 128

    /// The next device of a group that could send; nil when its way is closed or nobody is left.
    mutating func next(in group: Int, after position: Int?, _ task: Task) -> Candidate? {
        let i = Int(task.item)
        let site = Int(stocks[i].groups[group].site)
        approach.refresh(site, ledger, problem)
        guard approach.isOpen(site, slotMask) else { return nil }
        var k = position.map { $0 + 1 } ?? stocks[i].groups[group].head
        var glances = 0
        while k < stocks[i].groups[group].members.count, glances < Decoder.glances {
            let offer = Int(stocks[i].groups[group].members[k])
            let s = Int(stocks[i].offers[offer].device)
            if ledger.isSpent(s) {
                // Not once the task has begun to draw: what it takes may be given back.
                if position == nil { stocks[i].retire(group, k) }
            } else if couldSend(s, at: site, to: Int(task.device)) {
                var found = candidate(offer, task)
                found.group = Int32(group)
                found.position = Int32(k)
                return found
            } else {
                glances += 1
            }
            k += 1
        }
        return nil
    }

    @inline(__always)
    private func couldSend(_ s: Int, at site: Int, to d: Int) -> Bool {
        s != d && (problem.devices.accepts[d] || problem.devices.accepts[s]) && meets(s, site)
    }

    /// For the profile that asks who is done first: a device's first free slot, at most 31; else 0.
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

    /// Lists what the holders at dusk can send of an item, once.
    mutating func listOffers(_ i: Int) {
        if stocks[i].isListed { return }
        stocks[i].isListed = true
        for position in problem.dusk.supplies(of: i) {
            let supply = problem.dusk.supplies[position]
            let chunks = problem.dusk.chunks(Int(supply.holding), items: problem.items)
            stocks[i].add(
                supply.device, at: problem.devices.site[Int(supply.device)],
                holding: supply.holding,
                chunks.ranges.map {
                    Stock.Portion(lower: $0.lowerBound, upper: $0.upperBound, from: 0)
                }, guide)
        }
    }
}

/// One that could send for a task.
struct Candidate {
    var price: Int64
    /// Orders those of equal price.
    var tie: UInt64
    /// Position among the item's offers, or `-1 - origin`.
    var offer: Int32
    /// The group of the stock that it stands for, -1 for one alone; and its place in it.
    var group: Int32 = -1
    var position: Int32 = 0

    @inline(__always)
    static func < (a: Candidate, b: Candidate) -> Bool {
        if a.price != b.price { return a.price < b.price }
        return a.tie != b.tie ? a.tie < b.tie : a.offer < b.offer
    }
}

/// Candidates by price: a binary heap, since a task looks at few of many.
struct CandidateHeap {
    private var heap: [Candidate] = []

    mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

    mutating func append(_ candidate: Candidate) { heap.append(candidate) }

    /// Orders what was appended. O(n).
    mutating func heapify() {
        for k in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(k) }
    }

    /// Takes the cheapest out. O(log n).
    mutating func popLeast() -> Candidate? {
        guard let least = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(0)
        }
        return least
    }

    /// Adds one to a heap in order. O(log n).
    mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var k = heap.count - 1
        while k > 0, heap[k] < heap[(k - 1) / 2] {
            heap.swapAt(k, (k - 1) / 2)
            k = (k - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var k = start
        while true {
            var child = 2 * k + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[k] else { return }
            heap.swapAt(k, child)
            k = child
        }
    }
}
