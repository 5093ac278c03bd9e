import Catalogue
import Fleet
import Quantities
import Schedule

// Problem: how much can any plan be worth that keeps the rules? Prices on the
// shared capacities prove a bound by weak duality (MODEL.md, How far from the best):
// what the capacities cost at these prices, and what each device could gain by
// itself if it paid them.
//
// Idea: a device's gain is a fractional knapsack, filled by gain per byte; the hard
// part is the cheapest source of each wished item for each device without looking
// at every pair of holder and wisher. Sources are carried up the site tree
// (`SourceTable`). Those who may relay whatever they may keep are the same for all
// items with equal territories and licence slots (a signature): they are carried up
// once for each signature; an item adds its holders and those who wish for it.
//
// Invariants: integers only, in 128 bits; prices are not negative; what a plan
// states wrongly only makes the bound weaker, never wrong.
//
// Cost: O((holdings + wishes) · depth · kinds at a site) at worst, mostly a small
// constant each; O(devices · depth + slot sets²) for each signature.
//
// Literature: Lagrangian bounds, e.g. Geoffrion, "Lagrangean relaxation for integer
// programming", Mathematical Programming Study 2 (1974); the first-copy terms are
// those of uncapacitated facility location (Erlenkotter, Operations Research 26,
// 1978).

/// What a plan's prices prove.
struct Bound {
    /// No plan's objective is above this.
    let millionths: Int64

    init(_ prices: SoundPrices, _ ground: Ground, _ findings: inout Findings) {
        let tree = KindTree(ground)
        let capacities = Capacities(tree: tree, ground: ground)
        var gains = WishGains(prices, capacities, tree, ground, &findings)
        gains.reckon(&findings)
        var total = capacities.charge(prices)
        for device in ground.fleet.devices.indices {
            let room = min(Int128(ground.dusk.wishRoom[device]), capacities.download(of: device))
            let entries = gains.entries(of: device)
            guard room > 0, !entries.isEmpty else { continue }
            total.add(knapsack(entries, room: room))
        }
        if total.hasOverflowed {
            findings.add(.form) { _ in "the prices are so large that the bound exceeds 128 bits" }
        }
        let unit = Int128(1) << Int128(Certificate.fractionBits)
        let (rounded, overflow) = total.value.addingReportingOverflow(unit - 1)
        millionths =
            total.hasOverflowed || overflow ? Int64.max : Int64(clamping: rounded / unit)
    }
}

/// Form: the bound that the plan states is the one that its prices prove.
func checkStated(_ certificate: Certificate, _ bound: Int64, _ findings: inout Findings) {
    guard certificate.bound != bound else { return }
    findings.add(.form) { _ in
        "the plan states the bound \(certificate.bound), its prices prove \(bound)"
    }
}
