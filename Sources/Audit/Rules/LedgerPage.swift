import Catalogue
import Fleet
import Quantities
import Schedule

/// One item on one device through the night.
struct LedgerPage {
    private let device: Int32
    private let item: Int32
    /// Positions in `Fleet.holdings` of what was there at dusk.
    private let holdings: Range<Int>
    private let isWished: Bool
    private let isListed: Bool
    private let isBought: Bool
    private var dusk: ChunkSet
    private var held: ChunkSet
    private var received = ChunkSet()
    private var removed = ChunkSet()
    private(set) var movements: [Ledger.Movement] = []

    init(device: Int32, item: Int32, _ ground: Ground) {
        self.device = device
        self.item = item
        let fleet = ground.fleet
        holdings = ground.dusk.holdings(of: device, item: item)
        isBought = holdings.contains { fleet.holdings[$0].bought }
        let title = ground.catalogue.items[Int(item)].title
        let isCurrent = ground.isCurrent(item)
        isWished =
            isCurrent && fleet.wishes[fleet.wishes(of: Int(device))].contains { $0.title == title }
        isListed =
            isWished || (isCurrent && fleet.devices[Int(device)].picks.contains { $0 == title })
        dusk = ChunkSet(ground.dusk.held(by: device, item: item).ranges)
        held = dusk
    }

    /// Events come by slot; in a slot removals, sends, receipts.
    mutating func replay(
        _ event: LedgerEvent, _ moves: Moves, _ ground: Ground, _ findings: inout Findings
    ) {
        switch event.kind {
        case .removal: remove(moves.removals[event.position], ground, &findings)
        case .send: send(moves.transfers[event.position], &findings)
        case .receipt: receive(moves.transfers[event.position], ground, &findings)
        }
    }

    /// What arrived that was lacking; nil when nothing did.
    func receipt(_ ground: Ground) -> Ledger.Receipt? {
        guard !received.ranges.isEmpty else { return nil }
        return Ledger.Receipt(
            device: device, item: item,
            bytes: received.ranges.reduce(0) { $0 + ground.bytes($1, of: item) },
            chunks: received.ranges)
    }

    private func send(_ transfer: Transfer, _ findings: inout Findings) {
        guard !held.contains(transfer.chunks) else { return }
        let lacking = held.lacking(from: transfer.chunks)
        let gone = lacking.flatMap { removed.common(with: $0) }
        let never = lacking.flatMap { removed.lacking(from: $0) }
        if !gone.isEmpty {
            findings.add(.storage) {
                "\($0.transfer(transfer)): the source removed \($0.chunks(gone)) in this slot or "
                    + "before"
            }
        }
        if !never.isEmpty {
            findings.add(.cause) {
                "\($0.transfer(transfer)): the source does not have \($0.chunks(never)) at the "
                    + "start of the slot"
            }
        }
    }

    private mutating func receive(
        _ transfer: Transfer, _ ground: Ground, _ findings: inout Findings
    ) {
        let atDusk = dusk.common(with: transfer.chunks)
        if !atDusk.isEmpty {
            findings.add(.nothingTwice) {
                "\($0.transfer(transfer)): the device held \($0.chunks(atDusk)) at dusk"
            }
        }
        let again = received.common(with: transfer.chunks)
        if !again.isEmpty {
            findings.add(.nothingTwice) {
                "\($0.transfer(transfer)): the device receives \($0.chunks(again)) twice"
            }
        }
        for range in dusk.lacking(from: transfer.chunks) {
            for fresh in received.lacking(from: range) {
                move(ground.bytes(fresh, of: item), isWishArea: isWished, slot: transfer.slot)
                received.insert(fresh)
                held.insert(fresh)
            }
        }
    }

    private mutating func remove(_ removal: Removal, _ ground: Ground, _ findings: inout Findings) {
        let lacking = held.lacking(from: removal.chunks)
        if !lacking.isEmpty {
            findings.add(.storage) {
                "\($0.removal(removal)): the device does not have \($0.chunks(lacking)) then"
            }
        }
        if let fault = fault(of: removal, ground) {
            findings.add(.storage) { "\($0.removal(removal)): \(fault)" }
        }
        for range in held.common(with: removal.chunks) { free(range, removal.slot, ground) }
        for range in held.common(with: removal.chunks) {
            removed.insert(range)
            held.remove(range)
        }
    }

    /// Why held chunks may not be removed; nil when they may.
    ///
    /// What lay there at dusk may go when its holding may; what came tonight, when the item isn't
    /// listed.
    private func fault(of removal: Removal, _ ground: Ground) -> String? {
        if isBought { return "the item is bought" }
        let present = held.common(with: removal.chunks)
        if isListed, present.contains(where: { !received.common(with: $0).isEmpty }) {
            return "the item is on the device's own list"
        }
        let early = holdings.contains { index in
            ground.dusk.removableFrom[index] > removal.slot
                && present.contains {
                    ground.dusk.chunks(ofHolding: index).intersects(RangeSet32($0))
                }
        }
        return early ? "the item is on the device's own list and its licence lasts" : nil
    }

    /// Frees a held range in the area of each part of it.
    private mutating func free(_ range: Range<Int32>, _ slot: Int32, _ ground: Ground) {
        for part in received.common(with: range) {
            move(-ground.bytes(part, of: item), isWishArea: isWished, slot: slot)
        }
        for index in holdings {
            let parts = ground.dusk.chunks(ofHolding: index).intersection(RangeSet32(range))
            let bytes = ground.bytes(parts, of: item)
            move(-bytes, isWishArea: ground.dusk.inWishArea[index], slot: slot)
        }
    }

    private mutating func move(_ bytes: Int64, isWishArea: Bool, slot: Int32) {
        guard bytes != 0 else { return }
        movements.append(
            Ledger.Movement(device: device, slot: slot, isWishArea: isWishArea, bytes: bytes))
    }
}
