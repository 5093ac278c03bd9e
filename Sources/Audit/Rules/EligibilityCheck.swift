import Catalogue
import Quantities
import Schedule

/// Rule 4: who may get an item, when, and from whom.
func checkEligibility(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
    for transfer in moves.transfers {
        for reason in barriers(to: transfer, ground) {
            findings.add(.eligibility) { "\($0.transfer(transfer)): \(reason($0))" }
        }
    }
}

/// What forbids a transfer, as texts to be written.
private func barriers(to transfer: Transfer, _ ground: Ground) -> [(Names) -> String] {
    var reasons: [(Names) -> String] = []
    let part = ground.participation
    if !part.receives[Int(transfer.destination)] {
        reasons.append { "\($0.device(transfer.destination)) does not receive tonight" }
    }
    if !ground.mayKeep(transfer.item, on: transfer.destination) {
        reasons.append { "\($0.device(transfer.destination)) is where the title may not be kept" }
    }
    let licence = ground.licence(of: transfer.item)
    if !licence.contains(transfer.slot) {
        reasons.append { _ in
            licence.isEmpty
                ? "no slot lies in the licence window"
                : "the licence window holds slots \(licence.lowerBound) to \(licence.upperBound - 1)"
        }
    }
    let source = transfer.source.raw
    guard source >= 0 else { return reasons }
    if !part.sends[Int(source)] {
        reasons.append { "\($0.device(source)) does not send tonight" }
    }
    if !ground.title(of: transfer.item).peerToPeer {
        reasons.append { _ in "only an origin may send the title" }
    }
    return reasons
}
