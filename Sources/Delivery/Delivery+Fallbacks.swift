import Catalogue
import Manifest
import Quantities

// What a source fails to send is asked from the item's fall-backs, in the order given, several at
// once on different chunks; origins last.
//
// A piece is due for them when its slot is over and it isn't moving: at once if the source is lost
// or has just failed, after a moment of grace if it is late, after the patience if it sends other
// pieces to this device; sooner if it says that it can't send this one now. If the source is lost,
// the slot's beginning is enough.
// An origin is asked once the piece is late beyond the patience with origins, or no device can
// help.

extension Delivery {
    mutating func askFallbacks() {
        for number in pieces.open {
            guard intakes.fallbacks < policy.fallbackExchanges else { return }
            guard pieces.all[number].intake == nil || pieces.all[number].released,
                isReady(pieces.all[number].stock), isDue(number)
            else { continue }
            askFallbacks(number)
        }
    }

    private mutating func askFallbacks(_ number: Int) {
        let piece = pieces.all[number]
        for position in stocks[piece.stock].fallbacks.indices {
            guard intakes.fallbacks < policy.fallbackExchanges,
                stocks[piece.stock].taken.firstGap(in: piece.chunks) != nil
            else { return }
            guard mayAsk(position, for: number), let run = missing(position, number) else {
                continue
            }
            pull(
                bounded(run, piece.stock), of: piece.stock,
                from: stocks[piece.stock].fallbacks[position].address, piece: number,
                fallback: position, late: true)
        }
    }

    /// Whether fall-backs may be asked for a piece that isn't moving.
    private mutating func isDue(_ number: Int) -> Bool {
        let piece = pieces.all[number]
        let dueMs =
            if isDead(piece) {
                piece.startsMs
            } else if piece.released {
                Int64.min
            } else if ends[piece.end].failures > 0 || piece.isDenied {
                piece.endsMs
            } else if ends[piece.end].active > 0 {
                piece.endsMs
                    + min(piece.refusals > 0 ? policy.busyMs : Int64.max, patienceMs(piece))
            } else {
                piece.endsMs + min(policy.graceMs, patienceMs(piece))
            }
        if now.wallMs < dueMs { consider(wallMs: dueMs) }
        return now.wallMs >= dueMs
    }

    /// Nothing is to be expected of the planned source.
    private func isDead(_ piece: Pieces.Piece) -> Bool {
        ends.isLost(piece.end, policy) || piece.connects && piece.source.address.isEmpty
    }

    /// The patience with a piece: less when little of the night is left after its slot.
    func patienceMs(_ piece: Pieces.Piece) -> Int64 { bounded(policy.patienceMs, piece) }

    private func bounded(_ ms: Int64, _ piece: Pieces.Piece) -> Int64 {
        min(ms, max(0, (timetable.lastMs - piece.endsMs) / 4))
    }

    /// Whether a fall-back may be asked now for some of the piece.
    mutating func mayAsk(_ position: Int, for number: Int) -> Bool {
        let piece = pieces.all[number]
        let fallback = stocks[piece.stock].fallbacks[position]
        guard fallback.isReachable, !ends[fallback.end].banned,
            ends[fallback.end].activeFallback == 0, ends[fallback.end].activeReleased == 0
        else { return false }
        guard !fallback.isOrigin || fallback.end != piece.end && mayAskOrigin(piece) else {
            return false
        }
        stocks[piece.stock].fallbacks[position].forget(at: now.steadyMs)
        let due = max(ends[fallback.end].nextTryMs, fallback.nextTryMs)
        if due > now.steadyMs { consider(steadyMs: due) }
        return due <= now.steadyMs
    }

    private mutating func mayAskOrigin(_ piece: Pieces.Piece) -> Bool {
        let lateMs = piece.endsMs + bounded(policy.originPatienceMs, piece)
        if now.wallMs >= lateMs { return true }
        consider(wallMs: lateMs)
        let failing = isDead(piece) || ends[piece.end].failures > 0
        return (failing || piece.refusals >= policy.lostAfter)
            && !stocks[piece.stock].fallbacks.contains { helps($0) }
    }

    /// Whether a fall-back is a device of which something may be expected.
    private func helps(_ fallback: Fallback) -> Bool {
        !fallback.isOrigin && fallback.isReachable && fallback.denials < policy.lostAfter
            && !ends.isLost(fallback.end, policy)
    }

    /// A run of missing chunks that a fall-back hasn't said it lacks. If it lacks all, it is asked
    /// again after the longest back-off.
    private mutating func missing(_ position: Int, _ number: Int) -> Range<Int32>? {
        let piece = pieces.all[number]
        var from = piece.chunks.lowerBound
        while let gap = stocks[piece.stock].taken.firstGap(in: from..<piece.chunks.upperBound) {
            if let run = stocks[piece.stock].fallbacks[position].lacks.firstGap(in: gap) {
                return run
            }
            from = gap.upperBound
        }
        stocks[piece.stock].fallbacks[position].forget(piece.chunks)
        stocks[piece.stock].fallbacks[position].nextTryMs =
            now.steadyMs + policy.longestBackOffMs
        consider(steadyMs: now.steadyMs + policy.longestBackOffMs)
        return nil
    }

    /// The beginning of a run that one exchange with a fall-back is for; never empty.
    func bounded(_ run: Range<Int32>, _ number: Int) -> Range<Int32> {
        let chunks = max(1, policy.fallbackBytes / max(1, stocks[number].layout.chunkBytes))
        guard Int64(run.count) > chunks else { return run }
        return run.lowerBound..<(run.lowerBound + Int32(chunks))
    }
}
