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
    var ledger: Ledger
    private(set) var disks: Disks
    var moves: [Move] = []
    /// Per open wish: bytes that come.
    private(set) var planned: [Int64]
    /// Per device: the wish that stays incomplete, -1 when none.
    private(set) var incomplete: [Int32]
    /// Who of the holders at dusk can still send.
    var holders: Holders
    /// Per item: what was received tonight and can be sent on.
    var stocks: [Stock]
    /// Who could send for the current task.
    var candidates = CandidateHeap()
    /// The ways to the current task's device.
    var approach: Approach
    /// Where the current task looks for more candidates, how many it saw, and what the next ones
    /// cost at least.
    var climb = Climb()
    var looks = 0
    var skips = 0
    var climbFloor: Int64 = 0
    /// Slots in which an origin has something left.
    private(set) var originSlots: [UInt64]
    /// Connections of the current task's device before it.
    private var pairsBefore = 0
    /// What the current task has reserved.
    var tried: [Move] = []
    /// Chunks that the current task still lacks.
    var left: [Range<Int32>] = []
    /// Slots in which the current task's device can still receive, inside the licence.
    var slotMask: [UInt64] = []

    init(
        _ problem: Problem, _ guide: Guide, deadline: Int32, soonestFirst: Bool
    ) {
        let ledger = Ledger(problem)
        self.problem = problem
        self.guide = guide
        self.deadline = deadline
        self.soonestFirst = soonestFirst
        self.ledger = ledger
        disks = Disks(problem)
        planned = [Int64](repeating: 0, count: problem.wishes.count)
        incomplete = [Int32](repeating: -1, count: problem.devices.count)
        holders = Holders(
            problem.dusk, items: problem.items.licence.count, words: ledger.words)
        stocks = [Stock](repeating: Stock(), count: problem.items.licence.count)
        originSlots = ledger.originSlots
        approach = Approach(sites: problem.network.parent.count, words: ledger.words)
    }

    /// Makes place for the moves of so many wishes, so that they needn't be copied as they grow.
    ///
    /// What isn't used is never touched, and so takes no memory.
    mutating func expect(_ wishes: Int) { moves.reserveCapacity(2 * wishes) }

    /// Tries one task; true when something of it is now planned.
    @discardableResult
    mutating func take(_ task: Task) -> Bool {
        guard let budget = start(task) else { return false }
        pairsBefore = ledger.pairCount(Int(task.device))
        guard gather(task, wanting: mustBeWhole(task) ? bytesLeft(task) : 1) else {
            noteMiss(task)
            return false
        }
        drawAll(task, budget: budget)
        if tried.isEmpty { noteMiss(task) }
        guard !tried.isEmpty, left.isEmpty || !mustBeWhole(task), pays(task), fits(task) else {
            undo(task)
            return false
        }
        commit(task)
        return true
    }

    /// Whether a part is worth nothing: of the items of a device one may stay incomplete.
    func mustBeWhole(_ task: Task) -> Bool {
        switch task.kind {
        case .whole: true
        case .most: incomplete[Int(task.device)] >= 0
        case .part, .relay: false
        }
    }

    /// Sets up what is left to fetch; nil when the task has nothing to do or can't fit.
    private mutating func start(_ task: Task) -> Int64? {
        let d = Int(task.device)
        tried.removeAll(keepingCapacity: true)
        left.removeAll(keepingCapacity: true)
        setMask(task)
        if task.kind == .relay {
            guard disks.mayRelay(task.item, on: d), hasHope(task) else { return nil }
            left = disks.lacking(task.item, on: d, problem)
            return limited(disks.room(d, wish: false, problem), task)
        }
        let w = Int(task.wish)
        guard planned[w] == 0, problem.wishes.refusal[w] == nil else { return nil }
        if task.kind == .part, incomplete[d] >= 0 { return nil }
        guard hasHope(task) else { return nil }
        if mustBeWhole(task), disks.wishRoomBound(d) < problem.wishes.missingBytes[w] {
            return nil
        }
        if problem.wishes.holding[w] < 0 {
            left.append(0..<problem.items.chunkCount[Int(task.item)])
        } else {
            left = problem.wishes.missing(w, items: problem.items, dusk: problem.dusk).ranges
        }
        return mustBeWhole(task)
            ? Int64.max
            : limited(
                disks.room(d, wish: true, problem, enough: problem.wishes.missingBytes[w]), task)
    }

    private func limited(_ room: Int64, _ task: Task) -> Int64 {
        guard task.atMost > 0 else { return room }
        return min(room, Int64(task.atMost) * problem.items.chunkBytes[Int(task.item)])
    }

    /// Takes over moves that were planned elsewhere, in place of its own.
    ///
    /// `ledger` is what they leave. False, with the decoder unfit for use, when a disk has no
    /// room for what arrives.
    mutating func adopt(_ moves: [Move], ledger: Ledger) -> Bool {
        self.moves = moves
        self.ledger = ledger
        originSlots = ledger.originSlots
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

    private mutating func undo(_ task: Task) {
        for move in tried {
            ledger.reserve(move, links: links(of: move), problem, undo: true)
        }
        ledger.disconnect(Int(task.device), to: pairsBefore)
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
        if tried.contains(where: { $0.source.raw < 0 }) { originSlots = ledger.originSlots }
        guard problem.devices.sends(d), problem.items.peerToPeer[Int(task.item)] else { return }
        guard tried.contains(where: { Int($0.slot) + 1 < problem.slots }) else { return }
        stocks[Int(task.item)].add(
            task.device, moves: moves.count - tried.count..<moves.count, problem)
        noteFreeSlots(of: d, item: Int(task.item))
    }
}
