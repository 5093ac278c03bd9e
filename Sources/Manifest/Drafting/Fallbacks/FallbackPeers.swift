import Catalogue
import Fleet
import Quantities
import Schedule

// Whom a device asks when a planned source fails, before it turns to an origin.
//
// Problem: for every device d and item i that d fetches, name up to N devices that hold all of
// i (or do by dawn), can be connected to and take part when d does: near in the site tree, so
// that what is repaired crosses few edges, and spread evenly, so that no box is everybody's.
// Idea: sites get ranks such that whatever lies below a site is one range. The holders of an
// item, sorted by rank, then lie in rings round d: those at d's site, those below its parent but
// not there, and so on to the root; each ring is two ranges of the sorted holders. Those who
// fetch an item, in the same order, go round a ring in turn, N steps each; of the few that come
// next, the least burdened are taken. Holders at dusk come before those by dawn in every ring.
// Invariants: never d itself, nor its only planned source; nobody for an item that is barred
// from peer-to-peer; no device is named more than `maxStandby` times.
// Cost: O(transfers + holdings + fetched · N + sites that fetch an item · depth · log holders).
// It fails to be even where windows hardly overlap: only `probes` holders of a ring are looked at.

/// The devices that are asked when sources fail, and what each of them may be asked for.
struct FallbackPeers: Sendable {
    let fetched: FetchedItems
    /// Most devices for one entry.
    private let most: Int
    /// ``most`` positions in `Fleet.devices` for each of the fetched entries; -1: none.
    private let choices: [Int32]
    private let byPeer: RowGroups

    /// Who is asked, in this order, for entry `entry` of ``fetched``.
    func peers(ofEntry entry: Int32) -> [Int32] {
        choices[Int(entry) * most..<(Int(entry) + 1) * most].filter { $0 >= 0 }
    }

    /// The entries of ``fetched`` for which `device` may be asked.
    func entries(servedBy device: Int32) -> [FetchedItems.Entry] {
        byPeer[device].map { fetched.entries[Int($0) / most] }
    }

    /// Chooses for everybody.
    init(
        plan: Plan, catalogue: Catalogue, fleet: Fleet, header: ManifestHeader,
        incoming: RowGroups, windows: DeviceWindows, keys: ItemKeys
    ) {
        let order = SiteOrder(fleet)
        let fetched = FetchedItems(
            plan, incoming: incoming, order: order, items: catalogue.items.count
        ) { keys.layouts[Int($0.item)].bytes(in: $0.chunks) }
        var isAsked = [Bool](repeating: false, count: catalogue.items.count)
        for entry in fetched.entries {
            let title = catalogue.items[Int(entry.item)].title
            isAsked[Int(entry.item)] = catalogue.titles[Int(title)].peerToPeer
        }
        let holders = ItemHolders.all(
            plan: plan, catalogue: catalogue, fleet: fleet, order: order, isAsked: isAsked,
            mayServe: fleet.devices.map { FallbackPeers.mayServe($0, fleet) })
        self.init(
            fetched: fetched, holders: holders, order: order, fleet: fleet, windows: windows,
            header: header)
    }

    /// Whether others can be told to connect to it tonight.
    private static func mayServe(_ device: Device, _ fleet: Fleet) -> Bool {
        device.state == .active && device.accepts && ManifestNames.isAddress(device.address)
            && fleet.accounts[Int(device.account)].status != .closed
    }

    private init(
        fetched: FetchedItems, holders: [ItemHolders], order: SiteOrder, fleet: Fleet,
        windows: DeviceWindows, header: ManifestHeader
    ) {
        let most = Int(header.maxPeerFallbacks)
        var choice = Choice(
            order: order, fleet: fleet, windows: windows, most: most,
            maxStandby: header.maxStandby, entries: fetched.entries.count)
        let items = most == 0 ? 0 : fetched.entries.reduce(0) { max($0, $1.item + 1) }
        for item in 0..<items {
            let stocks = holders.map { $0.devices(ofItem: item) }
            guard stocks.contains(where: { !$0.isEmpty }) else { continue }
            choice.choose(fetched, item, stocks)
        }
        let choices = choice.choices
        self.fetched = fetched
        self.most = most
        self.choices = choices
        byPeer = RowGroups(groups: fleet.devices.count, count: choices.count) {
            choices[$0] < 0 ? nil : choices[$0]
        }
    }
}

