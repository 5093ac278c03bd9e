import Fleet
import Quantities
import Schedule
import TestSupport

extension NaiveModel {
    /// Allowed prices of all sizes: zero, about what a byte is worth, and far above.
    func randomPrices(_ random: inout SplitMix64) -> Prices {
        // a byte of a wish gains about 2⁴⁰ units
        let scale = random.pick([1, 1 << 36, 1 << 38, 1 << 40])
        let isCoarse = random.chance(40)
        func draw() -> Int64 {
            if random.chance(30) { return 0 }
            return isCoarse ? Int64(random.below(4) * scale) : Int64(random.unit() * Double(scale))
        }
        var prices = Prices(
            up: fleet.devices.map { _ in draw() }, egress: fleet.origins.map { _ in draw() },
            edgeUp: fleet.sites.map { $0.upKbps == nil ? 0 : draw() },
            edgeDown: fleet.sites.map { $0.downKbps == nil ? 0 : draw() })
        guard random.chance(70) else { return prices }
        for d in fleet.devices.indices {
            for item in wished(d).sorted() where isEligible(d, item) {
                guard firstBytes(missing(d, item), item) > 0, random.chance(70) else { continue }
                let limit = multiplierLimit(item, prices) ?? 1 << 40
                let room = limit - multipliers(item, prices)
                let share = random.chance(30) ? room : room * Int128(random.below(100)) / 100
                let price = Int64(clamping: min(share, 1 << 62))
                prices.firstCopy.append(FirstCopy(device: Int32(d), item: item, price: price))
            }
        }
        return prices
    }
}

extension NaiveModel {
    /// Another price for something that has a capacity, or another multiplier for a wish.
    func change(_ prices: inout Prices, _ random: inout SplitMix64) {
        let price = Int64(random.unit() * random.unit() * Double(Int64(1) << 42))
        let edges = fleet.sites.indices
        switch random.below(5) {
        case 0: prices.up[random.below(prices.up.count)] = price
        case 1:
            if !prices.egress.isEmpty { prices.egress[random.below(prices.egress.count)] = price }
        case 2:
            let open = edges.filter { fleet.sites[$0].upKbps != nil }
            if !open.isEmpty { prices.edgeUp[random.pick(open)] = price }
        case 3:
            let open = edges.filter { fleet.sites[$0].downKbps != nil }
            if !open.isEmpty { prices.edgeDown[random.pick(open)] = price }
        default:
            changeMultiplier(&prices, &random)
        }
    }

    private func changeMultiplier(_ prices: inout Prices, _ random: inout SplitMix64) {
        let d = random.below(fleet.devices.count)
        let lacking = wished(d).filter {
            isEligible(d, $0) && firstBytes(missing(d, $0), $0) > 0
        }
        guard !lacking.isEmpty else { return }
        let item = random.pick(lacking)
        prices.firstCopy.removeAll { $0.device == Int32(d) && $0.item == item }
        let room = (multiplierLimit(item, prices) ?? 1 << 42) - multipliers(item, prices)
        let price = Int64(clamping: max(0, random.chance(50) ? room : room / 2))
        prices.firstCopy.append(FirstCopy(device: Int32(d), item: item, price: price))
        prices.firstCopy.sort { ($0.device, $0.item) < ($1.device, $1.item) }
    }
}
