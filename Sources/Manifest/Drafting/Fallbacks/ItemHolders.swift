import Catalogue
import Fleet
import Quantities
import Schedule

/// Who may be asked for an item beside its planned sources: devices that others can connect to.
struct ItemHolders: Sendable {
    /// Positions in `Fleet.devices`, by item, then in the order of their sites.
    private let devices: [Int32]
    private let byItem: RowGroups

    /// The devices for one item, each once, in the order of their sites.
    func devices(ofItem item: Int32) -> [Int32] {
        var result: [Int32] = []
        for row in byItem[item] where devices[Int(row)] != result.last {
            result.append(devices[Int(row)])
        }
        return result
    }

    private init(_ pairs: [(item: Int32, device: Int32)], items: Int) {
        devices = pairs.map(\.device)
        byItem = RowGroups(groups: items, count: pairs.count) { pairs[$0].item }
    }

    /// The devices that hold all of an item at dusk, and those that do by dawn alone.
    ///
    /// `isAsked` says of each item whether anybody fetches it tonight and devices may send it;
    /// `mayServe` of each device whether others may be told to connect to it.
    static func all(
        plan: Plan, catalogue: Catalogue, fleet: Fleet, order: SiteOrder, isAsked: [Bool],
        mayServe: [Bool]
    ) -> [ItemHolders] {
        let leaving = Set(plan.removals.map { Pair(device: $0.device, item: $0.item) })
        func counts(_ device: Int32, _ item: Int32) -> Bool {
            item >= 0 && isAsked[Int(item)] && mayServe[Int(device)]
                && !leaving.contains(Pair(device: device, item: item))
        }
        var atDusk: [(item: Int32, device: Int32)] = []
        for device in order.devices where mayServe[Int(device)] {
            for holding in fleet.holdings[fleet.holdings(of: Int(device))]
            where counts(device, holding.item) && isWhole(holding, catalogue) {
                atDusk.append((holding.item, device))
            }
        }
        let completing = plan.outcomes.filter {
            $0.cause == nil && $0.plannedBytes > 0 && counts($0.device, $0.item)
        }
        let groups = RowGroups(groups: fleet.devices.count, count: completing.count) {
            completing[$0].device
        }
        let byDawn = order.devices.flatMap { device in
            groups[device].map { (item: completing[Int($0)].item, device: device) }
        }
        let items = catalogue.items.count
        return [ItemHolders(atDusk, items: items), ItemHolders(byDawn, items: items)]
    }

    private struct Pair: Hashable {
        var device: Int32
        var item: Int32
    }

    private static func isWhole(_ holding: Holding, _ catalogue: Catalogue) -> Bool {
        switch holding.chunks {
        case .all: true
        case .some(let set):
            set.contains(0..<catalogue.items[Int(holding.item)].layout.count)
        }
    }
}
