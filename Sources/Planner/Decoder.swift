import Fleet
import Quantities
import Schedule

/// Turns an order of tasks into a plan that keeps every rule.
///
/// Problem: which source sends which chunk in which slot. Idea: take the tasks
/// one after the other; give each the cheapest sources by the prices, each source
/// in its earliest free slots; what arrives is on offer from the next slot on, so
/// later tasks build the further hops. A task that must be whole and isn't, or
/// whose room can't be made, is undone. Invariant: after each task the ledger,
/// the disks and the moves describe a valid plan. O(tasks · sources · slots).
struct Decoder {
    let problem: Problem
    let guide: Guide
    /// Nothing moves from this slot on.
    let deadline: Int32
    /// Whether sources of equal price that are done first come first.
    let soonestFirst: Bool
    private(set) var ledger: Ledger
    private(set) var disks: Disks
    var moves: [Move] = []
    /// Per open wish: bytes that come.
    private(set) var planned: [Int64]
    /// Per device: the wish that stays incomplete, -1 when none.
    private(set) var incomplete: [Int32]
    /// Per item: what can be sent, filled at first need.
    private var offers: [[Offer]?]
    private var candidates: [Candidate] = []
    /// What the current task has reserved.
    private var tried: [Move] = []
    private var left: [Range<Int32>] = []
    /// Slots in which the current task's device can still receive, inside the licence.
    private var slotMask: [UInt64] = []

    /// Chunks that a device can send from a slot on.
    struct Offer {
        var device: Int32
        var lower: Int32
        var upper: Int32
        var from: Int32
        /// Position in the holdings at dusk, -1 when received tonight.
        var holding: Int32
    }

    private struct Candidate {
        var price: Int64
        var tie: UInt64
        /// Position among the item's offers, or `-1 - origin`.
        var offer: Int32
    }

    init(
        _ problem: Problem, _ guide: Guide, ledger: Ledger, disks: Disks, deadline: Int32,
        soonestFirst: Bool
    ) {
        self.problem = problem
        self.guide = guide
        self.deadline = deadline
        self.soonestFirst = soonestFirst
        self.ledger = ledger
        self.disks = disks
        planned = [Int64](repeating: 0, count: problem.wishes.count)
        incomplete = [Int32](repeating: -1, count: problem.devices.count)
        offers = [[Offer]?](repeating: nil, count: problem.items.licence.count)
    }

    /// Tries one task; true when something of it is now planned.
    @discardableResult
    mutating func take(_ task: Task) -> Bool {
        guard let budget = start(task) else { return false }
        setMask(task)
        guard gather(task, wanting: task.kind == .whole ? bytesLeft(task) : 1) else { return false }
        for candidate in candidates where !left.isEmpty {
            draw(candidate, task, budget: budget)
        }
        guard !tried.isEmpty, left.isEmpty || task.kind != .whole, pays(task), fits(task) else {
            undo()
            return false
        }
        commit(task)
        return true
    }

    /// Sets up what is left to fetch; nil when the task has nothing to do or can't fit.
    private mutating func start(_ task: Task) -> Int64? {
        let d = Int(task.device)
        tried.removeAll(keepingCapacity: true)
        left.removeAll(keepingCapacity: true)
        if task.kind == .relay {
            guard disks.mayRelay(task.item, on: d) else { return nil }
            left = disks.lacking(task.item, on: d, problem)
            return disks.room(d, wish: false, problem)
        }
        let w = Int(task.wish)
        guard planned[w] == 0, problem.wishes.refusal[w] == nil else { return nil }
        if task.kind == .part, incomplete[d] >= 0 { return nil }
        let room = disks.room(d, wish: true, problem)
        if task.kind == .whole, room < problem.wishes.missingBytes[w] { return nil }
        left = problem.wishes.missing(w, items: problem.items, dusk: problem.dusk).ranges
        return room
    }

    // MARK: sources

    private func bytesLeft(_ task: Task) -> Int64 {
        left.reduce(0) { $0 + problem.items.bytes(Int(task.item), $1.lowerBound, $1.upperBound) }
    }

    private mutating func setMask(_ task: Task) {
        let d = Int(task.device)
        let licence = problem.items.licence[Int(task.item)].clamped(to: 0..<deadline)
        slotMask.removeAll(keepingCapacity: true)
        for word in 0..<ledger.words {
            slotMask.append(
                ledger.freeDown[d * ledger.words + word] & Decoder.bits(licence, inWord: word))
        }
    }

