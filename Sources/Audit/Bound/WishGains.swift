import Catalogue
import Fleet
import Quantities
import Schedule

/// What a byte of each wish gains beyond its price, item by item.
struct WishGains {
    private let ground: Ground
    private let tree: KindTree
    private let interest: Interest
    private let origins: OriginPrices
    private let upPrices: [Int64]
    private var multipliers: Multipliers
    private var meetings: Meetings
    /// Sources that may relay anything of the signature at hand.
    private var relays: SourceTable
    /// Holders and wishers of the item at hand.
    private var holders: SourceTable
    /// Least origin price of the relays at hand.
    private var relayOrigin = TwoLeast.none
    /// Entries in the order of `Fleet.wishes`, two a wish: first copies and the rest; no bytes:
    /// none.
    private var found: [KnapsackEntry]

    init(
        _ prices: SoundPrices, _ capacities: Capacities, _ tree: KindTree, _ ground: Ground,
        _ findings: inout Findings
    ) {
        self.ground = ground
        self.tree = tree
        let edges = EdgePrices(prices, ground)
        interest = Interest(ground)
        let profile = ground.settings.profile
        let base: [Int128?] = ground.fleet.origins.enumerated().map { index, origin in
            guard capacities.egress(of: index) > 0 else { return nil }
            return Int128(prices.egress[index]) + Int128(Certificate.alphaPrice(profile.alpha))
                + costPrice(profile.beta, origin.costPerGB)
        }
        origins = OriginPrices(base: base, ground, edges: edges)
        upPrices = prices.up
        multipliers = Multipliers(prices, ground, &findings)
        meetings = Meetings(ground.participation.slotSets)
        relays = SourceTable(tree, parents: ground.tree.parents, edges: edges)
        holders = relays
        found = [KnapsackEntry](
            repeating: KnapsackEntry(bytes: 0, gain: 0), count: 2 * ground.fleet.wishes.count)
    }

    /// The entries of a device's knapsack.
    func entries(of device: Int) -> [KnapsackEntry] {
        let wishes = ground.fleet.wishes(of: device)
        return found[2 * wishes.lowerBound..<2 * wishes.upperBound].filter { $0.bytes > 0 }
    }

    /// Works out the entries of every item, those of one signature together.
    mutating func reckon(_ findings: inout Findings) {
        let items = ground.layouts.indices.filter { item in
            interest.wishes(of: item).contains { ground.wishes.isEligible[Int($0)] }
        }
        let sorted = items.sorted { (signature(of: $0), $0) < (signature(of: $1), $1) }
        var current: Signature?
        for item in sorted {
            let next = signature(of: item)
            if current != next {
                gatherRelays(next)
                current = next
            }
            gatherHolders(item)
            checkMultipliers(item, &findings)
            for wish in interest.wishes(of: item) where ground.wishes.worth[Int(wish)] > 0 {
                enter(wish: Int(wish), item: item)
            }
        }
    }

    /// What decides who may relay an item.
    private struct Signature: Comparable {
        let rule: Int32
        let licence: Range<Int32>

        static func < (a: Self, b: Self) -> Bool {
            (a.licence.lowerBound, a.licence.upperBound, a.rule)
                < (b.licence.lowerBound, b.licence.upperBound, b.rule)
        }
    }

    private func signature(of item: Int) -> Signature {
        let title = ground.catalogue.items[item].title
        return Signature(
            rule: ground.keeping.rule[Int(title)], licence: ground.licenceSlots[Int(title)])
    }

    /// Whether a device could receive things of a signature at all.
    private func mayReceive(_ device: Int, rule: Int32) -> Bool {
        ground.participation.receives[device]
            && meetings.isActive(ground.participation.slotSet[device])
            && ground.keeping.allows(rule: rule, site: ground.fleet.devices[device].site)
    }

    private mutating func gatherRelays(_ signature: Signature) {
        meetings.set(signature.licence)
        relays.clear()
        relayOrigin = TwoLeast.none
        for device in ground.fleet.devices.indices
        where ground.dusk.cacheRoom[device] > 0 && mayReceive(device, rule: signature.rule) {
            let site = Int(ground.fleet.devices[device].site)
            relayOrigin = min(relayOrigin, origins.least[site])
            guard ground.participation.sends[device] else { continue }
            relays.add(Int32(device), price: Int128(upPrices[device]))
        }
    }

