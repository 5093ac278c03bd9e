import Catalogue
import Fleet
import Quantities
import Schedule

/// The two cheapest senders of something, by different devices, so that one can be left out.
struct TwoLeast {
    static let none = Int64.max

    private(set) var price = TwoLeast.none
    private(set) var device: Int32 = -1
    private(set) var second = TwoLeast.none
    private(set) var secondDevice: Int32 = -1

    /// Adds a sender; false when that changes nothing.
    @inline(__always)
    @discardableResult
    mutating func add(_ price: Int64, _ device: Int32) -> Bool {
        if device == self.device {
            if price >= self.price { return false }
            self.price = price
        } else if price < self.price {
            (second, secondDevice) = (self.price, self.device)
            (self.price, self.device) = (price, device)
        } else if price < second {
            (second, secondDevice) = (price, device)
        } else {
            return false
        }
        return true
    }

    /// Adds both of another, `more` dearer.
    mutating func add(_ other: TwoLeast, dearer more: Int64) {
        if other.price != TwoLeast.none { add(other.price + more, other.device) }
        if other.second != TwoLeast.none { add(other.second + more, other.secondDevice) }
    }

    /// The least price of a device other than `device`.
    @inline(__always)
    func price(without device: Int32) -> Int64 { device == self.device ? second : price }
}

/// min over peers(i,d) of price(s,d), for every open wish (model page, The bound).
///
/// Problem: for each wish the cheapest among all devices that hold the item, may
/// receive it, share a slot, and can be connected with. Idea: senders differ only
/// by *class* (slots, accepting or not) and by the price of the way; carry each
/// sender's price up its site's ancestors, keep the two least per ancestor and
/// class, and let each wisher look along its own ancestors. A meeting above the
/// lowest common ancestor only adds prices that aren't negative, so it never wins.
/// Devices that may receive anything (those with cache room) are spread once per
/// signature of licence and territories. O((holdings + wishes · classes) · depth).
struct LeastPrices {
    private let problem: Problem
    /// Classes: `2 * kind + (accepts ? 1 : 0)`.
    private let classes: Int
    private let deepestFirst: [Int]
    /// Per device: its class.
    private let classOf: [Int32]
    /// The site of each place in the network.
    private let siteAt: [Int32]

    init(_ problem: Problem) {
        self.problem = problem
        let devices = problem.devices
        classOf = (0..<devices.count).map { devices.kind[$0] * 2 + (devices.accepts[$0] ? 1 : 0) }
        siteAt = problem.network.place.indices.sorted {
            problem.network.place[$0] < problem.network.place[$1]
        }.map { Int32($0) }
        classes = problem.windows.sets.count * 2
        let depth = problem.network.depth
        deepestFirst = depth.indices.sorted { (depth[$0], $0) > (depth[$1], $1) }
    }

    private func deviceClass(_ d: Int) -> Int {
        Int(classOf[d])
    }

    /// Per open wish the least price of a peer, `TwoLeast.none` when there is none.
    ///
    /// `up` is the price of a byte that each device sends; `climb` and `descend` those of
    /// a byte on each site's edge upwards and downwards, cost included.
    func peers(up: [Int64], climb: [Int64], descend: [Int64]) -> [Int64] {
        let prices = Senders(up: up, climb: climb, descend: descend, devices: problem.devices)
        let jobs = jobs()
        let relays = cheapestRelays(up)
        let found = problem.workers.map(jobs.count) { peers(of: jobs[$0], prices, relays) }
        var result = [Int64](repeating: TwoLeast.none, count: problem.wishes.count)
        for (job, prices) in zip(jobs, found) {
            var next = 0
            for i in job.items {
                for position in problem.wishes.range(ofItem: i) {
                    result[Int(problem.wishes.byItem[position])] = prices[next]
                    next += 1
                }
            }
        }
        return result
    }

    /// What senders and ways charge.
    private struct Senders {
        let up: [Int64]
        let climb: [Int64]
        let descend: [Int64]
        /// No sender asks less.
        let floor: Int64
        /// Whether all devices ask the same.
        private let isUniform: Bool

        init(up: [Int64], climb: [Int64], descend: [Int64], devices: Devices) {
            self.up = up
            isUniform = up.allSatisfy { $0 == up[0] }
            self.climb = climb
            self.descend = descend
            floor = up.indices.lazy.filter { devices.sends($0) }.map { up[$0] }.min() ?? 0
        }

