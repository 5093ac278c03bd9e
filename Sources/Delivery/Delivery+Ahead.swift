import Manifest
import Quantities

// Working ahead: what a source has nothing else to send for may come before its slot. A box asks
// each source for the next piece that isn't there; the source holds the request, and answers when
// nothing that is due has moved for a moment. So a source whose peer drops out serves another one
// meanwhile. An origin doesn't know what is due, and sends whatever is asked of it. So it is asked
// ahead only by who lacks what devices should have sent by now, and only as long as the origin
// itself is in time.

extension Delivery {
    /// Asks each source for the next of its pieces whose slot is still to come.
    mutating func askAhead() {
        guard policy.aheadMs > 0 else { return }
        let coming = pieces.coming(before: now.wallMs + policy.aheadMs)
        if coming.upperBound < pieces.all.count {
            consider(wallMs: pieces.all[coming.upperBound].startsMs - policy.aheadMs)
        }
        let late = pieces.open.filter { isLate($0) }
        let lacksPeers = late.contains { pieces.all[$0].source.kind == .device }
        let lateEnds = Set(late.map { pieces.all[$0].end })
        for number in coming
        where pieces.all[number].source.kind == .device
            || lacksPeers && !lateEnds.contains(pieces.all[number].end)
        { askAhead(number) }
    }

    /// Whether a piece that has come up should be complete, and isn't.
    private func isLate(_ number: Int) -> Bool {
        let piece = pieces.all[number]
        return now.wallMs >= piece.endsMs + policy.graceMs
            && stocks[piece.stock].have.first(in: piece.chunks, present: false) != nil
    }

    private mutating func askAhead(_ number: Int) {
        let piece = pieces.all[number]
        guard piece.connects, piece.intake == nil,
            !piece.source.address.isEmpty, !ends[piece.end].banned,
            ends[piece.end].active < policy.aheadExchangesPerEnd, isReady(piece.stock),
            stocks[piece.stock].begun || isRoomForAll,
            let gap = stocks[piece.stock].taken.firstGap(in: piece.chunks)
        else { return }
        let due = max(ends[piece.end].nextTryMs, piece.nextTryMs)
        guard due <= now.steadyMs else { return consider(steadyMs: due) }
        pull(
            gap, of: piece.stock, from: piece.source, piece: number, fallback: nil, late: false,
            ahead: true)
    }

    /// Answers what is held for a later slot, the next slot first, while nothing due moves.
    mutating func workAhead() {
        guard policy.aheadMs > 0 else { return }
        hastenDue()
        let moving = outlets.live.filter { $0.sending && !$0.isQuiet }
        guard moving.allSatisfy(\.isAhead) else { return outlets.idleSinceMs = nil }
        let idleSinceMs = outlets.idleSinceMs ?? now.steadyMs
        outlets.idleSinceMs = idleSinceMs
        guard now.steadyMs >= idleSinceMs + policy.idleMs else {
            return consider(steadyMs: idleSinceMs + policy.idleMs)
        }
        var room = policy.aheadSends - moving.count
        guard room > 0 else { return }
        let held = outlets.live.filter { !$0.sending }
            .map { (startsMs: startsMs($0.entry), id: $0.id) }
            .filter { $0.startsMs > now.wallMs }
        for entry in held.sorted(by: { ($0.startsMs, $0.id.raw) < ($1.startsMs, $1.id.raw) }) {
            guard room > 0 else { return }
            guard entry.startsMs <= now.wallMs + policy.aheadMs else {
                return consider(wallMs: entry.startsMs - policy.aheadMs)
            }
            if let position = outlets.position(entry.id), sendAhead(position, entry.startsMs) {
                room -= 1
            }
        }
    }

    /// What was begun ahead, and isn't over when its slot begins, is as planned from then on.
    private mutating func hastenDue() {
        for position in outlets.live.indices where outlets[position].isAhead {
            let startsMs = startsMs(outlets[position].entry)
            guard now.wallMs >= startsMs else {
                consider(wallMs: startsMs)
                continue
            }
            outlets[position].isAhead = false
            actions.append(.hasten(outlets[position].id, pace(of: outlets[position].entry)))
        }
    }

    /// When the slot begins for which something is asked; the past for a standby.
    func startsMs(_ entry: Outlets.Entry) -> Int64 {
        guard case .service(let service) = entry else { return Int64.min / 2 }
        return outlets.services[service].startsMs
    }

    private mutating func sendAhead(_ position: Int, _ startsMs: Int64) -> Bool {
        outlets[position].counts = false
        let isSent = send(position, Pace(order: policy.aheadOrder(startsMs), now))
        outlets[position].isAhead = isSent
        outlets[position].counts = !isSent
        return isSent
    }

    mutating func quiet(_ id: OutletID, _ isQuiet: Bool) {
        guard let position = outlets.position(id), outlets[position].sending else { return }
        outlets[position].isQuiet = isQuiet
        stirred = true
    }
}
