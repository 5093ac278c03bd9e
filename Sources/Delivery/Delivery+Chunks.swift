import Catalogue
import Content
import Manifest
import Quantities

// What becomes of chunks that come. Only a chunk whose digest is the index's is stored, and only
// what lies on the disk counts. An end that sends another chunk is banned for the night: one chunk
// is all that it can waste.

extension Delivery {
    mutating func came(_ id: IntakeID, _ chunk: Int32, _ digest: Digest) {
        guard let position = intakes.position(id), intakes[position].ending == nil else {
            actions.append(.discard(id, chunk: chunk))
            return
        }
        let intake = intakes[position]
        guard intake.asked.contains(chunk) else {
            actions.append(.discard(id, chunk: chunk))
            return cancel(position)
        }
        let bytes = stocks[intake.stock].layout.bytes(ofChunk: chunk)
        intakes[position].lastChunkMs = now.steadyMs
        intakes[position].cameBytes += bytes
        let good = stocks[intake.stock].index?.chunks[Int(chunk)] == digest
        if !good {
            unmask(position)
        } else if chunk == intake.next, chunk < intake.limit || wins(position),
            stocks[intake.stock].begun
        {
            if ends.answered(intake.end, now.steadyMs, policy) { stirred = true }
            return store(position, chunk, bytes)
        }
        intakes[position].wasteBytes += bytes
        actions.append(.discard(id, chunk: chunk))
        cancel(position)
    }

    private mutating func store(_ position: Int, _ chunk: Int32, _ bytes: Int64) {
        intakes[position].next += 1
        intakes[position].goodBytes += bytes
        intakes[position].writing.append(chunk)
        actions.append(
            .store(
                intakes[position].id, item: stocks[intakes[position].stock].key, chunk: chunk))
        let intake = intakes[position]
        if intake.next >= intake.limit, intake.limit < intake.asked.upperBound { cancel(position) }
        for other in intakes.live.indices
        where intakes[other].released && intakes[other].stock == intake.stock
            && intakes[other].next == chunk && other != position
        {
            cancel(other)
        }
    }

    /// Whether the chunk that a released exchange brings comes before the other end's: that one is
    /// then given up.
    private mutating func wins(_ position: Int) -> Bool {
        let intake = intakes[position]
        guard intake.released, !intake.cancelled else { return false }
        let rival = intakes.live.indices.first {
            $0 != position && intakes[$0].stock == intake.stock && intakes[$0].ending == nil
                && !intakes[$0].released && intakes[$0].next == intake.next
                && intakes[$0].next < intakes[$0].limit
        }
        if let rival {
            intakes[rival].next += 1
            cancel(rival)
        } else if stocks[intake.stock].taken.contains(intake.next) {
            return false
        }
        stocks[intake.stock].taken.insert(intake.next)
        intakes[position].limit = intake.next + 1
        return true
    }

    /// The end lied: nothing more is taken from it tonight.
    private mutating func unmask(_ position: Int) {
        intakes[position].lied = true
        let end = intakes[position].end
        ends.ban(end)
        for other in intakes.live.indices where intakes[other].end == end { cancel(other) }
        stirred = true
    }

    mutating func cancel(_ position: Int) {
        guard intakes[position].ending == nil, !intakes[position].cancelled else { return }
        intakes[position].cancelled = true
        actions.append(.cancel(intakes[position].id))
    }
}
