import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport

extension NaiveModel {
    /// A whole plan round these moves: in order, with outcomes, and a certificate that proves what
    /// it states.
    func plan(_ transfers: [Transfer], _ removals: [Removal] = [], _ prices: Prices? = nil) -> Plan
    {
        let prices = prices ?? zeroPrices
        return Plan(
            night: night, profile: one.settings.profile,
            transfers: transfers.sorted {
                ($0.slot, $0.destination, $0.item, $0.chunks.lowerBound)
                    < ($1.slot, $1.destination, $1.item, $1.chunks.lowerBound)
            },
            removals: removals.sorted {
                ($0.slot, $0.device, $0.item, $0.chunks.lowerBound)
                    < ($1.slot, $1.device, $1.item, $1.chunks.lowerBound)
            }, outcomes: outcomes(transfers),
            certificate: Certificate(
                alpha: one.settings.profile.alpha, beta: one.settings.profile.beta, prices: prices,
                bound: bound(prices)))
    }

    var zeroPrices: Prices {
        Prices(
            up: fleet.devices.map { _ in 0 }, egress: fleet.origins.map { _ in 0 },
            edgeUp: fleet.sites.map { _ in 0 }, edgeDown: fleet.sites.map { _ in 0 })
    }

    /// Missing bytes of an item that these transfers bring to a device.
    func planned(_ transfers: [Transfer], _ d: Int, _ item: Int32) -> Int64 {
        let arrived = transfers.filter { $0.destination == Int32(d) && $0.item == item }
            .reduce(into: Set<Int32>()) { $0.formUnion($1.chunks) }
        return size(arrived.intersection(missing(d, item)), item)
    }

    func outcomes(_ transfers: [Transfer]) -> [Outcome] {
        fleet.devices.indices.flatMap { d in
            zip(fleet.wishes[fleet.wishes(of: d)], worths(d)).compactMap { wish, worth in
                let item = one.catalogue.titles[Int(wish.title)].currentItem
                if item >= 0, missing(d, item).isEmpty { return nil }
                let missing = item < 0 ? 0 : size(missing(d, item), item)
                let planned = item < 0 ? 0 : planned(transfers, d, item)
                return Outcome(
                    device: Int32(d), title: wish.title, item: item, rank: wish.rank, worth: worth,
                    missingBytes: missing, plannedBytes: planned,
                    cause: item >= 0 && planned == missing ? nil : cause(d, item))
            }
        }
    }

    private func cause(_ d: Int, _ item: Int32) -> Cause {
        let box = fleet.devices[d]
        let account = fleet.accounts[Int(box.account)]
        if item < 0 { return .noItem }
        if box.state != .active || account.status != .active { return .account }
        if slots[d].isEmpty { return .window }
        if !isSendable(item) { return .noIndex }
        if licence(item).isEmpty { return .licence }
        return isEligible(d, item) ? .uplink : .territory
    }
}
