import Fleet
import Schedule

/// Rule 5: the initiator can open a connection to an end that accepts it.
func checkReachability(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
    for transfer in moves.transfers {
        let source = transfer.source.raw
        switch transfer.initiator {
        case .destination:
            guard source >= 0, !ground.fleet.devices[Int(source)].accepts else { continue }
            findings.add(.reachability) {
                "\($0.transfer(transfer)): the destination is to open it, \($0.device(source)) "
                    + "does not accept connections"
            }
        case .source:
            if source < 0 {
                findings.add(.reachability) {
                    "\($0.transfer(transfer)): an origin never opens a connection"
                }
            } else if !ground.fleet.devices[Int(transfer.destination)].accepts {
                findings.add(.reachability) {
                    "\($0.transfer(transfer)): the source is to open it, "
                        + "\($0.device(transfer.destination)) does not accept connections"
                }
            }
        }
    }
}