    /// The slots of a range that stand in one word of a mask.
    private static func bits(_ range: Range<Int32>, inWord word: Int) -> UInt64 {
        let lower = min(max(Int(range.lowerBound) - word * 64, 0), 64)
        let upper = min(max(Int(range.upperBound) - word * 64, 0), 64)
        guard lower < upper else { return 0 }
        let below: UInt64 = upper == 64 ? ~0 : (1 << UInt64(upper)) - 1
        return below & (~0 << UInt64(lower))
    }

    /// Lists who could send, cheapest first; false when all together can't send `wanted` bytes.
    private mutating func gather(_ task: Task, wanting wanted: Int64) -> Bool {
        let i = Int(task.item)
        let d = Int(task.device)
        candidates.removeAll(keepingCapacity: true)
        guard slotMask.contains(where: { $0 != 0 }) else { return false }
        var available: Int64 = 0
        for o in problem.network.originSite.indices where ledger.nightly[o] > 0 {
            let tie: UInt64 = task.originFirst ? 0 : UInt64.max - UInt64(o)
            candidates.append(
                Candidate(
                    price: guide.price(origin: o, to: d, problem), tie: tie, offer: Int32(-1 - o)))
            available = Decoder.sum(available, ledger.nightly[o])
        }
        if problem.items.peerToPeer[i] { available = gatherPeers(task, available) }
        guard available >= wanted else { return false }
        candidates.sort { ($0.price, $0.tie, $0.offer) < ($1.price, $1.tie, $1.offer) }
        return true
    }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? Int64.max : sum
    }

    /// Adds the peers; returns what all have left together (a device counts once for each of its
    /// offers).
    private mutating func gatherPeers(_ task: Task, _ already: Int64) -> Int64 {
        let i = Int(task.item)
        let d = Int(task.device)
        var available = already
        var list = offers[i] ?? duskOffers(i)
        offers[i] = nil
        var kept = 0
        for k in list.indices {
            let offer = list[k]
            let s = Int(offer.device)
            if ledger.isSpent(s) { continue }
            list[kept] = offer
            kept += 1
            guard s != d, problem.devices.accepts[d] || problem.devices.accepts[s], meets(s) else {
                continue
            }
            available = Decoder.sum(available, ledger.upTotal[s])
            candidates.append(
                Candidate(
                    price: guide.price(peer: s, to: d, problem),
                    tie: soonest(s) << 58
                        | guide.tie(offer.device, to: d, salt: task.salt, problem),
                    offer: Int32(kept - 1)))
        }
        list.removeLast(list.count - kept)
        offers[i] = list
        return available
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

    /// Whether a device can send in a slot of the current task.
    @inline(__always)
    private func meets(_ s: Int) -> Bool {
        for word in 0..<ledger.words
        where slotMask[word] & ledger.freeUp[s * ledger.words + word] != 0 {
            return true
        }
        return false
    }

    private func duskOffers(_ i: Int) -> [Offer] {
        problem.dusk.supplies(of: i).flatMap { position in
            let supply = problem.dusk.supplies[position]
            return problem.dusk.chunks(Int(supply.holding), items: problem.items).ranges.map {
                Offer(
                    device: supply.device, lower: $0.lowerBound, upper: $0.upperBound, from: 0,
                    holding: supply.holding)
            }
        }
    }

    // MARK: reservations

    /// Fetches what it can from one source.
    private mutating func draw(_ candidate: Candidate, _ task: Task, budget: Int64) {
        let i = Int(task.item)
        let d = Int(task.device)
        var offer = Offer(
            device: -1, lower: 0, upper: problem.items.chunkCount[i], from: 0, holding: -1)
        var source = Source(raw: candidate.offer)
        var links: [Int32] = []
        var until = problem.night.slotCount
        if candidate.offer >= 0 {
            guard let listed = offers[i] else { return }
            offer = listed[Int(candidate.offer)]
            source = .device(offer.device)
            if offer.holding >= 0 { until = min(until, disks.heldUntil(Int(offer.holding))) }
            links = problem.network.links.between(
                offer.device, at: problem.devices.site[Int(offer.device)], task.device,
                at: problem.devices.site[d], in: problem.network)
        }
        var budget = budget - tried.reduce(0) { $0 + $1.bytes }
        for t in slots(source, offer.from..<max(offer.from, until), late: task.late) {
            if left.isEmpty || budget <= 0 { break }
            let room = min(budget, ledger.room(source, to: d, slot: t, links: links, problem))
            guard room >= problem.items.leastChunk[i],
                ledger.mayConnect(source, d, slot: t, problem.settings)
            else { continue }
            budget -= reserve(task, source, offer, slot: Int32(t), room: room, links: links)
        }
    }

    /// The slots of a range in which both ends have something left, in the order to try them.
    private func slots(_ source: Source, _ range: Range<Int32>, late: Bool) -> [Int] {
        var found: [Int] = []
        for word in 0..<ledger.words {
            var mask = slotMask[word] & Decoder.bits(range, inWord: word)
            if let s = source.device { mask &= ledger.freeUp[Int(s) * ledger.words + word] }
            while mask != 0 {
                found.append(word * 64 + mask.trailingZeroBitCount)
                mask &= mask - 1
            }
        }
        return late ? found.reversed() : found
    }

    /// Takes the lowest chunks on offer that are still lacking; returns their bytes.
    private mutating func reserve(
        _ task: Task, _ source: Source, _ offer: Offer, slot: Int32, room: Int64, links: [Int32]
    ) -> Int64 {
        let i = Int(task.item)
        var taken: Int64 = 0
        var k = 0
        while k < left.count {
            let common = left[k].clamped(to: offer.lower..<offer.upper)
            guard
                let lower = problem.items.firstFitting(
                    i, from: common.lowerBound, to: common.upperBound, within: room - taken)
            else {
                k += 1
                continue
            }
            let upper = problem.items.end(
                i, from: lower, to: common.upperBound, within: room - taken)
            let bytes = problem.items.bytes(i, lower, upper)
            let move = Move(
                source: source, destination: task.device, item: task.item, lower: lower,
                upper: upper, slot: slot, bytes: bytes, holding: offer.holding, wish: task.wish)
            ledger.reserve(move, links: links, problem, undo: false)
            tried.append(move)
            taken += bytes
            k = split(k, without: lower..<upper)
        }
        return taken
    }

    /// Removes a part from one range that is left; returns where to go on.
    private mutating func split(_ k: Int, without part: Range<Int32>) -> Int {
        let range = left[k]
        let before = range.lowerBound..<part.lowerBound
        let after = part.upperBound..<range.upperBound
        let rest = [before, after].filter { !$0.isEmpty }
        left.replaceSubrange(k...k, with: rest)
        return before.isEmpty ? k : k + 1
    }

    private mutating func undo() {
        for move in tried {
            ledger.reserve(move, links: links(of: move), problem, undo: true)
        }
        tried.removeAll(keepingCapacity: true)
    }

    private func links(of move: Move) -> [Int32] {
        guard let s = move.source.device else { return [] }
        return problem.network.links.between(
            s, at: problem.devices.site[Int(s)], move.destination,
            at: problem.devices.site[Int(move.destination)], in: problem.network)
    }

    /// Whether the wish is worth more than what α and β charge for these moves.
    private func pays(_ task: Task) -> Bool {
        guard task.kind != .relay, guide.charges else { return true }
        let w = Int(task.wish)
        let arrives = tried.reduce(0) { $0 + $1.bytes }
        let worth =
            Int128(problem.wishes.worth[w]) * Int128(arrives)
            / Int128(problem.wishes.missingBytes[w])
        return worth << Int128(Certificate.fractionBits)
            > tried.reduce(0) { $0 + guide.charge($1, problem) }
    }

    /// Makes room for what arrives; false (and nothing changed) when that can't be done.
    private mutating func fits(_ task: Task) -> Bool {
        disks.receive(tried, on: Int(task.device), wish: task.kind != .relay, guide, problem)
    }

    private mutating func commit(_ task: Task) {
        let d = Int(task.device)
        if task.kind == .relay {
            disks.noteRelay(task.item, by: d)
        } else {
            planned[Int(task.wish)] = tried.reduce(0) { $0 + $1.bytes }
            if !left.isEmpty { incomplete[d] = task.wish }
        }
        for move in tried where move.holding >= 0 {
            disks.noteSend(Int(move.holding), slot: move.slot)
        }
        moves += tried
        guard problem.devices.sends(d), problem.items.peerToPeer[Int(task.item)] else { return }
        let i = Int(task.item)
        var list = offers[i] ?? duskOffers(i)
        offers[i] = nil
        for move in tried where Int(move.slot) + 1 < problem.slots {
            list.append(
                Offer(
                    device: task.device, lower: move.lower, upper: move.upper, from: move.slot + 1,
                    holding: -1))
        }
        offers[i] = list
    }
}
