import Catalogue
import Manifest
import Quantities

// A source that is at it, but late beyond the patience, is relieved of the second half of what is
// left. A fall-back keeps, after each patience, as much as it brought in it: it may send only what
// its own plan leaves of its line, and the planned source, once it is there again, sends what is
// late before all else. An exchange that hasn't brought a whole chunk for long is raced by another
// end.

extension Delivery {
    mutating func relieveSources() {
        for number in pieces.open {
            guard intakes.fallbacks < policy.fallbackExchanges else { return }
            guard let id = pieces.all[number].intake, let position = intakes.position(id),
                !intakes[position].cancelled, !intakes[position].released
            else { continue }
            let lateMs = pieces.all[number].endsMs + patienceMs(pieces.all[number])
            guard now.wallMs >= lateMs else {
                consider(wallMs: lateMs)
                continue
            }
            relieve(position, number)
        }
    }

    /// Gives the second half of what an exchange still has to bring to the first fall-back that is
    /// idle.
    private mutating func relieve(_ position: Int, _ number: Int) {
        let intake = intakes[position]
        guard intake.limit - intake.next >= 2 else { return }
        let middle = intake.next + 1 + (intake.limit - intake.next - 1) / 2
        for fallback in stocks[intake.stock].fallbacks.indices
        where stocks[intake.stock].fallbacks[fallback].end != intake.end {
            guard mayAsk(fallback, for: number),
                !stocks[intake.stock].fallbacks[fallback].lacks.contains(middle)
            else { continue }
            stocks[intake.stock].taken.remove(middle..<intake.limit)
            let asked = pull(
                bounded(middle..<intake.limit, intake.stock), of: intake.stock,
                from: stocks[intake.stock].fallbacks[fallback].address, piece: number,
                fallback: fallback, late: true)
            guard asked else {
                stocks[intake.stock].taken.insert(middle..<intake.limit)
                continue
            }
            intakes[position].limit = middle
            return
        }
    }

    /// Gives free what fall-backs wouldn't bring in the same time again.
    mutating func relieveFallbacks() {
        for position in intakes.live.indices where intakes[position].fallback != nil {
            relieveFallback(position)
        }
    }

    private mutating func relieveFallback(_ position: Int) {
        let intake = intakes[position]
        guard intake.ending == nil, !intake.cancelled, !intake.released else { return }
        let dueMs = intake.weighedMs + fallbackPatienceMs
        guard now.steadyMs >= dueMs else { return consider(steadyMs: dueMs) }
        let limit = min(intake.limit, intake.next + max(1, intake.next - intake.weighedNext))
        intakes[position].weighedMs = now.steadyMs
        intakes[position].weighedNext = intake.next
        consider(steadyMs: now.steadyMs + fallbackPatienceMs)
        guard !isWithSource(limit..<intake.limit, intake.stock) else { return }
        stocks[intake.stock].taken.remove(limit..<intake.limit)
        intakes[position].limit = limit
    }

    /// Whether the planned source is at a piece with some of these chunks, so that nobody would be
    /// asked for them.
    private func isWithSource(_ chunks: Range<Int32>, _ stock: Int) -> Bool {
        pieces.open.contains { number in
            let piece = pieces.all[number]
            return piece.stock == stock && piece.intake != nil && !piece.released
                && piece.chunks.overlaps(chunks)
        }
    }

    /// The patience with fall-backs: less when little is left of the night, but three seconds.
    private var fallbackPatienceMs: Int64 {
        max(3000, min(policy.patienceMs, (timetable.lastMs - now.wallMs) / 4))
    }

    /// Gives the chunks of every exchange free that is too slow.
    mutating func releaseSlow() {
        for position in intakes.live.indices { releaseIfTooSlow(position) }
    }

    /// Gives the chunks of an exchange free that hasn't brought a whole one for long.
    private mutating func releaseIfTooSlow(_ position: Int) {
        let intake = intakes[position]
        guard intake.ending == nil, !intake.cancelled, !intake.released else { return }
        var sinceMs = intake.lastChunkMs
        if let piece = intake.piece {
            sinceMs = max(sinceMs, now.steady(atWallMs: pieces.all[piece].endsMs))
        }
        let tooSlowMs = policy.tooSlowMs(restMs: timetable.lastMs - now.wallMs)
        let isAlone =
            intake.fallback != nil && !isWithSource(intake.next..<intake.limit, intake.stock)
        let dueMs = sinceMs + (isAlone ? min(tooSlowMs, fallbackPatienceMs) : tooSlowMs)
        guard now.steadyMs >= dueMs else { return consider(steadyMs: dueMs) }
        intakes[position].released = true
        ends[intake.end].activeReleased += 1
        stocks[intake.stock].taken.remove(intake.next..<intake.limit)
        intakes[position].limit = intake.next
        if let piece = intake.piece { pieces.all[piece].released = true }
    }
}
