import Catalogue
import Content
import Manifest
import Quantities

// What becomes of exchanges that end: what didn't come is free again, and the end is judged. Who
// fails is left alone for a while, who says no only for that piece.

extension Delivery {
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
        if intake.released { ends[intake.end].activeReleased -= 1 }
        if intake.late { ends[intake.end].activeLate -= 1 }
        if intake.fallback != nil { ends[intake.end].activeFallback -= 1 }
        if let piece = intake.piece {
            pieces.all[piece].intake = nil
            pieces.all[piece].released = false
            // What was begun ahead counts in no pace, as at its source.
            let leadMs = pieces.all[piece].startsMs - policy.leadMs
            if intake.beganMs >= now.steady(atWallMs: leadMs) {
                pieces.all[piece].movedBytes += intake.cameBytes
            }
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
                said(intake, isDenial: status != 503)
            }
        case .unreachable, .cut, .stalled, .malformed:
            ends.failed(intake.end, now.steadyMs, policy)
        case .cancelled: break
        }
    }

    private mutating func said(_ intake: Intakes.Intake, isDenial: Bool) {
        if let piece = intake.piece, now.wallMs >= pieces.all[piece].startsMs {
            pieces.all[piece].isDenied = isDenial
        }
        if isDenial, let fallback = intake.fallback {
            stocks[intake.stock].fallbacks[fallback].denials += 1
        }
    }

    private mutating func pleased(_ intake: Intakes.Intake) {
        if let piece = intake.piece {
            pieces.all[piece].refusals = 0
            pieces.all[piece].isDenied = false
        }
        if let fallback = intake.fallback {
            stocks[intake.stock].fallbacks[fallback].refusals = 0
            stocks[intake.stock].fallbacks[fallback].denials = 0
        }
    }

    /// The end has no more of what it was asked for: 0 for a time that is now.
    private mutating func refused(_ intake: Intakes.Intake, retryAfterMs: Int64?) {
        let key = ends[intake.end].key ^ UInt64(bitPattern: intake.id.raw)
        if let piece = intake.piece, now.wallMs < pieces.all[piece].startsMs {
            let slotMs = now.steady(atWallMs: pieces.all[piece].startsMs - policy.leadMs)
            pieces.all[piece].nextTryMs = min(slotMs, now.steadyMs + policy.longestBackOffMs)
        } else if let piece = intake.piece {
            pieces.all[piece].refusals += retryAfterMs == 0 && intake.cameBytes > 0 ? 0 : 1
            pieces.all[piece].nextTryMs =
                now.steadyMs + wait(retryAfterMs, pieces.all[piece].refusals, key)
        } else if let fallback = intake.fallback {
            let refusals = min(stocks[intake.stock].fallbacks[fallback].refusals, 20)
            let lacking = intake.next..<min(intake.limit, intake.next + 1 << Int32(refusals))
            stocks[intake.stock].fallbacks[fallback].note(
                lacking: lacking, until: now.steadyMs + policy.longestBackOffMs)
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
