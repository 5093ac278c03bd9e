import Quantities
import Schedule

/// Rule 6: distinct other ends of a device in one slot, incoming and outgoing each.
///
/// Each slot's meetings are sorted as pairs of ends: equal pairs stand together
/// and count once.
func checkEnds(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
    for slot in 0..<ground.night.slotCount {
        let transfers = moves.transfers[moves.positions(in: slot)]
        let incoming = transfers.map { pair($0.destination, $0.source.raw) }
        report(incoming, above: ground.settings.maxIncoming, &findings) {
            "\($0.device($1)) receives from \($2) ends in slot \(slot), above \($3)"
        }
        let outgoing = transfers.filter { $0.source.raw >= 0 }.map {
            pair($0.source.raw, $0.destination)
        }
        report(outgoing, above: ground.settings.maxOutgoing, &findings) {
            "\($0.device($1)) sends to \($2) ends in slot \(slot), above \($3)"
        }
    }
}

/// A device above, another end below: pairs of one device sort together.
private func pair(_ device: Int32, _ end: Int32) -> Int64 {
    Int64(device) << 32 | Int64(UInt32(bitPattern: end))
}

private func report(
    _ pairs: [Int64], above limit: Int32, _ findings: inout Findings,
    _ message: (Names, Int32, Int32, Int32) -> String
) {
    let sorted = pairs.sorted()
    var start = 0
    while start < sorted.count {
        let device = Int32(sorted[start] >> 32)
        var distinct: Int32 = 0
        var index = start
        while index < sorted.count, Int32(sorted[index] >> 32) == device {
            if index == start || sorted[index] != sorted[index - 1] { distinct += 1 }
            index += 1
        }
        if distinct > limit { findings.add(.weakBoxes) { message($0, device, distinct, limit) } }
        start = index
    }
}