        /// What a device asks.
        @inline(__always)
        func price(_ d: Int) -> Int64 { isUniform ? up[0] : up[d] }
    }

    /// Items of one signature.
    private struct Job {
        let signature: Int
        let items: ArraySlice<Int>
    }

    /// Items with an open wish that peers may send, by signature, cut so that several can work.
    private func jobs() -> [Job] {
        var groups = [[Int]](repeating: [], count: problem.items.signatures.count)
        for i in problem.items.licence.indices
        where problem.items.sendable[i] && problem.items.peerToPeer[i]
            && !problem.wishes.range(ofItem: i).isEmpty
        {
            groups[Int(problem.items.signature[i])].append(i)
        }
        return groups.indices.flatMap { signature in
            let items = groups[signature]
            return stride(from: 0, to: items.count, by: LeastPrices.jobItems).map {
                Job(
                    signature: signature,
                    items: items[$0..<min(items.count, $0 + LeastPrices.jobItems)])
            }
        }
    }

    /// Items that are looked at in one go.
    private static let jobItems = 512

    /// The least prices of a job's wishes, in the order in which its items have them.
    private func peers(of job: Job, _ prices: Senders, _ cheapest: [TwoLeast]) -> [Int64] {
        let meets = compatibility(within: problem.items.signatures[job.signature].licence)
        let relays = relayTable(job.signature, cheapest, prices)
        var scratch = Scratch(sites: problem.network.parent.count, classes: classes)
        var found: [Int64] = []
        for i in job.items {
            spreadSources(of: i, prices, into: &scratch)
            for position in problem.wishes.range(ofItem: i) {
                let w = Int(problem.wishes.byItem[position])
                guard problem.wishes.refusal[w] == nil else {
                    found.append(TwoLeast.none)
                    continue
                }
                var best = scratch.least(
                    for: w, problem, meets, classes, prices.descend, floor: prices.floor)
                if best > prices.floor {
                    best = min(best, least(relays, for: w, meets, floor: prices.floor))
                }
                found.append(best)
            }
            scratch.clear()
        }
        return found
    }

    /// `source class * classes + destination class`: whether they share a slot and one accepts.
    private func compatibility(within licence: Range<Int32>) -> [Bool] {
        var meets = [Bool](repeating: false, count: classes * classes)
        for a in 0..<classes {
            for b in 0..<classes where a & 1 == 1 || b & 1 == 1 {
                meets[a * classes + b] = problem.windows.share(
                    Int32(a / 2), Int32(b / 2), within: licence)
            }
        }
        return meets
    }

    /// Holders and wishers of an item, carried up the tree.
    private func spreadSources(of i: Int, _ prices: Senders, into scratch: inout Scratch) {
        for position in problem.dusk.supplies(of: i) {
            let supply = problem.dusk.supplies[position]
            let d = Int(supply.device)
            scratch.spread(
                d, class: deviceClass(d), at: siteAt[Int(supply.place)], price: prices.price(d),
                problem, classes, prices.climb)
        }
        for position in problem.wishes.range(ofItem: i) {
            let w = Int(problem.wishes.byItem[position])
            let d = Int(problem.wishes.device[w])
            guard problem.devices.sends(d), problem.mayReceiveWish(w) else { continue }
            scratch.spread(
                d, class: deviceClass(d), at: problem.devices.site[d], price: prices.price(d),
                problem, classes, prices.climb)
        }
    }

    /// Per site and class: the cheapest of the devices there that may relay, by rates and room.
    private func cheapestRelays(_ up: [Int64]) -> [TwoLeast] {
        var table = [TwoLeast](
            repeating: TwoLeast(), count: problem.network.parent.count * classes)
        for d in 0..<problem.devices.count where problem.devices.sends(d) && problem.mayRelay(d) {
            table[Int(problem.devices.site[d]) * classes + deviceClass(d)].add(up[d], Int32(d))
        }
        return table
    }

