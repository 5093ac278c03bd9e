import Fleet
import Quantities

/// What every disk has room for at the end of every slot, and what leaves it when.
///
/// Idea: what arrives is set first; only then holdings that may go are removed, each
/// as late as the arrivals allow, the least wanted first, so that they can still be
/// sent until then. Invariant: no area is ever above its size, or above what it
/// held at dusk. Removals take a whole holding.
struct Disks {
    private let slots: Int
    /// Room at the end of slot t in device d's area: `d * slots + t`.
    private var wishLeft: [Int64]
    /// Empty while nothing is relayed: then it is as at dusk.
    private var cacheLeft: [Int64] = []
    /// Per device: what its wish area could take if all went that may go at some time.
    private var wishMost: [Int64]
    /// Per holding that stays: the last slot in which the plan sends of it, -1 when it doesn't.
    /// Of one that is removed at the start of slot t: -2 - t.
    private var uses: [Int32]
    /// Per device: items that it relays.
    private var relayed: [Int32: [Int32]] = [:]

    init(_ problem: Problem) {
        let slots = problem.slots
        self.slots = slots
        wishLeft = Disks.spread(problem.dusk.wishRoom, slots)
        wishMost = problem.dusk.wishRoom.indices.map {
            saturatingSum(problem.dusk.wishRoom[$0], problem.dusk.wishRemovable[$0])
        }
        uses = [Int32](repeating: -1, count: problem.dusk.holdings.count)
    }

    private static func spread(_ room: [Int64], _ slots: Int) -> [Int64] {
        var all: [Int64] = []
        all.reserveCapacity(room.count * slots)
        for bytes in room {
            for _ in 0..<slots { all.append(bytes) }
        }
        return all
    }

    /// The slot at whose start a holding is removed; the number of slots when it stays.
    func removedAt(_ holding: Int) -> Int32 {
        uses[holding] < -1 ? -2 - uses[holding] : Int32(slots)
    }

    /// Notes that the plan sends of a holding in a slot.
    mutating func noteSend(_ holding: Int, slot: Int32) {
        if uses[holding] >= -1 { uses[holding] = max(uses[holding], slot) }
    }

    /// A quick bound on ``room(_:wish:_:)`` of the wish area.
    func wishRoomBound(_ d: Int) -> Int64 { wishMost[d] }

    /// The most bytes that an area could still take by the end of the night; anything from
    /// `enough` on is as good. O(1) where that is free already, else O(holdings of the device).
    func room(
        _ d: Int, wish: Bool, _ problem: Problem, enough: Int64 = Int64.max
    ) -> Int64 {
        let end = d * slots + slots - 1
        var room =
            wish ? wishLeft[end] : cacheLeft.isEmpty ? problem.dusk.cacheRoom[d] : cacheLeft[end]
        if room >= enough { return room }
        for h in Int(problem.dusk.offsets[d])..<Int(problem.dusk.offsets[d + 1])
        where problem.dusk.inWishArea[h] == wish && mayGo(h, at: Int32(slots - 1), problem) {
            room = saturatingSum(room, problem.dusk.bytes(h))
        }
        return max(0, room)
    }

    /// Whether a device hasn't been asked to relay an item yet.
    func mayRelay(_ item: Int32, on d: Int) -> Bool {
        relayed[Int32(d)]?.contains(item) != true
    }

    mutating func noteRelay(_ item: Int32, by d: Int) {
        relayed[Int32(d), default: []].append(item)
    }

    /// Chunks of an item that a device didn't hold at dusk.
    func lacking(_ item: Int32, on d: Int, _ problem: Problem) -> [Range<Int32>] {
        let all = RangeSet32(0..<problem.items.chunkCount[Int(item)])
        guard let held = problem.dusk.holding(of: item, on: d) else { return all.ranges }
        return all.subtracting(problem.dusk.chunks(held, items: problem.items)).ranges
    }

    /// Books arrivals in an area and removes what must go for them.
    ///
    /// - Returns: false, with nothing changed, when the room can't be made.
    mutating func receive(
        _ moves: [Move], on d: Int, wish: Bool, _ guide: Guide, _ problem: Problem
    ) -> Bool {
        if !wish, cacheLeft.isEmpty { cacheLeft = Disks.spread(problem.dusk.cacheRoom, slots) }
        book(moves, on: d, wish: wish, sign: -1)
        var gone: [(holding: Int, use: Int32)] = []
        for t in 0..<slots {
            while (wish ? wishLeft : cacheLeft)[d * slots + t] < 0 {
                guard let h = leastWanted(d, wish: wish, at: Int32(t), guide, problem) else {
                    for (h, use) in gone.reversed() {
                        free(h, from: Int(removedAt(h)), d, wish: wish, sign: -1, problem)
                        uses[h] = use
                    }
                    book(moves, on: d, wish: wish, sign: 1)
                    return false
                }
                gone.append((h, uses[h]))
                free(h, from: t, d, wish: wish, sign: 1, problem)
                uses[h] = -2 - Int32(t)
            }
        }
        return true
    }

    private mutating func book(_ moves: [Move], on d: Int, wish: Bool, sign: Int64) {
        for move in moves {
            if wish { wishMost[d] += sign * move.bytes }
            for t in Int(move.slot)..<slots {
                if wish {
                    wishLeft[d * slots + t] += sign * move.bytes
                } else {
                    cacheLeft[d * slots + t] += sign * move.bytes
                }
            }
        }
    }

    private func mayGo(_ h: Int, at t: Int32, _ problem: Problem) -> Bool {
        problem.dusk.removableFrom(h) <= t && uses[h] >= -1 && uses[h] < t
            && problem.dusk.bytes(h) > 0
    }

    private func leastWanted(
        _ d: Int, wish: Bool, at t: Int32, _ guide: Guide, _ problem: Problem
    ) -> Int? {
        var best: Int?
        for h in Int(problem.dusk.offsets[d])..<Int(problem.dusk.offsets[d + 1])
        where problem.dusk.inWishArea[h] == wish && mayGo(h, at: t, problem) {
            let wanted = guide.demandPerHolder[Int(problem.dusk.holdings.items[h])]
            if let other = best,
                guide.demandPerHolder[Int(problem.dusk.holdings.items[other])] <= wanted
            {
                continue
            }
            best = h
        }
        return best
    }

    /// Adds the bytes of a holding, times `sign`, to the room of an area from a slot on.
    private mutating func free(
        _ h: Int, from: Int, _ d: Int, wish: Bool, sign: Int64, _ problem: Problem
    ) {
        let change = sign * problem.dusk.bytes(h)
        for t in from..<slots {
            if wish {
                wishLeft[d * slots + t] += change
            } else {
                cacheLeft[d * slots + t] += change
            }
        }
    }
}