    private mutating func gatherHolders(_ item: Int) {
        holders.clear()
        for device in interest.holders(of: item) {
            holders.add(device, price: Int128(upPrices[Int(device)]))
        }
        let rule = signature(of: item).rule
        for wish in interest.wishes(of: item) {
            let device = Int(interest.device[Int(wish)])
            guard ground.participation.sends[device], mayReceive(device, rule: rule) else {
                continue
            }
            holders.add(Int32(device), price: Int128(upPrices[device]))
        }
    }

    /// Π(i) is at most the least price of an origin to anyone who may receive the item.
    private mutating func checkMultipliers(_ item: Int, _ findings: inout Findings) {
        guard multipliers.ofItem[item] > 0 else { return }
        let wishes = interest.wishes(of: item)
        let rule = signature(of: item).rule
        var least = relayOrigin
        for wish in wishes {
            let device = Int(interest.device[Int(wish)])
            guard mayReceive(device, rule: rule) else { continue }
            least = min(least, origins.least[Int(ground.fleet.devices[device].site)])
        }
        guard multipliers.ofItem[item] > least else { return }
        findings.add(.form) {
            "the first-copy multipliers of \($0.item(Int32(item))) sum to "
                + "\(multipliers.ofItem[item]), above the least price \(least) of an origin"
        }
        multipliers.drop(item: item, wishes: wishes)
    }

    /// Two entries: bytes that only origins can bring into the night, and the rest.
    private mutating func enter(wish: Int, item: Int) {
        let device = interest.device[wish]
        let missing = ground.wishes.missingBytes[wish]
        let first = multipliers.firstBytes[wish]
        let worth = gainPerByte(worth: ground.wishes.worth[wish], missingBytes: missing)
        let peer = peerPrice(device, item)
        let origin = originPrice(device)
        // Π lowers what an origin's byte costs, π is paid beside the least of both
        let shared = origin == TwoLeast.none ? origin : origin - multipliers.ofItem[item]
        let paid = min(peer, shared)
        if first > 0, paid != TwoLeast.none {
            add(first, worth - Int128(multipliers.ofWish[wish]) - paid, at: 2 * wish)
        }
        let plain = min(peer, origin)
        if missing > first, plain != TwoLeast.none {
            add(missing - first, worth - plain, at: 2 * wish + 1)
        }
    }

    private mutating func add(_ bytes: Int64, _ gain: Int128, at position: Int) {
        guard gain > 0 else { return }
        found[position] = KnapsackEntry(bytes: bytes, gain: gain)
    }

    private mutating func peerPrice(_ device: Int32, _ item: Int) -> Int128 {
        guard ground.title(of: Int32(item)).peerToPeer else { return TwoLeast.none }
        return min(
            relays.least(for: device, meetings), holders.least(for: device, meetings))
    }

    private func originPrice(_ device: Int32) -> Int128 {
        guard meetings.isActive(ground.participation.slotSet[Int(device)]) else {
            return TwoLeast.none
        }
        return origins.least[Int(ground.fleet.devices[Int(device)].site)]
    }
}

/// `⌈w · 2⁴⁰ / m⌉`.
private func gainPerByte(worth: Int64, missingBytes: Int64) -> Int128 {
    let scaled = Int128(worth) << Int128(Certificate.fractionBits)
    return (scaled + Int128(missingBytes) - 1) / Int128(missingBytes)
}

/// β · cost in price units, at most what a certificate allows an edge.
///
/// Shifted only when that can't leave 128 bits: above 2⁵⁶ · 10¹⁵ / 2⁴⁰ the answer is known.
private func costPrice(_ beta: Int64, _ costPerGB: Int64) -> Int128 {
    let product = Int128(beta) * Int128(costPerGB)
    let most = Int128(Certificate.mostPerEdge)
    if product >= (most >> Int128(Certificate.fractionBits)) * 1_000_000_000_000_000 { return most }
    return (product << Int128(Certificate.fractionBits)) / 1_000_000_000_000_000
}

extension EdgePrices {
    /// The prices of the edges and what their cost weighs.
    init(_ prices: SoundPrices, _ ground: Ground) {
        let beta = ground.settings.profile.beta
        let costs = ground.fleet.sites.map { costPrice(beta, $0.costPerGB) }
        up = zip(prices.edgeUp, costs).map { Int128($0) + $1 }
        down = zip(prices.edgeDown, costs).map { Int128($0) + $1 }
    }
}
