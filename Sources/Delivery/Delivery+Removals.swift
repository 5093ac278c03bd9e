import Catalogue
import Manifest
import Quantities

// What is removed is deleted once what it makes room for is wanted, and what is to be copied out of
// it was.

extension Delivery {
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

    /// Has the disk forget chunks, and whoever sends them end.
    mutating func delete(_ chunks: Range<Int32>, of number: Int, all: Bool) {
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

    /// The disk says what is free after something was deleted.
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