/// The work of choosing, item by item.
private struct Choice {
    let order: SiteOrder
    let fleet: Fleet
    let windows: DeviceWindows
    let most: Int
    let maxStandby: Int32
    /// How often each device was named.
    var burdens: [Int32]
    var choices: [Int32]

    init(
        order: SiteOrder, fleet: Fleet, windows: DeviceWindows, most: Int, maxStandby: Int32,
        entries: Int
    ) {
        self.order = order
        self.fleet = fleet
        self.windows = windows
        self.most = most
        self.maxStandby = maxStandby
        burdens = [Int32](repeating: 0, count: fleet.devices.count)
        choices = [Int32](repeating: -1, count: entries * most)
    }

    /// Holders of a ring that are looked at for one entry, at most.
    private var probes: Int { 4 * most + 4 }

    mutating func choose(_ fetched: FetchedItems, _ item: Int32, _ stocks: [[Int32]]) {
        var site: Int32 = -1
        var rings: [Ring] = []
        for (turn, row) in fetched.entries(ofItem: item).enumerated() {
            let entry = fetched.entries[Int(row)]
            let own = fleet.devices[Int(entry.device)].site
            if own != site {
                site = own
                rings = self.rings(round: site, stocks)
            }
            var found: [Int32] = []
            for ring in rings where found.count < most {
                found += best(of: ring, for: entry, turn: turn, beside: found)
            }
            for (position, device) in found.enumerated() {
                choices[Int(row) * most + position] = device
                burdens[Int(device)] += 1
            }
        }
    }

    /// The nearest first.
    private func rings(round site: Int32, _ stocks: [[Int32]]) -> [Ring] {
        var inner = [Range<Int>](repeating: 0..<0, count: stocks.count)
        var rings: [Ring] = []
        for (depth, ancestor) in order.ancestors(of: site).enumerated() {
            let ranks = order.ranks[Int(ancestor)]
            for (position, stock) in stocks.enumerated() {
                let outer = first(in: stock, ranks.lowerBound)..<first(in: stock, ranks.upperBound)
                let within = depth == 0 ? outer.lowerBound..<outer.lowerBound : inner[position]
                let ring = Ring(stock: stock, outer: outer, inner: within)
                if ring.count > 0 { rings.append(ring) }
                inner[position] = outer
            }
        }
        return rings
    }

    /// How many of `stock` are at sites of a lower rank.
    private func first(in stock: [Int32], _ rank: Int32) -> Int {
        var range = 0..<stock.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            let site = fleet.devices[Int(stock[middle])].site
            let isBelow = order.ranks[Int(site)].lowerBound < rank
            range = isBelow ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    private func best(
        of ring: Ring, for entry: FetchedItems.Entry, turn: Int, beside chosen: [Int32]
    ) -> [Int32] {
        let start = turn * most % ring.count
        var found: [(burden: Int32, step: Int, device: Int32)] = []
        for step in 0..<min(ring.count, probes) {
            let device = ring[(start + step) % ring.count]
            if suits(device, entry), !chosen.contains(device) {
                found.append((burdens[Int(device)], step, device))
            }
        }
        return found.sorted { ($0.burden, $0.step) < ($1.burden, $1.step) }
            .prefix(most - chosen.count).map(\.device)
    }

    private func suits(_ device: Int32, _ entry: FetchedItems.Entry) -> Bool {
        device != entry.device && entry.soleSource != .device(device)
            && burdens[Int(device)] < maxStandby && windows.meet(device, entry.device)
    }
}

/// The holders below one site that aren't below another one, which lies below it.
private struct Ring {
    let stock: [Int32]
    let outer: Range<Int>
    /// Inside ``outer``.
    let inner: Range<Int>

    var count: Int { outer.count - inner.count }

    subscript(position: Int) -> Int32 {
        let index = outer.lowerBound + position
        return stock[index < inner.lowerBound ? index : index + inner.count]
    }
}
