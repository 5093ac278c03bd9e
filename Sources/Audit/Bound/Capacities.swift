import Fleet
import Quantities

/// What the night's capacities cost at given prices: Σ price · capacity.
struct Capacities {
    let tree: KindTree
    let ground: Ground

    /// The charged part of the bound, in units of 2⁻⁴⁰ millionths.
    func charge(_ prices: SoundPrices) -> Sum128 {
        var total = Sum128()
        for device in ground.fleet.devices.indices {
            total.add(prices.up[device], times: upload(of: device))
        }
        for origin in ground.fleet.origins.indices {
            total.add(prices.egress[origin], times: egress(of: origin))
        }
        let slots = edgeSlots()
        for (index, site) in ground.fleet.sites.enumerated() {
            total.add(prices.edgeUp[index], times: edge(site.upKbps, slots[index]))
            total.add(prices.edgeDown[index], times: edge(site.downKbps, slots[index]))
        }
        return total
    }

    /// U(s).
    private func upload(of device: Int) -> Int128 {
        let part = ground.participation
        guard part.sends[device] else { return 0 }
        return Int128(part.up[device]) * Int128(part.slots(of: Int32(device)).count)
    }

    /// E(o).
    func egress(of origin: Int) -> Int128 {
        let night =
            Int128(ground.participation.egress[origin]) * Int128(ground.night.slotCount)
        return ground.fleet.origins[origin].nightlyBytes.map { min(night, Int128($0)) } ?? night
    }

    /// D(d).
    func download(of device: Int) -> Int128 {
        let part = ground.participation
        guard part.receives[device] else { return 0 }
        return Int128(part.down[device]) * Int128(part.slots(of: Int32(device)).count)
    }

    /// C(e) in one direction.
    private func edge(_ kbps: Int64?, _ slots: Int) -> Int128 {
        kbps.map { Int128(ground.night.bytesPerSlot(kbps: $0)) * Int128(slots) } ?? 0
    }

    /// Slots in which something at or below a site can move.
    private func edgeSlots() -> [Int] {
        var hasOrigin = [Bool](repeating: false, count: ground.fleet.sites.count)
        for origin in ground.fleet.origins {
            var site = origin.site
            while site >= 0, !hasOrigin[Int(site)] {
                hasOrigin[Int(site)] = true
                site = ground.tree.parents[Int(site)]
            }
        }
        return ground.fleet.sites.indices.map { site in
            hasOrigin[site]
                ? Int(ground.night.slotCount)
                : RangeSet32(
                    tree.entries(of: site).flatMap {
                        ground.participation.slotSets[Int(tree.slotSet[$0])].ranges
                    }
                ).count
        }
    }
}
