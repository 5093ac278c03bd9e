import Fleet
import Quantities
import Schedule

/// Rule 1: what devices, origins and edges carry in each slot, and that every end takes part in it.
func checkRates(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
    checkWindows(moves, ground, &findings)
    var loads = RateLoads(ground)
    for slot in 0..<ground.night.slotCount {
        for position in moves.positions(in: slot) {
            loads.add(moves.transfers[position], moves.bytes[position], ground)
        }
        loads.close(slot, &findings)
    }
    checkNightlyBytes(moves, ground, &findings)
}

/// A transfer's slot lies in the windows of its destination and of a device that sends it.
private func checkWindows(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
    for transfer in moves.transfers {
        for device in [transfer.destination, transfer.source.raw] where device >= 0 {
            let slots = ground.participation.slots(of: device)
            guard !slots.contains(transfer.slot) else { continue }
            findings.add(.rates) {
                "\($0.transfer(transfer)): \($0.device(device)) takes part "
                    + (slots.isEmpty ? "in no slot" : "only in slots \(slots)")
            }
        }
    }
}

/// What origins send over the night.
private func checkNightlyBytes(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
    var sent = [Int64](repeating: 0, count: ground.fleet.origins.count)
    for (transfer, bytes) in zip(moves.transfers, moves.bytes) where transfer.source.raw < 0 {
        let origin = Int(-1 - transfer.source.raw)
        sent[origin] = saturatingSum(sent[origin], bytes)
    }
    for (index, origin) in ground.fleet.origins.enumerated() {
        guard let limit = origin.nightlyBytes, sent[index] > limit else { continue }
        findings.add(.rates) {
            "\($0.origin(Int32(index))) sends \(sent[index]) bytes in the night, above \(limit)"
        }
    }
}

/// The loads of one slot on everything that has a rate.
private struct RateLoads {
    private var sending: SlotLoads
    private var receiving: SlotLoads
    private var origins: SlotLoads
    private var upwards: SlotLoads
    private var downwards: SlotLoads

    init(_ ground: Ground) {
        let night = ground.night
        sending = SlotLoads(limits: ground.participation.up)
        receiving = SlotLoads(limits: ground.participation.down)
        origins = SlotLoads(limits: ground.participation.egress)
        upwards = SlotLoads(
            limits: ground.fleet.sites.map { $0.upKbps.map(night.bytesPerSlot(kbps:)) })
        downwards = SlotLoads(
            limits: ground.fleet.sites.map { $0.downKbps.map(night.bytesPerSlot(kbps:)) })
    }

    mutating func add(_ transfer: Transfer, _ bytes: Int64, _ ground: Ground) {
        let raw = Int(transfer.source.raw)
        if raw >= 0 {
            sending.add(bytes, to: raw)
        } else {
            origins.add(bytes, to: -1 - raw)
        }
        receiving.add(bytes, to: Int(transfer.destination))
        ground.tree.forEachEdge(
            from: ground.site(of: transfer.source),
            to: ground.fleet.devices[Int(transfer.destination)].site
        ) { site, isUpwards in
            if isUpwards {
                upwards.add(bytes, to: site)
            } else {
                downwards.add(bytes, to: site)
            }
        }
    }

    mutating func close(_ slot: Int32, _ findings: inout Findings) {
        report(sending.close(), slot, &findings) { "\($0.device(Int32($1))) sends" }
        report(receiving.close(), slot, &findings) { "\($0.device(Int32($1))) receives" }
        report(origins.close(), slot, &findings) { "\($0.origin(Int32($1))) sends" }
        report(upwards.close(), slot, &findings) { "the edge of \($0.site($1)) carries upwards" }
        report(downwards.close(), slot, &findings) {
            "the edge of \($0.site($1)) carries downwards"
        }
    }

    private func report(
        _ excesses: [SlotLoads.Excess], _ slot: Int32, _ findings: inout Findings,
        _ what: (Names, Int) -> String
    ) {
        for excess in excesses {
            findings.add(.rates) {
                "\(what($0, excess.end)) \(excess.bytes) bytes in slot \(slot), above "
                    + "\(excess.limit)"
            }
        }
    }
}
