import Fleet
import Quantities
import Schedule

extension Decoder {
    /// Whether the current task draws on a device: what it takes may be given back.
    func isDrawn(_ device: Int32) -> Bool { tried.contains { $0.source.raw == device } }

    /// After so many candidates in a row that have nothing to give, only origins are asked.
    private static let patience = 256

    /// Draws on the candidates, the cheapest first, until nothing is left to fetch.
    mutating func drawAll(_ task: Task, budget: Int64) {
        var budget = budget
        var idle = 0
        while !left.isEmpty, budget > 0 {
            guard let least = candidates.least else {
                if refill(task) { continue }
                return
            }
            if least.kind == .origin, !task.originFirst, mayRefill(below: least.price) {
                // Where the next ones are dearer, those further off are too.
                _ = refill(task)
            }
            guard let candidate = candidates.popLeast() else { return }
            if !problem.isSmall, idle > Decoder.patience {
                climb.end()
                if candidate.kind != .origin { continue }
            }
            let drawn = draw(candidate, task, budget: budget)
            budget -= drawn
            idle = drawn > 0 ? 0 : idle + 1
        }
    }

    /// Fetches what it can from one source; returns its bytes.
    private mutating func draw(_ candidate: Candidate, _ task: Task, budget: Int64) -> Int64 {
        let d = Int(task.device)
        let supply = supply(candidate, task)
        approach.refresh(supply.site, ledger, problem)
        var drawn: Int64 = 0
        for n in 0..<ledger.words {
            let word = task.late ? ledger.words - 1 - n : n
            var mask = slotMask[word] & SlotMask.bits(supply.slots, inWord: word)
            mask &= approach.mask[supply.site * ledger.words + word]
            if let s = supply.source.device { mask &= ledger.freeUp[Int(s) * ledger.words + word] }
            while mask != 0, !left.isEmpty, drawn < budget {
                let bit = task.late ? 63 - mask.leadingZeroBitCount : mask.trailingZeroBitCount
                mask &= ~(1 << UInt64(bit))
                let t = word * 64 + bit
                let room = min(
                    budget - drawn,
                    ledger.room(supply.source, to: d, slot: t, links: supply.links, problem))
                guard room >= problem.items.leastChunk[Int(task.item)],
                    ledger.mayConnect(supply.source, d, slot: t, problem.settings)
                else { continue }
                drawn += reserve(task, supply, slot: Int32(t), room: room)
            }
        }
        if drawn > 0 {
            approach.expire()
            narrowMask(task)
        }
        return drawn
    }

    /// What a candidate can send, spelled out.
    private struct Supply {
        /// The chunks that it can send.
        enum Chunks {
            /// All, at any time.
            case all
            /// Those of a holding.
            case some([Range<Int32>])
            /// What some moves brought.
            case received(Range<Int>)
        }

        var source: Source
        var site: Int
        var holding: Int32 = -1
        var slots: Range<Int32>
        var links: [Int32] = []
        var chunks = Chunks.all
    }

    private func supply(_ candidate: Candidate, _ task: Task) -> Supply {
        let place = Int(candidate.place)
        let i = Int(task.item)
        switch candidate.kind {
        case .origin:
            return Supply(
                source: .origin(candidate.place), site: Int(problem.network.originSite[place]),
                slots: 0..<problem.night.slotCount)
        case .holder:
            let from = problem.dusk.supplies[place]
            var supply = supply(
                from: from.device, task,
                slots: 0..<max(0, disks.removedAt(Int(from.holding))))
            supply.holding = from.holding
            if case .some(let set) = problem.dusk.holdings.chunks(of: Int(from.holding)) {
                supply.chunks = .some(set.ranges)
            }
            return supply
        case .receiver:
            let offer = stocks[i].offers[place]
            let brought = Int(offer.first)..<Int(offer.first + offer.count)
            let from = brought.reduce(Int32.max) { min($0, moves[$1].slot + 1) }
            var supply = supply(
                from: offer.device, task, slots: from..<max(from, problem.night.slotCount))
            supply.chunks = .received(brought)
            return supply
        }
    }

    private func supply(from device: Int32, _ task: Task, slots: Range<Int32>) -> Supply {
        Supply(
            source: .device(device), site: Int(problem.devices.site[Int(device)]), slots: slots,
            links: problem.network.links.between(
                device, task.device, at: problem.devices.site[Int(task.device)],
                in: problem.network))
    }

    /// Takes chunks on offer that are still lacking; returns their bytes.
    private mutating func reserve(
        _ task: Task, _ supply: Supply, slot: Int32, room: Int64
    ) -> Int64 {
        var taken: Int64 = 0
        switch supply.chunks {
        case .all:
            let all = 0..<problem.items.chunkCount[Int(task.item)]
            return reserve(task, supply, all, slot: slot, room: room)
        case .some(let ranges):
            for range in ranges where taken < room {
                taken += reserve(task, supply, range, slot: slot, room: room - taken)
            }
        case .received(let brought):
            for k in brought where taken < room {
                let before = moves[k]
                guard before.slot < slot else { continue }
                taken += reserve(
                    task, supply, before.lower..<before.upper, slot: slot, room: room - taken)
            }
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
        let hasBefore = range.lowerBound < part.lowerBound
        let hasAfter = part.upperBound < range.upperBound
        if hasBefore, hasAfter {
            left[k] = range.lowerBound..<part.lowerBound
            left.insert(part.upperBound..<range.upperBound, at: k + 1)
        } else if hasBefore {
            left[k] = range.lowerBound..<part.lowerBound
        } else if hasAfter {
            left[k] = part.upperBound..<range.upperBound
        } else {
            left.remove(at: k)
        }
        return hasBefore ? k + 1 : k
    }
}
