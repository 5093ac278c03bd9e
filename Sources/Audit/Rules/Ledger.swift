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
// Devices don't touch each other's pages, so shares of the devices can be replayed by
// themselves, several at a time.
//
// Cost: a look at every move for each share, a sort of each share's events, then
// O(events · log ranges); holdings without events are never looked at.

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

    /// By device, then item.
    let receipts: [Receipt]
    /// By device: where its receipts begin; one more than there are devices.
    private let offsets: [Int32]

    /// - Parameters:
    ///   - shares: of all devices, in order.
    ///   - devices: how many there are.
    init(_ shares: [LedgerShare], devices: Int) {
        let receipts = shares.flatMap(\.receipts)
        var offsets = [Int32](repeating: 0, count: devices + 1)
        for receipt in receipts { offsets[Int(receipt.device) + 1] += 1 }
        for device in 0..<devices { offsets[device + 1] += offsets[device] }
        self.receipts = receipts
        self.offsets = offsets
    }

    /// Bytes that a device received of an item that it lacked. O(items it received).
    func receivedBytes(device: Int32, item: Int32) -> Int64 {
        for index in offsets[Int(device)]..<offsets[Int(device) + 1]
        where receipts[Int(index)].item == item {
            return receipts[Int(index)].bytes
        }
        return 0
    }
}

/// The ledger of some devices.
struct LedgerShare {
    private(set) var movements: [Ledger.Movement] = []
    /// By device, then item.
    private(set) var receipts: [Ledger.Receipt] = []

    init(of devices: Range<Int>, _ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
        let events = LedgerEvent.all(moves, of: devices)
        var start = 0
        while start < events.count {
            var end = start
            var hasOnlySends = true
            while end < events.count, events[end].place == events[start].place {
                hasOnlySends = hasOnlySends && events[end].kind == .send
                end += 1
            }
            if !hasOnlySends || !ground.dusk.isWhole(events[start].item, on: events[start].device) {
                replay(events[start..<end], moves, ground, &findings)
            }
            start = end
        }
    }

    /// Everything that touches one item on one device, in order.
    private mutating func replay(
        _ events: ArraySlice<LedgerEvent>, _ moves: Moves, _ ground: Ground,
        _ findings: inout Findings
    ) {
        guard let first = events.first else { return }
        var page = LedgerPage(device: first.device, item: first.item, ground)
        for event in events { page.replay(event, moves, ground, &findings) }
        movements.append(contentsOf: page.movements)
        if let receipt = page.receipt(ground) { receipts.append(receipt) }
    }
}

extension Dusk {
    /// Whether a device holds all of a known item at dusk in one holding, so that it may send any
    /// chunk until it removes one.
    fileprivate func isWhole(_ item: Int32, on device: Int32) -> Bool {
        holdings(of: device, item: item).contains { isWhole(holding: $0) }
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

    /// All events of some devices in the night, by device, item, slot, kind.
    static func all(_ moves: Moves, of devices: Range<Int>) -> [LedgerEvent] {
        let devices = Int32(devices.lowerBound)..<Int32(devices.upperBound)
        var events: [LedgerEvent] = []
        for (position, one) in moves.removals.enumerated() where devices.contains(one.device) {
            events.append(
                LedgerEvent(
                    .removal, device: one.device, item: one.item, slot: one.slot,
                    position: position))
        }
        for (position, one) in moves.transfers.enumerated() {
            if devices.contains(one.destination) {
                events.append(
                    LedgerEvent(
                        .receipt, device: one.destination, item: one.item, slot: one.slot,
                        position: position))
            }
            // an origin's is negative
            if devices.contains(one.source.raw) {
                events.append(
                    LedgerEvent(
                        .send, device: one.source.raw, item: one.item, slot: one.slot,
                        position: position))
            }
        }
        return events.sorted { ($0.place, $0.time) < ($1.place, $1.time) }
    }
}
