import Quantities
import Schedule

// Problem: rules 2, 3 (what may be removed and sent) and 7 all ask what a device
// has of an item at a given slot.
//
// Idea: everything that touches one item on one device (removals, sends,
// receipts) is brought together by one sort and replayed in the order of the
// night: in a slot first the removals, then the sends, which see what was there
// at its start, then the receipts. The replay needs one set of chunks at a time.
//
// Cost: a sort of all events, then O(events · log ranges); holdings without
// events are never looked at.

/// What each device receives and removes, replayed slot by slot.
struct Ledger {
    /// A change of what an area holds, at the end of a slot.
    struct Movement {
        let device: Int32
        let slot: Int32
        let isWishArea: Bool
        /// Negative: freed.
        let bytes: Int64
    }

    /// What a device received of an item that it lacked, once each chunk.
    struct Receipt {
        let device: Int32
        let item: Int32
        let bytes: Int64
        let chunks: [Range<Int32>]
    }

    private(set) var movements: [Movement] = []
    /// By device, then item.
    private(set) var receipts: [Receipt] = []

    init(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
        let events = LedgerEvent.all(moves)
        var start = 0
        while start < events.count {
            var end = start
            while end < events.count, events[end].place == events[start].place { end += 1 }
            var page = LedgerPage(device: events[start].device, item: events[start].item, ground)
            for event in events[start..<end] { page.replay(event, moves, ground, &findings) }
            movements.append(contentsOf: page.movements)
            if let receipt = page.receipt(ground) { receipts.append(receipt) }
            start = end
        }
    }

    /// Bytes that a device received of an item that it lacked. O(log receipts).
    func receivedBytes(device: Int32, item: Int32) -> Int64 {
        var lower = 0
        var upper = receipts.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if (receipts[middle].device, receipts[middle].item) < (device, item) {
                lower = middle + 1
            } else {
                upper = middle
            }
        }
        guard lower < receipts.count, receipts[lower].device == device, receipts[lower].item == item
        else { return 0 }
        return receipts[lower].bytes
    }
}

/// A removal, a send or a receipt, as two words that sort by place, then time.
struct LedgerEvent {
    enum Kind: UInt64 {
        case removal
        case send
        case receipt
    }

    /// Device, then item.
    let place: UInt64
    /// Slot, then kind, then position among the transfers or removals.
    let time: UInt64

    var device: Int32 { Int32(place >> 32) }
    var item: Int32 { Int32(place & 0xFFFF_FFFF) }
    var kind: Kind { Kind(rawValue: time >> 32 & 3) ?? .receipt }
    var position: Int { Int(time & 0xFFFF_FFFF) }

    private init(_ kind: Kind, device: Int32, item: Int32, slot: Int32, position: Int) {
        place = UInt64(device) << 32 | UInt64(item)
        time = UInt64(slot) << 34 | kind.rawValue << 32 | UInt64(position)
    }

    /// All events of the night, by device, item, slot, kind.
    static func all(_ moves: Moves) -> [LedgerEvent] {
        var events: [LedgerEvent] = []
        events.reserveCapacity(2 * moves.transfers.count + moves.removals.count)
        for (position, one) in moves.removals.enumerated() {
            events.append(
                LedgerEvent(
                    .removal, device: one.device, item: one.item, slot: one.slot,
                    position: position))
        }
        for (position, one) in moves.transfers.enumerated() {
            events.append(
                LedgerEvent(
                    .receipt, device: one.destination, item: one.item, slot: one.slot,
                    position: position))
            guard one.source.raw >= 0 else { continue }
            events.append(
                LedgerEvent(
                    .send, device: one.source.raw, item: one.item, slot: one.slot,
                    position: position))
        }
        return events.sorted { ($0.place, $0.time) < ($1.place, $1.time) }
    }
}
