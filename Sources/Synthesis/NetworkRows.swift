import Quantities

/// Rows of `sites`, `origins` and `links`.
extension World {
    /// 1, 2 or 3 by the fleet's size.
    var originCount: Int { deviceCount < 200 ? 1 : deviceCount < 2000 ? 2 : 3 }

    /// The root, then the regions, POPs and access nodes.
    func siteRow(_ position: Int) -> [String] {
        let regions = network.regions.count
        guard position > 0 else { return ["root", "", "", "Europe/Berlin", "", "", "", ""] }
        if position <= regions { return regionRow(position - 1) }
        if position <= regions + network.popCount { return popRow(position - regions - 1) }
        return nodeRow(position - regions - network.popCount - 1)
    }

    private func regionRow(_ region: Int) -> [String] {
        let boxes = network.boxesBelowPOP.enumerated().reduce(0) {
            $0 + (network.region(ofPOP: $1.offset) == region ? $1.element : 0)
        }
        var random = SplitMix64(seed: seed, .site, region)
        let perBox: Int64 = region % 4 == 2 ? 700 : 3_000
        let kbps = World.capacity(boxes: boxes, perBox: perBox)
        let place = network.regions[region]
        let cost = World.millionths(random.within(8...25) * 1000)
        return [place.id, "root", place.territory, place.timezone, "", kbps, kbps, cost]
    }

    private func popRow(_ pop: Int) -> [String] {
        var random = SplitMix64(seed: seed, .site, 1000 + pop)
        let perBox: Int64 = random.chance(permille: Parameters.tightPermille) ? 1_200 : 6_000
        let kbps = World.capacity(boxes: network.boxesBelowPOP[pop], perBox: perBox)
        let cost = World.millionths(random.within(2...6) * 1000)
        let parent = network.regions[network.region(ofPOP: pop)].id
        return [network.popID(pop), parent, "", "", "", kbps, kbps, cost]
    }

    /// Access networks are narrower upwards than downwards; some state no limit.
    private func nodeRow(_ node: Int) -> [String] {
        var random = SplitMix64(seed: seed, .site, 1_000_000 + node)
        let boxes = network.firstBox[node + 1] - network.firstBox[node]
        let tight = random.chance(permille: Parameters.tightPermille)
        let limited = tight || !random.chance(permille: Parameters.unlimitedPermille)
        let up = World.capacity(boxes: boxes, perBox: tight ? 800 : 6_000)
        let down = World.capacity(boxes: boxes, perBox: tight ? 1_500 : 15_000)
        return [
            network.nodeID(node), network.popID(network.pop(ofNode: node)), "", "",
            network.block(ofNode: node) + ".0/24", limited ? up : "", limited ? down : "",
            World.millionths(random.within(1...4) * 250),
        ]
    }

    /// In steps of 10 Mbit/s.
    private static func capacity(boxes: Int, perBox: Int64) -> String {
        String(max(1, Int64(boxes) * perBox / 10_000) * 10_000)
    }

    /// A decimal number without needless zeros.
    static func millionths(_ value: Int64) -> String {
        let decimals = String(Int(value % 1_000_000), width: 6)
        var kept = decimals[...]
        while kept.last == "0" { kept.removeLast() }
        return "\(value / 1_000_000)" + (kept.isEmpty ? "" : "." + kept)
    }

    /// The first origin stands at the root, the others in regions; the last has a nightly budget.
    func originRow(_ number: Int) -> [String] {
        let shares: [[Int64]] = [[100], [60, 40], [50, 30, 20]]
        let all = Int64(deviceCount) * Parameters.upKbps.mean * Parameters.egressPercent / 100
        let egress = max(1_000, all * shares[originCount - 1][number] / 100 / 1_000 * 1_000)
        let site = number == 0 ? "root" : network.regions[number].id
        // What the last one sends in six hours.
        let budget = number == 2 ? "\(max(1, egress * 2_700_000 / 1_000_000_000))" : ""
        return [
            "origin-\(number + 1)", site, "\(egress)", "https://origin-\(number + 1).example/media",
            World.millionths(12_000 + Int64(number) * 3_000), budget,
        ]
    }

    /// Measured links of a tenth of the boxes, from each to a neighbour and to a box anywhere; a
    /// few stated capacities.
    func appendLinks(ofBox number: Int, _ rows: RowFilter, to text: inout Text) {
        var random = SplitMix64(seed: seed, .link, number)
        let node = network.node(ofBox: number)
        if number == network.firstBox[node], node % 12 == 5 {
            let other = network.nodeID(node - 1)
            let kbps = World.capacity(boxes: 40, perBox: 1_000)
            if rows.takes(row: 0, ofBox: number) {
                text.row([network.nodeID(node), other, kbps, "capacity", "", "", "", ""])
            }
        }
        guard random.chance(permille: 100) else { return }
        let box = Box(number, in: self)
        let neighbours = network.firstBox[node]..<network.firstBox[node + 1]
        let others = [
            neighbours.lowerBound + random.below(neighbours.count), random.below(deviceCount),
        ]
        for (row, other) in others.enumerated() where other != number && box.upKbps > 0 {
            let paced = random.chance(permille: 200)
            let kbps = box.upKbps * random.within(paced ? 200...700 : 700...1000) / 1000
            let when = night.startUTC.advanced(bySeconds: -random.within(3_600...600_000))
            let bytes = random.within(4_000_000...900_000_000)
            let fields = [
                Box.id(number), Box.id(other), "\(kbps)", "measured", "\(when)", "\(bytes)",
                paced ? "yes" : "no", random.chance(permille: 50) ? "1" : "0",
            ]
            if rows.takes(row: row + 1, ofBox: number) { text.row(fields) }
        }
    }
}
