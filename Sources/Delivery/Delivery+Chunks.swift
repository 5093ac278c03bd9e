import Catalogue
import Content
import Manifest
import Quantities

// What becomes of chunks that come and of exchanges that end. Only a chunk whose digest is the
// index's is stored, and only what lies on the disk counts. An end that sends another chunk is
// banned for the night: one chunk is all that it can waste.

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
        intakes[position].writing += 1
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

    mutating func intakeEnded(_ id: IntakeID, _ ending: Ending, _ wasteBytes: Int64) {
        guard let position = intakes.position(id), intakes[position].ending == nil else { return }
        stirred = true
        intakes[position].wasteBytes += max(0, wasteBytes)
        let intake = intakes[position]
        if intake.next < intake.limit {
            stocks[intake.stock].taken.remove(intake.next..<intake.limit)
        }
        budget.settle(
            asked: intake.askedBytes, moved: intake.cameBytes + max(0, wasteBytes),
            budgetSource(intake.source, intake.fallback))
        ends[intake.end].active -= 1
        if intake.late { ends[intake.end].activeLate -= 1 }
        if intake.fallback != nil { ends[intake.end].activeFallback -= 1 }
        if let piece = intake.piece {
            pieces.all[piece].intake = nil
            pieces.all[piece].released = false
            pieces.all[piece].movedBytes += intake.cameBytes
        }
        intakes.ended(position, ending, at: now)
        judge(intake, ending)
        noteIfOver(position)
    }

    /// What the ending says of the end.
    private mutating func judge(_ intake: Intakes.Intake, _ ending: Ending) {
        guard !intake.cancelled, !intake.lied else { return }
        switch ending {
        case .complete, .short:
            ends.answered(intake.end, now.steadyMs, policy)
            if intake.next >= intake.limit { return pleased(intake) }
            if intake.cameBytes > 0 { pleased(intake) }
            refused(intake, retryAfterMs: intake.cameBytes > 0 ? 0 : nil)
        case .refused(let status, let retryAfterMs):
            if intake.source.kind == .origin, status >= 500, retryAfterMs == nil {
                ends.failed(intake.end, now.steadyMs, policy)
            } else {
                ends.answered(intake.end, now.steadyMs, policy)
                refused(intake, retryAfterMs: retryAfterMs)
            }
        case .unreachable, .cut, .stalled, .malformed:
            ends.failed(intake.end, now.steadyMs, policy)
        case .cancelled: break
        }
    }

    private mutating func pleased(_ intake: Intakes.Intake) {
        if let piece = intake.piece { pieces.all[piece].refusals = 0 }
        if let fallback = intake.fallback {
            stocks[intake.stock].fallbacks[fallback].refusals = 0
        }
    }

    /// The end has no more of what it was asked for: 0 for a time that is now.
    private mutating func refused(_ intake: Intakes.Intake, retryAfterMs: Int64?) {
        let key = ends[intake.end].key ^ UInt64(bitPattern: intake.id.raw)
        if let piece = intake.piece {
            pieces.all[piece].refusals += retryAfterMs == 0 && intake.cameBytes > 0 ? 0 : 1
            pieces.all[piece].nextTryMs =
                now.steadyMs + wait(retryAfterMs, pieces.all[piece].refusals, key)
        } else if let fallback = intake.fallback {
            let refusals = min(stocks[intake.stock].fallbacks[fallback].refusals, 20)
            let lacking = intake.next..<min(intake.limit, intake.next + 1 << Int32(refusals))
            stocks[intake.stock].fallbacks[fallback].lacks.insert(lacking)
            if intake.cameBytes == 0 {
                stocks[intake.stock].fallbacks[fallback].refusals += 1
            }
            stocks[intake.stock].fallbacks[fallback].nextTryMs =
                now.steadyMs
                + wait(
                    retryAfterMs, stocks[intake.stock].fallbacks[fallback].refusals, key)
        }
    }

    /// How long to wait before somebody who said no is asked again.
    private func wait(_ retryAfterMs: Int64?, _ refusals: Int, _ key: UInt64) -> Int64 {
        guard refusals > 0 else { return 0 }
        let asked = min(max(retryAfterMs ?? 0, 200), 10 * policy.longestBackOffMs)
        return max(asked, policy.backOff(attempt: refusals, key: key))
    }
}
