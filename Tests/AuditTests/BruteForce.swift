import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport

/// Tries every plan of a tiny instance: each missing chunk from each source or not at all, and each
/// removal, slot by slot.
///
/// It knows the rules from the page and nothing else; it gives up beyond a number of steps.
struct BruteForce {
    private let model: NaiveModel
    /// All chunks of current items that may move: (item, chunk), numbered.
    private let chunks: [(item: Int32, chunk: Int32)]
    private let sizes: [Int64]
    private let worths: [[Int32: Int64]]
    private var stepsLeft: Int
    private(set) var best: Int64 = 0

    /// What has happened so far.
    private struct State {
        /// Chunk numbers there now, by device.
        var held: [Set<Int>]
        var received: [Set<Int>]
        var freed: [(wish: Int64, cache: Int64)]
        var originSent: [Int64]
        var transfers: [(source: Int, device: Int, chunk: Int)] = []
    }

    /// The best objective of any plan; nil when there are more than `steps` steps to try.
    static func objective(of one: Instance, steps: Int) -> Int64? {
        var search = BruteForce(one, steps: steps)
        search.begin(slot: 0, search.start())
        return search.stepsLeft > 0 ? search.best : nil
    }

    private init(_ one: Instance, steps: Int) {
        let model = NaiveModel(one)
        self.model = model
        stepsLeft = steps
        chunks = one.catalogue.items.indices.map(Int32.init).flatMap { item in
            model.all(item).sorted().map { (item, $0) }
        }
        sizes = chunks.map { model.size([$0.chunk], $0.item) }
        worths = one.fleet.devices.indices.map { d in
            let wished = one.fleet.wishes[one.fleet.wishes(of: d)].map {
                one.catalogue.titles[Int($0.title)].currentItem
            }
            return Dictionary(zip(wished, model.worths(d))) { a, _ in a }
        }
    }

    private func start() -> State {
        let devices = model.fleet.devices.indices
        return State(
            held: devices.map { d in
                Set(
                    chunks.indices.filter {
                        (model.held[d][chunks[$0].item] ?? []).contains(chunks[$0].chunk)
                    })
            }, received: devices.map { _ in [] }, freed: devices.map { _ in (0, 0) },
            originSent: model.fleet.origins.map { _ in 0 })
    }

    // One slot after the other: removals, then moves, then what must hold at its end.

    private mutating func begin(slot: Int32, _ state: State) {
        guard slot < model.night.slotCount else { return finish(state) }
        let options = model.fleet.devices.indices.flatMap { d in
            state.held[d].sorted().filter { mayRemove($0, d, slot, state) }.map { (d, $0) }
        }
        remove(options[...], slot, state)
    }

    private mutating func remove(_ options: ArraySlice<(Int, Int)>, _ slot: Int32, _ state: State) {
        stepsLeft -= 1
        guard stepsLeft > 0 else { return }
        guard let (d, chunk) = options.first else {
            let targets = model.fleet.devices.indices.flatMap { d in
                chunks.indices.filter { mayArrive($0, d, slot, state) }.map { (d, $0) }
            }
            return move(targets[...], slot, state, SlotUse(model))
        }
        remove(options.dropFirst(), slot, state)
        var less = state
        less.held[d].remove(chunk)
        if countsAsWish(chunk, d, state) {
            less.freed[d].wish += sizes[chunk]
        } else {
            less.freed[d].cache += sizes[chunk]
        }
        remove(options.dropFirst(), slot, less)
    }

