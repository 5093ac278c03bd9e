import Catalogue
import Fleet
import Quantities
import Schedule

/// The transfers and removals that refer to things that exist, in the order of their slots.
///
/// The others are reported and left out of every later check.
struct Moves {
    private(set) var transfers: [Transfer] = []
    /// Bytes of each transfer.
    private(set) var bytes: [Int64] = []
    private(set) var removals: [Removal] = []
    /// `slotCount + 1` positions in ``transfers``.
    private(set) var slotOffsets: [Int] = []

    /// Keeps the sound moves of `plan`, reports the rest and whatever is out of order.
    init(sound plan: Plan, _ ground: Ground, _ findings: inout Findings) {
        var sound: [Transfer] = []
        for transfer in plan.transfers where Moves.isSound(transfer, ground, &findings) {
            sound.append(transfer)
        }
        checkOrder(plan, &findings)
        order(sound, slots: Int(ground.night.slotCount))
        bytes = transfers.map { ground.bytes($0.chunks, of: $0.item) }
        for removal in plan.removals where Moves.isSound(removal, ground, &findings) {
            removals.append(removal)
        }
    }

    /// Positions in ``transfers`` of one slot's.
    func positions(in slot: Int32) -> Range<Int> {
        slotOffsets[Int(slot)]..<slotOffsets[Int(slot) + 1]
    }

    /// A stable counting sort by slot.
    private mutating func order(_ sound: [Transfer], slots: Int) {
        var counts = [Int](repeating: 0, count: slots + 1)
        for transfer in sound { counts[Int(transfer.slot) + 1] += 1 }
        for slot in 0..<slots { counts[slot + 1] += counts[slot] }
        slotOffsets = counts
        transfers = sound
        for transfer in sound {
            transfers[counts[Int(transfer.slot)]] = transfer
            counts[Int(transfer.slot)] += 1
        }
    }

    private static func isSound(
        _ transfer: Transfer, _ ground: Ground, _ findings: inout Findings
    ) -> Bool {
        let raw = Int(transfer.source.raw)
        guard raw >= 0 ? raw < ground.fleet.devices.count : -1 - raw < ground.fleet.origins.count
        else {
            findings.add(.form) { "\($0.transfer(transfer)): there is no such source" }
            return false
        }
        guard
            let fault = place(
                transfer.destination, transfer.item, transfer.chunks, transfer.slot, ground)
        else { return isMovable(transfer, ground, &findings) }
        findings.add(.form) { "\($0.transfer(transfer)): \(fault)" }
        return false
    }

    private static func isSound(_ removal: Removal, _ ground: Ground, _ findings: inout Findings)
        -> Bool
    {
        guard let fault = place(removal.device, removal.item, removal.chunks, removal.slot, ground)
        else { return true }
        findings.add(.form) { "\($0.removal(removal)): \(fault)" }
        return false
    }

    /// What of a move's place doesn't exist.
    private static func place(
        _ device: Int32, _ item: Int32, _ chunks: Range<Int32>, _ slot: Int32, _ ground: Ground
    ) -> String? {
        guard ground.fleet.devices.indices.contains(Int(device)) else {
            return "there is no such device"
        }
        guard ground.layouts.indices.contains(Int(item)) else { return "there is no such item" }
        let count = ground.layouts[Int(item)].count
        guard !chunks.isEmpty, chunks.lowerBound >= 0, chunks.upperBound <= count else {
            return "the chunks are not among the item's \(count)"
        }
        guard (0..<ground.night.slotCount).contains(slot) else {
            return "the slot is not among the night's \(ground.night.slotCount)"
        }
        return nil
    }

    /// Only the current item of a title moves, and only when it is sendable; what breaks this is
    /// still counted.
    private static func isMovable(
        _ transfer: Transfer, _ ground: Ground, _ findings: inout Findings
    ) -> Bool {
        if !ground.isCurrent(transfer.item) {
            findings.add(.form) {
                "\($0.transfer(transfer)): version "
                    + "\(ground.catalogue.items[Int(transfer.item)].version) is not the current one"
            }
        }
        if !ground.isSendable(transfer.item) {
            findings.add(.form) {
                "\($0.transfer(transfer)): the item has no chunk index and the settings don't plan "
                    + "on sizes alone"
            }
        }
        return true
    }
}

/// Transfers come by slot, destination, item, first chunk; removals by slot, device, item, first
/// chunk.
private func checkOrder(_ plan: Plan, _ findings: inout Findings) {
    for (a, b) in zip(plan.transfers, plan.transfers.dropFirst())
    where (b.slot, b.destination, b.item, b.chunks.lowerBound)
        < (a.slot, a.destination, a.item, a.chunks.lowerBound)
    {
        findings.add(.form) { "\($0.transfer(b)) stands after \($0.transfer(a)): out of order" }
    }
    for (a, b) in zip(plan.removals, plan.removals.dropFirst())
    where (b.slot, b.device, b.item, b.chunks.lowerBound)
        < (a.slot, a.device, a.item, a.chunks.lowerBound)
    {
        findings.add(.form) { "\($0.removal(b)) stands after \($0.removal(a)): out of order" }
    }
}
