import Catalogue
import Manifest
import Quantities

// Room on the disk: an item begins only when all that it lacks fits beside what those that have
// begun still lack.

extension Delivery {
    /// An item that can't come, as the disk is too full for it.
    package struct Lack: Hashable, Sendable {
        /// The item key.
        package let item: String
        /// What is missing of it, in bytes.
        package let needBytes: Int64
        /// What may still be written, in bytes, as far as is known.
        package let freeBytes: Int64
    }

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
        lacks = candidates.filter { !chosen.contains($0.stock) }.map {
            Lack(item: $0.key, needBytes: $0.missingBytes, freeBytes: max(0, space.freeBytes))
        }.sorted { $0.item < $1.item }
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
    func isQuiet(_ number: Int) -> Bool {
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

    /// Whether all items that may fetch fit together now, so that none takes another one's room.
    var isRoomForAll: Bool {
        stocks.reduce(0) { $0 + ($1.begun || $1.chosen ? $1.missingBytes : 0) } <= space.freeBytes
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
}