    private mutating func move(
        _ targets: ArraySlice<(Int, Int)>, _ slot: Int32, _ state: State, _ use: SlotUse
    ) {
        stepsLeft -= 1
        guard stepsLeft > 0 else { return }
        guard let (d, chunk) = targets.first else { return end(slot, state, use) }
        move(targets.dropFirst(), slot, state, use)
        for source in -model.fleet.origins.count..<model.fleet.devices.count
        where maySend(source, d, chunk, slot, state) {
            var next = use
            guard next.add(sizes[chunk], from: source, to: d, model) else { continue }
            var after = state
            after.transfers.append((source, d, chunk))
            if source < 0 {
                after.originSent[-1 - source] += sizes[chunk]
                let limit = model.fleet.origins[-1 - source].nightlyBytes ?? Int64.max
                guard after.originSent[-1 - source] <= limit else { continue }
            }
            after.received[d].insert(chunk)
            move(targets.dropFirst(), slot, after, next)
        }
    }

    private mutating func end(_ slot: Int32, _ state: State, _ use: SlotUse) {
        var after = state
        for d in model.fleet.devices.indices {
            let box = model.fleet.devices[d]
            let arrived = state.received[d].sorted()
            let wished = arrived.filter { model.wished(d).contains(chunks[$0].item) }
            let wish = wished.reduce(model.wishDusk[d] - state.freed[d].wish) { $0 + sizes[$1] }
            let cache = arrived.filter { !wished.contains($0) }
                .reduce(model.cacheDusk[d] - state.freed[d].cache) { $0 + sizes[$1] }
            guard wish <= max(box.wishBytes, model.wishDusk[d]),
                cache <= max(box.cacheBytes, model.cacheDusk[d])
            else { return }
            // what arrived in this slot can be sent and removed from the next on
            let now = state.transfers.suffix(use.count).filter { $0.device == d }.map(\.chunk)
            after.held[d].formUnion(now)
        }
        begin(slot: slot + 1, after)
    }

    // Single rules.

    private func mayRemove(_ chunk: Int, _ d: Int, _ slot: Int32, _ state: State) -> Bool {
        let item = chunks[chunk].item
        let holdings = model.fleet.holdings[model.fleet.holdings(of: d)].filter { $0.item == item }
        if holdings.contains(where: \.bought) { return false }
        if state.received[d].contains(chunk) { return !model.listed(d).contains(item) }
        return holdings.allSatisfy { model.mayRemove($0, d, by: slot) }
    }

    /// Whether a chunk that is there counts in the wish area.
    private func countsAsWish(_ chunk: Int, _ d: Int, _ state: State) -> Bool {
        let item = chunks[chunk].item
        if state.received[d].contains(chunk) { return model.wished(d).contains(item) }
        return model.inWish[d].contains(item)
    }

    private func mayArrive(_ chunk: Int, _ d: Int, _ slot: Int32, _ state: State) -> Bool {
        let item = chunks[chunk].item
        return model.title(item).currentItem == item && model.isSendable(item)
            && model.receives(d) && model.mayKeep(item, d) && model.licence(item).contains(slot)
            && model.slots[d].contains(slot) && !state.received[d].contains(chunk)
            && !(model.held[d][item] ?? []).contains(chunks[chunk].chunk)
    }

    private func maySend(_ s: Int, _ d: Int, _ chunk: Int, _ slot: Int32, _ state: State) -> Bool {
        guard s >= 0 else { return true }
        return s != d && model.title(chunks[chunk].item).peerToPeer && model.sends(s)
            && model.slots[s].contains(slot) && state.held[s].contains(chunk)
            && (model.fleet.devices[s].accepts || model.fleet.devices[d].accepts)
    }

    // What it comes to.

    private mutating func finish(_ state: State) {
        var value = Int64(0)
        for d in model.fleet.devices.indices {
            var incomplete = 0
            for (item, worth) in worths[d] where item >= 0 {
                let missing = model.size(model.missing(d, item), item)
                let got = state.received[d].filter { chunks[$0].item == item }
                    .reduce(0) { $0 + sizes[$1] }
                if got > 0, got < missing { incomplete += 1 }
                if missing > 0 { value += worth * got / missing }
            }
            guard incomplete <= 1 else { return }
        }
        best = max(best, objective(value, state))
    }

