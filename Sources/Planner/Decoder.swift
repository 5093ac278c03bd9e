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
    var stocks: [Stock]
    /// Who could send for the current task.
    var candidates = CandidateHeap()
    /// The ways to the current task's device.
    var approach: Approach
    /// What the current task has reserved.
    private var tried: [Move] = []
    /// Chunks that the current task still lacks.
    private(set) var left: [Range<Int32>] = []
    /// Slots in which the current task's device can still receive, inside the licence.
    var slotMask: [UInt64] = []

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
        stocks = [Stock](repeating: Stock(), count: problem.items.licence.count)
        approach = Approach(sites: problem.network.parent.count, words: ledger.words)
    }

    /// Tries one task; true when something of it is now planned.
    @discardableResult
    mutating func take(_ task: Task) -> Bool {
        guard let budget = start(task) else { return false }
        guard gather(task, wanting: task.kind == .whole ? bytesLeft(task) : 1) else { return false }
        drawAll(task, budget: budget)
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

    /// Takes over moves that were planned elsewhere, in place of its own.
    ///
    /// `ledger` is what they leave. False, with the decoder unfit for use, when a disk has no
    /// room for what arrives.
    mutating func adopt(_ moves: [Move], ledger: Ledger) -> Bool {
        self.moves = moves
        self.ledger = ledger
        disks = Disks(problem)
        planned = [Int64](repeating: 0, count: planned.count)
        incomplete = [Int32](repeating: -1, count: incomplete.count)
        for move in moves where move.holding >= 0 {
            disks.noteSend(Int(move.holding), slot: move.slot)
        }
        var arrivals = [[Move]](repeating: [], count: planned.count)
        for move in moves { arrivals[Int(move.wish)].append(move) }
        for w in arrivals.indices where !arrivals[w].isEmpty {
            let d = Int(problem.wishes.device[w])
            guard disks.receive(arrivals[w], on: d, wish: true, guide, problem) else {
                return false
            }
            planned[w] = arrivals[w].reduce(0) { $0 + $1.bytes }
            if planned[w] < problem.wishes.missingBytes[w] { incomplete[d] = Int32(w) }
        }
        return true
    }

    // MARK: reservations

    /// After so many candidates in a row that have nothing to give, a large task is given up.
    private static let patience = 256

    /// Draws on the candidates, the cheapest first, until nothing is left to fetch.
    private mutating func drawAll(_ task: Task, budget: Int64) {
        var budget = budget
        var idle = 0
        while !left.isEmpty, budget > 0, let candidate = candidates.popLeast() {
            let drawn = draw(candidate, task, budget: budget)
            budget -= drawn
            idle = drawn > 0 ? 0 : idle + 1
            guard candidate.group >= 0 else { continue }
            if idle > Decoder.patience { return }
            if let next = next(in: Int(candidate.group), after: Int(candidate.position), task) {
                candidates.push(next)
            }
        }
    }

    /// Fetches what it can from one source; returns its bytes.
    private mutating func draw(_ candidate: Candidate, _ task: Task, budget: Int64) -> Int64 {
        let d = Int(task.device)
        let supply = supply(candidate, task)
        approach.refresh(supply.site, ledger, problem)
        var drawn: Int64 = 0
        for t in slots(supply, late: task.late) {
            if left.isEmpty || drawn >= budget { break }
            let room = min(
                budget - drawn,
                ledger.room(supply.source, to: d, slot: t, links: supply.links, problem))
            guard room >= problem.items.leastChunk[Int(task.item)],
                ledger.mayConnect(supply.source, d, slot: t, problem.settings)
            else { continue }
            drawn += reserve(task, supply, slot: Int32(t), room: room)
        }
        if drawn > 0 {
            approach.expire()
            narrowMask(task)
        }
        return drawn
    }

    /// What a candidate can send, spelled out.
    private struct Supply {
        var source: Source
        var site: Int
        var holding: Int32 = -1
        var slots: Range<Int32>
        var links: [Int32] = []
        /// Its part of the stock's portions; nil: everything, at any time.
        var portions: Range<Int>?
    }

    private func supply(_ candidate: Candidate, _ task: Task) -> Supply {
        let source = Source(raw: candidate.offer)
        guard candidate.offer >= 0 else {
            let site = Int(problem.network.originSite[Int(-1 - candidate.offer)])
            return Supply(source: source, site: site, slots: 0..<problem.night.slotCount)
        }
        let i = Int(task.item)
        let offer = stocks[i].offers[Int(candidate.offer)]
        let portions = Int(offer.first)..<Int(offer.first + offer.count)
        let from = portions.reduce(Int32.max) { min($0, stocks[i].portions[$1].from) }
        let until =
            offer.holding >= 0 ? disks.heldUntil(Int(offer.holding)) : problem.night.slotCount
        return Supply(
            source: .device(offer.device), site: Int(problem.devices.site[Int(offer.device)]),
            holding: offer.holding, slots: from..<max(from, until),
            links: problem.network.links.between(
                offer.device, task.device, at: problem.devices.site[Int(task.device)],
                in: problem.network), portions: portions)
    }

    /// The slots in which both ends and the way have something left, in the order to try them.
    private func slots(_ supply: Supply, late: Bool) -> [Int] {
        var found: [Int] = []
        for word in 0..<ledger.words {
            var mask = slotMask[word] & SlotMask.bits(supply.slots, inWord: word)
            mask &= approach.mask[supply.site * ledger.words + word]
            if let s = supply.source.device { mask &= ledger.freeUp[Int(s) * ledger.words + word] }
            while mask != 0 {
                found.append(word * 64 + mask.trailingZeroBitCount)
                mask &= mask - 1
            }
        }
        return late ? found.reversed() : found
    }

    /// Takes chunks on offer that are still lacking; returns their bytes.
    private mutating func reserve(
        _ task: Task, _ supply: Supply, slot: Int32, room: Int64
    ) -> Int64 {
        guard let portions = supply.portions else {
            let all = 0..<problem.items.chunkCount[Int(task.item)]
            return reserve(task, supply, all, slot: slot, room: room)
        }
        var taken: Int64 = 0
        for k in portions {
            let portion = stocks[Int(task.item)].portions[k]
            guard portion.from <= slot, taken < room else { continue }
            taken += reserve(
                task, supply, portion.lower..<portion.upper, slot: slot, room: room - taken)
        }
        return taken
    }

    /// Takes the lowest lacking chunks of a range.
    private mutating func reserve(
        _ task: Task, _ supply: Supply, _ chunks: Range<Int32>, slot: Int32, room: Int64
    ) -> Int64 {
        let i = Int(task.item)
        var taken: Int64 = 0
        var k = 0
        while k < left.count {
            let common = left[k].clamped(to: chunks)
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
                source: supply.source, destination: task.device, item: task.item, lower: lower,
                upper: upper, slot: slot, bytes: bytes, holding: supply.holding, wish: task.wish)
            ledger.reserve(move, links: supply.links, problem, undo: false)
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
            s, move.destination, at: problem.devices.site[Int(move.destination)],
            in: problem.network)
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
        let portions = tried.filter { Int($0.slot) + 1 < problem.slots }.map {
            Stock.Portion(lower: $0.lower, upper: $0.upper, from: $0.slot + 1)
        }
        guard !portions.isEmpty else { return }
        listOffers(Int(task.item))
        stocks[Int(task.item)].add(
            task.device, at: problem.devices.site[d], holding: -1, portions, guide)
    }
}
