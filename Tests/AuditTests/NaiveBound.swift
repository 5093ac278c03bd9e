import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport

/// The bound by the page's formulas, over all pairs of devices.
extension NaiveModel {
    func bound(_ prices: Prices) -> Int64 {
        var total = Int128(0)
        for d in fleet.devices.indices where sends(d) {
            let rate = night.bytesPerSlot(kbps: fleet.devices[d].upKbps)
            total += Int128(prices.up[d]) * Int128(rate) * Int128(slots[d].count)
        }
        for o in fleet.origins.indices { total += Int128(prices.egress[o]) * egress(o) }
        for e in fleet.sites.indices {
            let below = fleet.devices.indices.filter { isBelow(fleet.devices[$0].site, e) }
            let hasOrigin = fleet.origins.contains { isBelow($0.site, e) }
            let busy = below.reduce(into: Set<Int32>()) { $0.formUnion(slots[$1]) }
            let count = Int128(hasOrigin ? Int(night.slotCount) : busy.count)
            let up = night.bytesPerSlot(kbps: fleet.sites[e].upKbps ?? 0)
            let down = night.bytesPerSlot(kbps: fleet.sites[e].downKbps ?? 0)
            total += count * Int128(up) * Int128(prices.edgeUp[e])
            total += count * Int128(down) * Int128(prices.edgeDown[e])
        }
        for d in fleet.devices.indices { total += knapsack(d, prices) }
        let unit = Int128(1) << 40
        return Int64((total + unit - 1) / unit)
    }

    private func isBelow(_ site: Int32, _ top: Int) -> Bool {
        paths.ancestors(of: site).contains(Int32(top))
    }

    private func knapsack(_ d: Int, _ prices: Prices) -> Int128 {
        guard receives(d) else { return 0 }
        let rate = night.bytesPerSlot(kbps: fleet.devices[d].downKbps)
        var left = min(Int128(wishRoom[d]), Int128(rate) * Int128(slots[d].count))
        var gained = Int128(0)
        for (gain, bytes) in entries(d, prices).sorted(by: { $0.gain > $1.gain }) {
            let taken = min(left, Int128(bytes))
            gained += max(gain, 0) * taken
            left -= gain > 0 ? taken : 0
        }
        return gained
    }

    private func entries(_ d: Int, _ prices: Prices) -> [(gain: Int128, bytes: Int64)] {
        var entries: [(gain: Int128, bytes: Int64)] = []
        for (wish, worth) in zip(fleet.wishes[fleet.wishes(of: d)], worths(d)) where worth > 0 {
            let item = one.catalogue.titles[Int(wish.title)].currentItem
            let missing = missing(d, item)
            let bytes = size(missing, item)
            let first = firstBytes(missing, item)
            let gain = (Int128(worth) << 40 + Int128(bytes) - 1) / Int128(bytes)
            let peers = fleet.devices.indices.filter { isPeer($0, of: d, item) }.map {
                price(device: $0, to: d, prices)
            }
            let origins =
                slots[d].isDisjoint(with: licence(item))
                ? []
                : activeOrigins.map {
                    price(origin: $0, to: d, prices)
                }
            let own = multiplier(d, item, prices)
            let all = multipliers(item, prices)
            if first > 0, let paid = (peers + origins.map { $0 - all }).min() {
                entries.append((gain - own - paid, first))
            }
            if bytes > first, let paid = (peers + origins).min() {
                entries.append((gain - paid, bytes - first))
            }
        }
        return entries
    }

    var activeOrigins: [Int] { fleet.origins.indices.filter { egress($0) > 0 } }

    private func multiplier(_ d: Int, _ item: Int32, _ prices: Prices) -> Int128 {
        prices.firstCopy.filter { $0.device == Int32(d) && $0.item == item }
            .reduce(0) { $0 + Int128($1.price) }
    }

    func multipliers(_ item: Int32, _ prices: Prices) -> Int128 {
        prices.firstCopy.filter { $0.item == item }.reduce(0) { $0 + Int128($1.price) }
    }

    private func path(_ from: Int32, _ to: Int32, _ prices: Prices) -> Int128 {
        let edges = paths.edges(from: from, to: to)
        let beta = one.settings.profile.beta
        return
            (edges.up.map { (prices.edgeUp[Int($0)], $0) }
            + edges.down.map { (prices.edgeDown[Int($0)], $0) }).reduce(0) { sum, edge in
                sum + Int128(edge.0)
                    + Int128(
                        Certificate.betaPrice(beta, costPerGB: fleet.sites[Int(edge.1)].costPerGB))
            }
    }

    private func price(device s: Int, to d: Int, _ prices: Prices) -> Int128 {
        Int128(prices.up[s]) + path(fleet.devices[s].site, fleet.devices[d].site, prices)
    }

    func price(origin o: Int, to d: Int, _ prices: Prices) -> Int128 {
        let profile = one.settings.profile
        return Int128(prices.egress[o]) + Int128(Certificate.alphaPrice(profile.alpha))
            + Int128(Certificate.betaPrice(profile.beta, costPerGB: fleet.origins[o].costPerGB))
            + path(fleet.origins[o].site, fleet.devices[d].site, prices)
    }

    /// The most that an item's multipliers may sum to; nil: no limit.
    func multiplierLimit(_ item: Int32, _ prices: Prices) -> Int128? {
        activeOrigins.flatMap { o in
            fleet.devices.indices.filter { mayReceive($0, item) }.map {
                price(origin: o, to: $0, prices)
            }
        }.min()
    }
}
