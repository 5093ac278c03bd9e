import Audit
import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport

extension NaiveModel {
    /// A plan that keeps the rules, found by trying random moves and keeping those that break
    /// nothing.
    func randomPlan(_ random: inout SplitMix64, tries: Int) -> Plan {
        var transfers: [Transfer] = []
        var removals: [Removal] = []
        for _ in 0..<tries {
            guard let (transfer, removal) = randomMove(&random) else { continue }
            let more = transfers + [transfer]
            let lessRoom = removals + (removal.map { [$0] } ?? [])
            if keepsRules(more, lessRoom) { (transfers, removals) = (more, lessRoom) }
        }
        return plan(transfers, removals, randomPrices(&random))
    }

    private func keepsRules(_ transfers: [Transfer], _ removals: [Removal]) -> Bool {
        audit(
            plan(transfers, removals, zeroPrices), catalogue: one.catalogue, fleet: fleet,
            settings: one.settings
        ).isClean
    }

    /// Some chunks of some item in some slot, and now and then a removal beside them.
    private func randomMove(_ random: inout SplitMix64) -> (Transfer, Removal?)? {
        guard !one.catalogue.items.isEmpty else { return nil }
        let d = random.below(fleet.devices.count)
        let wished = wished(d)
        let item =
            wished.isEmpty || random.chance(30)
            ? Int32(random.below(one.catalogue.items.count)) : random.pick(wished)
        let missing = missing(d, item).sorted()
        guard !missing.isEmpty else { return nil }
        let first = random.pick(missing)
        let last = random.chance(50) && missing.contains(first + 1) ? first + 1 : first
        let raw = random.pick(-fleet.origins.count...fleet.devices.count - 1)
        let accepts = raw < 0 || fleet.devices[raw].accepts
        let slot = Int32(random.below(Int(night.slotCount)))
        let transfer = Transfer(
            source: Source(raw: Int32(raw)), destination: Int32(d), item: item,
            chunks: first..<last + 1, slot: slot, initiator: accepts ? .destination : .source)
        let removable = fleet.holdings[fleet.holdings(of: d)].filter { mayRemove($0, d, by: slot) }
        guard random.chance(30), !removable.isEmpty else { return (transfer, nil) }
        let old = random.pick(removable)
        let chunk = chunks(old).min() ?? 0
        return (
            transfer,
            Removal(device: Int32(d), item: old.item, chunks: chunk..<chunk + 1, slot: slot)
        )
    }
}