    private func objective(_ value: Int64, _ state: State) -> Int64 {
        let profile = model.one.settings.profile
        var charge = Int128(0)
        for (source, d, chunk) in state.transfers {
            let from =
                source < 0
                ? model.fleet.origins[-1 - source].site : model.fleet.devices[source].site
            let edges = model.paths.edges(from: from, to: model.fleet.devices[d].site)
            let cost = (edges.up + edges.down).reduce(
                source < 0 ? model.fleet.origins[-1 - source].costPerGB : 0
            ) { $0 + model.fleet.sites[Int($1)].costPerGB }
            charge += Int128(profile.beta) * Int128(cost) * Int128(sizes[chunk])
            charge += source < 0 ? Int128(profile.alpha) * Int128(sizes[chunk]) * 1_000_000 : 0
        }
        let scaled = Int128(value) * 1_000_000_000_000_000 - charge
        return Int64(scaled.flooredDivision(by: 1_000_000_000_000_000))
    }
}

/// What one slot carries so far.
private struct SlotUse {
    private var up: [Int64]
    private var down: [Int64]
    private var egress: [Int64]
    private var edgeUp: [Int64]
    private var edgeDown: [Int64]
    private var links: [Int64]
    private var senders: [Set<Int>]
    private var receivers: [Set<Int>]
    private(set) var count = 0

    init(_ model: NaiveModel) {
        let fleet = model.fleet
        up = fleet.devices.map { _ in 0 }
        down = up
        egress = fleet.origins.map { _ in 0 }
        edgeUp = fleet.sites.map { _ in 0 }
        edgeDown = edgeUp
        links = fleet.links.map { _ in 0 }
        senders = fleet.devices.map { _ in [] }
        receivers = senders
    }

    /// Adds a chunk; false when something can't carry it.
    mutating func add(_ bytes: Int64, from source: Int, to d: Int, _ model: NaiveModel) -> Bool {
        let fleet = model.fleet
        func rate(_ kbps: Int64?) -> Int64 {
            kbps.map(model.night.bytesPerSlot(kbps:)) ?? Int64.max
        }
        count += 1
        down[d] += bytes
        senders[d].insert(source)
        var fits =
            down[d] <= rate(fleet.devices[d].downKbps)
            && senders[d].count <= model.one.settings.maxIncoming
        if source < 0 {
            egress[-1 - source] += bytes
            fits = fits && egress[-1 - source] <= rate(fleet.origins[-1 - source].egressKbps)
        } else {
            up[source] += bytes
            receivers[source].insert(d)
            fits =
                fits && up[source] <= rate(fleet.devices[source].upKbps)
                && receivers[source].count <= model.one.settings.maxOutgoing
            fits = fits && addToLinks(bytes, source, d, model, rate)
        }
        let from = source < 0 ? fleet.origins[-1 - source].site : fleet.devices[source].site
        let edges = model.paths.edges(from: from, to: fleet.devices[d].site)
        for e in edges.up.map(Int.init) {
            edgeUp[e] += bytes
            fits = fits && edgeUp[e] <= rate(fleet.sites[e].upKbps)
        }
        for e in edges.down.map(Int.init) {
            edgeDown[e] += bytes
            fits = fits && edgeDown[e] <= rate(fleet.sites[e].downKbps)
        }
        return fits
    }

    private mutating func addToLinks(
        _ bytes: Int64, _ source: Int, _ d: Int, _ model: NaiveModel, _ rate: (Int64?) -> Int64
    ) -> Bool {
        func isAt(_ device: Int, _ end: Link.End) -> Bool {
            switch end {
            case .device(let one): Int(one) == device
            case .site(let site):
                model.paths.ancestors(of: model.fleet.devices[device].site).contains(site)
            }
        }
        var fits = true
        for (index, link) in model.fleet.links.enumerated()
        where link.isCapacity && isAt(source, link.from) && isAt(d, link.to) {
            links[index] += bytes
            fits = fits && links[index] <= rate(link.kbps)
        }
        return fits
    }
}