    /// Per site and class: the cheapest of the devices that may relay an item of this signature,
    /// from anywhere.
    private func relayTable(
        _ signature: Int, _ cheapest: [TwoLeast], _ prices: Senders
    ) -> [TwoLeast] {
        let network = problem.network
        let licence = problem.items.signatures[signature].licence
        let awake = (0..<classes).map {
            problem.windows.share(Int32($0 / 2), Int32($0 / 2), within: licence)
        }
        var table = cheapest
        for site in network.parent.indices {
            let isAllowed = problem.items.mayKeep(
                signature: signature, network.territory[site])
            for k in 0..<classes where !isAllowed || !awake[k] {
                table[site * classes + k] = TwoLeast()
            }
        }
        for site in deepestFirst where network.parent[site] >= 0 {
            let parent = Int(network.parent[site])
            for k in 0..<classes {
                table[parent * classes + k].add(
                    table[site * classes + k], dearer: prices.climb[site])
            }
        }
        for site in deepestFirst.reversed() where network.parent[site] >= 0 {
            let parent = Int(network.parent[site])
            for k in 0..<classes {
                table[site * classes + k].add(
                    table[parent * classes + k], dearer: prices.descend[site])
            }
        }
        return table
    }

    /// Stops looking at `floor`.
    private func least(
        _ relays: [TwoLeast], for w: Int, _ meets: [Bool], floor: Int64
    ) -> Int64 {
        let d = Int(problem.wishes.device[w])
        let own = deviceClass(d)
        let base = Int(problem.devices.site[d]) * classes
        var best = TwoLeast.none
        for k in 0..<classes where meets[k * classes + own] {
            best = min(best, relays[base + k].price(without: Int32(d)))
            if best <= floor { break }
        }
        return best
    }
}

/// The cheapest senders of one item by site and class, with a list of what to clear.
private struct Scratch {
    private var table: [TwoLeast]
    private var touched: [Int32] = []
    private var inUse: [Bool]
    private var classesInUse: [Int32] = []

    init(sites: Int, classes: Int) {
        table = [TwoLeast](repeating: TwoLeast(), count: sites * classes)
        inUse = [Bool](repeating: false, count: classes)
    }

    /// Carries a sender up, as far as nobody there is cheaper: nor is he then further up.
    mutating func spread(
        _ d: Int, class k: Int, at site: Int32, price: Int64, _ problem: Problem, _ classes: Int,
        _ climb: [Int64]
    ) {
        if !inUse[k] {
            inUse[k] = true
            classesInUse.append(Int32(k))
        }
        var site = Int(site)
        var price = price
        while true {
            let slot = site * classes + k
            if table[slot].device < 0 { touched.append(Int32(slot)) }
            if !table[slot].add(price, Int32(d)) { return }
            let parent = problem.network.parent[site]
            if parent < 0 { return }
            price += climb[site]
            site = Int(parent)
        }
    }

    /// The least price for a wish; stops looking at `floor`.
    func least(
        for w: Int, _ problem: Problem, _ meets: [Bool], _ classes: Int, _ descend: [Int64],
        floor: Int64
    ) -> Int64 {
        let d = Int(problem.wishes.device[w])
        let own = Int(problem.devices.kind[d]) * 2 + (problem.devices.accepts[d] ? 1 : 0)
        var best = TwoLeast.none
        var site = Int(problem.devices.site[d])
        var way: Int64 = 0
        while true {
            for k in classesInUse where meets[Int(k) * classes + own] {
                let price = table[site * classes + Int(k)].price(without: Int32(d))
                if price != TwoLeast.none { best = min(best, price + way) }
            }
            let parent = problem.network.parent[site]
            if parent < 0 || best <= floor + way { return best }
            way += descend[site]
            site = Int(parent)
        }
    }

    mutating func clear() {
        for slot in touched { table[Int(slot)] = TwoLeast() }
        for k in classesInUse { inUse[Int(k)] = false }
        touched.removeAll(keepingCapacity: true)
        classesInUse.removeAll(keepingCapacity: true)
    }
}

extension Problem {
    /// Whether the device of an open wish may receive its item tonight, as the bound understands
    /// it.
    func mayReceiveWish(_ w: Int) -> Bool {
        guard wishes.refusal[w] == nil else { return false }
        let d = Int(wishes.device[w])
        let licence = items.licence[Int(wishes.item[w])]
        return windows.share(devices.kind[d], devices.kind[d], within: licence)
    }

    /// Whether a device may receive something in its cache area, if its slots and territory allow.
    func mayRelay(_ d: Int) -> Bool { devices.receives(d) && dusk.hasCacheRoom(d) }

    /// Whether a device may receive, in its cache area, a sendable item of this signature.
    func mayRelay(_ d: Int, signature: Int) -> Bool {
        let licence = items.signatures[signature].licence
        return mayRelay(d)
            && items.mayKeep(signature: signature, network.territory[Int(devices.site[d])])
            && windows.share(devices.kind[d], devices.kind[d], within: licence)
    }
}
