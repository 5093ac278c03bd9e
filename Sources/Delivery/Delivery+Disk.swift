import Catalogue
import Manifest
import Quantities

// What the disk says. A chunk counts when it lies there. One that couldn't be written is missing
// again; the item waits a while, and after several faults for another night.

extension Delivery {
    mutating func stored(_ item: String, _ chunk: Int32) {
        guard let number = numbers[item], chunk >= 0, chunk < stocks[number].layout.count else {
            return
        }
        let bytes = stocks[number].layout.bytes(ofChunk: chunk)
        if let copy = copies.running.firstIndex(where: { $0.stock == number && $0.chunk == chunk })
        {
            copies.running.remove(at: copy)
            copies.done.append((number, chunk))
            stirred = true
        } else {
            guard let position = writing(number, chunk) else { return }
            intakes[position].writing.removeAll { $0 == chunk }
            intakes[position].stored = intakes[position].stored.union(RangeSet32(chunk..<chunk + 1))
            noteIfOver(position)
        }
        space.freeBytes -= bytes
        stocks[number].put(chunk)
        finishIfWhole(number)
        if !stocks[number].isOpen || isAwaited(number) { stirred = true }
    }

    mutating func notStored(_ item: String, _ chunk: Int32, _ fault: DiskFault) {
        guard let number = numbers[item], chunk >= 0, chunk < stocks[number].layout.count else {
            return
        }
        stirred = true
        if let copy = copies.running.firstIndex(where: { $0.stock == number && $0.chunk == chunk })
        {
            copies.running.remove(at: copy)
            stocks[number].lose(chunk)
            if fault != .unreadable { blame(number, fault) }
        } else if let position = writing(number, chunk) {
            let bytes = stocks[number].layout.bytes(ofChunk: chunk)
            intakes[position].writing.removeAll { $0 == chunk }
            intakes[position].goodBytes -= bytes
            intakes[position].wasteBytes += bytes
            stocks[number].lose(chunk)
            noteIfOver(position)
            blame(number, fault)
        }
    }

    /// The exchange whose chunk is being written.
    private func writing(_ number: Int, _ chunk: Int32) -> Int? {
        intakes.live.firstIndex { $0.stock == number && $0.writing.contains(chunk) }
    }

    private mutating func blame(_ number: Int, _ fault: DiskFault) {
        if fault == .full {
            space.wasFull(now.steadyMs, policy)
            roomChanged = true
        } else {
            stocks[number].diskFaults += 1
            let faults = stocks[number].diskFaults
            stocks[number].nextDiskMs =
                faults >= policy.diskFaults
                ? Int64.max
                : now.steadyMs
                    + policy.backOff(attempt: faults, key: Policy.key(stocks[number].key))
        }
    }

    mutating func unreadable(_ item: String, _ chunk: Int32) {
        guard let number = numbers[item], stocks[number].have.contains(chunk) else { return }
        stocks[number].lose(chunk)
        stocks[number].finished = false
        reopen(number)
        roomChanged = true
        stirred = true
    }

    /// Brings pieces up again that lack chunks that had been there.
    mutating func reopen(_ number: Int) {
        let known = Set(pieces.open)
        let lost = (0..<pieces.next).filter {
            pieces.all[$0].stock == number && !known.contains($0)
                && stocks[number].have.first(in: pieces.all[$0].chunks, present: false) != nil
        }
        if !lost.isEmpty { pieces.open = (pieces.open + lost).sorted() }
    }

    mutating func finishIfWhole(_ number: Int) {
        let stock = stocks[number]
        guard stock.have.isFull, !stock.finished, !stock.finishing, stock.wanted.count > 0 else {
            return
        }
        stocks[number].finishing = true
        actions.append(
            .finish(item: stock.key, mayBeBought: stock.isWish || stock.facts.completes))
    }

    mutating func finished(_ item: String, _ fault: DiskFault?) {
        guard let number = numbers[item], stocks[number].finishing else { return }
        stocks[number].finishing = false
        stirred = true
        if fault == nil {
            stocks[number].finished = true
        } else {
            blame(number, .unwritable)
        }
    }

    /// Asks again to publish what couldn't be.
    mutating func retryFinish() {
        for number in stocks.indices where stocks[number].have.isFull && !stocks[number].finished {
            if isOnTime(number) { finishIfWhole(number) }
        }
    }

    private mutating func isOnTime(_ number: Int) -> Bool {
        let due = stocks[number].nextDiskMs
        if due != Int64.max { consider(steadyMs: due) }
        return due <= now.steadyMs
    }
}
