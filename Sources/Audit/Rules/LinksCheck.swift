import Fleet
import Quantities
import Schedule

/// Rule 1, links: what the devices of one end send to the devices of another stays within a stated
/// capacity.
///
/// Links are looked up by the end they come from: the source itself and each
/// site above it. O(depth + links from those ends) a transfer.
func checkLinks(_ moves: Moves, _ ground: Ground, _ findings: inout Findings) {
    let links = CapacityLinks(ground)
    guard !links.isEmpty else { return }
    var loads = SlotLoads(limits: links.limits)
    for slot in 0..<ground.night.slotCount {
        for position in moves.positions(in: slot) {
            links.forEach(over: moves.transfers[position], ground) {
                loads.add(moves.bytes[position], to: $0)
            }
        }
        for excess in loads.close() {
            let link = ground.fleet.links[links.positions[excess.end]]
            findings.add(.rates) {
                "the link from \($0.end(link.from)) to \($0.end(link.to)) carries \(excess.bytes) "
                    + "bytes in slot \(slot), above \(excess.limit)"
            }
        }
    }
}

/// The links that are capacities, chained by the end that they come from.
private struct CapacityLinks {
    /// Positions in `Fleet.links`.
    let positions: [Int]
    /// Bytes a slot, by link.
    let limits: [Int64?]
    private let targets: [Link.End]
    /// First link of each device, of each site, and the next one of each link; -1: none.
    private var ofDevice: [Int32]
    private var ofSite: [Int32]
    private var next: [Int32] = []

    var isEmpty: Bool { positions.isEmpty }

    init(_ ground: Ground) {
        let all = ground.fleet.links
        let positions = all.indices.filter { all[$0].isCapacity }
        self.positions = positions
        limits = positions.map { ground.night.bytesPerSlot(kbps: all[$0].kbps) }
        targets = positions.map { all[$0].to }
        ofDevice = [Int32](repeating: -1, count: ground.fleet.devices.count)
        ofSite = [Int32](repeating: -1, count: ground.fleet.sites.count)
        for (link, position) in positions.enumerated() {
            switch all[position].from {
            case .device(let device):
                next.append(ofDevice[Int(device)])
                ofDevice[Int(device)] = Int32(link)
            case .site(let site):
                next.append(ofSite[Int(site)])
                ofSite[Int(site)] = Int32(link)
            }
        }
    }

    /// Calls with each link that a transfer counts on; what an origin sends counts on none.
    func forEach(over transfer: Transfer, _ ground: Ground, _ body: (Int) -> Void) {
        let source = transfer.source.raw
        guard source >= 0 else { return }
        chain(from: ofDevice[Int(source)], transfer.destination, ground, body)
        var site = ground.fleet.devices[Int(source)].site
        while site >= 0 {
            chain(from: ofSite[Int(site)], transfer.destination, ground, body)
            site = ground.tree.parents[Int(site)]
        }
    }

    private func chain(
        from first: Int32, _ destination: Int32, _ ground: Ground, _ body: (Int) -> Void
    ) {
        var link = first
        while link >= 0 {
            if isAt(targets[Int(link)], destination, ground) { body(Int(link)) }
            link = next[Int(link)]
        }
    }

    private func isAt(_ end: Link.End, _ device: Int32, _ ground: Ground) -> Bool {
        switch end {
        case .device(let only): only == device
        case .site(let site):
            ground.tree.isAt(ground.fleet.devices[Int(device)].site, orBelow: site)
        }
    }
}
