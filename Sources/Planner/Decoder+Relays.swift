import Quantities
import Schedule

extension Decoder {
    /// Leaves out what relays receive and never send on.
    ///
    /// A relay may stand before another, so it goes on until nothing is left out.
    /// Less movement never breaks a rule. O(moves · log moves) a round.
    mutating func dropIdleRelays() {
        while dropOnce() {}
    }

    private mutating func dropOnce() -> Bool {
        guard moves.contains(where: { $0.wish < 0 }) else { return false }
        var kept: [Move] = []
        for move in moves {
            guard move.wish < 0 else {
                kept.append(move)
                continue
            }
            let sent = sentOn(by: move.destination, item: move.item, after: move.slot)
            for range in sent.intersection(RangeSet32(move.lower..<move.upper)).ranges {
                var part = move
                part.lower = range.lowerBound
                part.upper = range.upperBound
                part.bytes = problem.items.bytes(Int(move.item), part.lower, part.upper)
                kept.append(part)
            }
        }
        let dropped = kept.reduce(0) { $0 + $1.bytes } < moves.reduce(0) { $0 + $1.bytes }
        moves = kept
        return dropped
    }

    private func sentOn(by device: Int32, item: Int32, after slot: Int32) -> RangeSet32 {
        RangeSet32(
            moves.filter {
                $0.source.device == device && $0.item == item && $0.holding < 0 && $0.slot > slot
            }.map { $0.lower..<$0.upper })
    }
}
