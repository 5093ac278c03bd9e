import Catalogue
import Manifest
import Quantities

// Room on the disk: an item begins only when all that it lacks fits beside what those that have
// begun still lack. What is removed is deleted once what it makes room for is wanted.

extension Delivery {
    /// Chooses the items again, if room or wishes changed.
    mutating func chooseRoom() {
        if let until = space.fullUntilMs {
            if until <= now.steadyMs { probeRoom() } else { consider(steadyMs: until) }
        }
        guard roomChanged else { return }
        roomChanged = false
        let candidates = stocks.indices.compactMap { candidate($0) }
        let choice = Space.choose(
            candidates, freeBytes: space.freeBytes, comingBytes: comingBytes())
        let chosen = Set(choice.chosen)
        for number in stocks.indices where stocks[number].isOpen {
            stocks[number].chosen = chosen.contains(number)
            if !stocks[number].chosen { pause(number) }
        }
        for number in stocks.indices { stocks[number].dropping = false }
        for number in choice.dropped { stocks[number].dropping = true }
    }

    /// Deletes the partial files that are to go and to which nothing is written any more.
    mutating func dropPartials() {
        for number in stocks.indices where stocks[number].dropping && isQuiet(number) {
            stocks[number].dropping = false
            drop(number)
        }
    }

    /// Whether nothing comes for an item and nothing of it is being written.
    private func isQuiet(_ number: Int) -> Bool {
        !intakes.live.contains { $0.stock == number }
            && !copies.running.contains { $0.stock == number }
    }

    private func candidate(_ number: Int) -> Space.Candidate? {
        let stock = stocks[number]
        guard stock.isOpen, stock.index != nil, stock.nextDiskMs != Int64.max else { return nil }
        return Space.Candidate(
            stock: number, key: stock.key, completes: stock.facts.completes, isWish: stock.isWish,
            missingBytes: stock.missingBytes, partialBytes: stock.bought ? 0 : stock.haveBytes)
    }

    /// What removals will give back.
    private func comingBytes() -> Int64 {
        removals.all.reduce(0) { sum, removal in
            guard !removal.deleted, !stocks[removal.stock].bought else { return sum }
            return sum
                + removal.chunks.reduce(0) {
                    stocks[removal.stock].have.contains($1)
                        ? $0 + stocks[removal.stock].layout.bytes(ofChunk: $1) : $0
                }
        }
    }

    /// The disk has been full for long: suppose that it isn't any more.
    private mutating func probeRoom() {
        space.fullUntilMs = nil
        let least = stocks.indices.compactMap { candidate($0)?.missingBytes }.min() ?? 0
        space.freeBytes = max(space.freeBytes, least)
        roomChanged = true
    }

    /// Says whether an item may fetch; its missing bytes are set aside from now on.
    mutating func begin(_ number: Int) -> Bool {
        if stocks[number].begun { return true }
        guard stocks[number].chosen else { return false }
        let aside = stocks.reduce(0) { $0 + ($1.begun ? $1.missingBytes : 0) }
        guard stocks[number].missingBytes <= space.freeBytes - aside else { return false }
        stocks[number].begun = true
        return true
    }

    private mutating func pause(_ number: Int) {
        guard stocks[number].begun else { return }
        stocks[number].begun = false
        for position in intakes.live.indices where intakes[position].stock == number {
            cancel(position)
        }
    }

    /// Gives the room of a partial file back.
    private mutating func drop(_ number: Int) {
        for copy in copies.waiting where copy.stock == number {
            stocks[number].taken.remove(copy.chunk)
        }
        copies.waiting.removeAll { $0.stock == number }
        delete(0..<stocks[number].layout.count, of: number, all: true)
    }

    /// From its time on a removal's chunks are not sent.
    mutating func withdrawRemovals() {
        for number in removals.all.indices where !removals.all[number].withdrawn {
            guard removals.all[number].atMs <= now.wallMs else { break }
            removals.all[number].withdrawn = true
            let stock = removals.all[number].stock
            if !stocks[stock].bought { stocks[stock].withdrawn.insert(removals.all[number].chunks) }
        }
        consider(wallMs: removals.nextMs)
    }

    /// Deletes what makes room for something that is wanted now.
    mutating func deleteRemovals() {
        for number in removals.all.indices {
            let removal = removals.all[number]
            guard removal.withdrawn else { break }
            guard !removal.deleted, !stocks[removal.stock].bought else { continue }
            var wanting: Int?
            for piece in 0..<pieces.next where wanting == nil && wantsRoom(piece, removal) {
                wanting = piece
            }
            guard let wanting, isQuiet(removal.stock),
                !copiesFirst(removal.stock, pieces.all[wanting].stock)
            else { continue }
            removals.all[number].deleted = true
            copies.waiting.removeAll { copy in
                guard copy.from == stocks[removal.stock].key,
                    removal.chunks.contains(copy.fromChunk)
                else { return false }
                stocks[copy.stock].taken.remove(copy.chunk)
                return true
            }
            delete(removal.chunks, of: removal.stock, all: false)
        }
    }

    /// Whether a piece wants the room that a removal makes: one that was planned for it, or one
    /// whose item can't begin without.
    private mutating func wantsRoom(_ number: Int, _ removal: Removals.Removal) -> Bool {
        let piece = pieces.all[number]
        guard piece.startsMs <= now.wallMs, stocks[piece.stock].isOpen, stocks[piece.stock].chosen,
            stocks[piece.stock].index != nil
        else { return false }
        return number >= removal.wantedFrom || !begin(piece.stock)
    }

    /// Whether copies out of an item are to be made, and can be before it goes.
    private mutating func copiesFirst(_ number: Int, _ wanting: Int) -> Bool {
        let key = stocks[number].key
        if copies.running.contains(where: { $0.from == key }) { return true }
        return copies.waiting.contains { $0.from == key && begin($0.stock) }
    }

    private mutating func delete(_ chunks: Range<Int32>, of number: Int, all: Bool) {
        let there = chunks.filter { stocks[number].have.contains($0) }
        guard !there.isEmpty else { return }
        for chunk in there {
            space.leavingBytes += stocks[number].layout.bytes(ofChunk: chunk)
            stocks[number].lose(chunk)
        }
        stocks[number].finished = false
        for outlet in outlets.live where outlet.sending && outlet.stock == number {
            hangUp(outlet.id)
        }
        reopen(number)
        let whole = all || stocks[number].have.count == 0
        actions.append(
            .remove(
                item: stocks[number].key,
                chunks: whole ? nil : RangeSet32(there.map { $0..<($0 + 1) })))
    }

    mutating func removed(_ item: String, _ freeBytes: Int64) {
        space.said(freeBytes, now.steadyMs)
        roomChanged = true
        stirred = true
    }

    /// Begins the next copies of items that have room.
    mutating func beginCopies() {
        var later: [Copies.Copy] = []
        for (position, copy) in copies.waiting.enumerated() {
            guard copies.running.count < policy.copies else {
                later += copies.waiting[position...]
                break
            }
            guard isReady(copy.stock), begin(copy.stock) else {
                later.append(copy)
                continue
            }
            copies.running.append(copy)
            actions.append(
                .copy(
                    item: stocks[copy.stock].key, chunk: copy.chunk, from: copy.from,
                    fromChunk: copy.fromChunk))
        }
        copies.waiting = later
        noteCopies()
    }
}
