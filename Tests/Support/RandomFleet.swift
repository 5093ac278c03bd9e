import Catalogue
import Fleet
import Quantities

extension InstanceDraw {
    mutating func fleet(_ catalogue: Catalogue) -> Fleet {
        let clocks = self.clocks()
        let sites = self.sites(clocks: clocks.count)
        let accounts = self.accounts()
        var devices: [Device] = []
        var holdings: [[Holding]] = []
        var wishes: [[Wish]] = []
        for number in 0..<random.pick(knobs.devices) {
            let wished = self.wishes(catalogue)
            let held = self.holdings(catalogue, wished: wished)
            devices.append(
                device(number, sites: sites, accounts: accounts, catalogue: catalogue, held: held))
            holdings.append(held)
            wishes.append(wished)
        }
        let origins = (0..<random.pick(knobs.origins)).map { origin($0, sites: sites) }
        return Fleet(
            sites: sites, origins: origins, accounts: accounts, devices: devices,
            links: links(sites: sites.count, devices: devices.count), clocks: clocks,
            holdings: holdings, wishes: wishes)
    }

    /// UTC, one hour ahead, and one whose clocks change within the night.
    private mutating func clocks() -> [LocalClock] {
        let change = LocalClock.Change(
            at: moment(), offsetSeconds: random.chance(50) ? 3_600 : -3_600)
        return [
            LocalClock(), LocalClock(zone: "Europe/Ahead", offsetSeconds: 3_600),
            LocalClock(zone: "Europe/Changing", offsetSeconds: 0, changes: [change]),
        ]
    }

    /// A random tree whose root may stand anywhere in the array.
    private mutating func sites(clocks: Int) -> [Site] {
        let count = random.pick(knobs.sites)
        let root = random.below(count)
        var placed = [root]
        var sites = (0..<count).map { Site(id: "s\(100 + $0)", parent: -1) }
        sites[root].territory = random.pick(["DE", "DE", "AT", nil])
        for site in 0..<count where site != root {
            let parent = random.pick(placed)
            placed.append(site)
            sites[site].parent = Int32(parent)
            sites[site].territory = random.chance(20) ? "CH" : sites[parent].territory
            if random.chance(knobs.capacityChance) { sites[site].upKbps = rate(0...3) }
            if random.chance(knobs.capacityChance) { sites[site].downKbps = rate(0...4) }
            sites[site].costPerGB = Int64(random.pick([0, 0, 1, 2, 5])) * 500_000
        }
        for site in 0..<count { sites[site].clock = Int32(random.below(clocks)) }
        return sites
    }

    private mutating func origin(_ number: Int, sites: [Site]) -> Origin {
        Origin(
            id: "o\(number)", site: Int32(random.below(sites.count)),
            egressKbps: rate(knobs.egressChunks),
            costPerGB: Int64(random.pick([0, 1, 3])) * 500_000,
            nightlyBytes: random.chance(knobs.capacityChance)
                ? Int64(random.pick(0...6)) * InstanceDraw.chunkBytes + 450_000 : nil)
    }

    private mutating func accounts() -> [Account] {
        (0..<4).map { number in
            var account = Account(id: "a\(number)")
            if random.chance(knobs.absenceChance) {
                account.status = random.pick([.suspended, .suspended, .closed])
            }
            if random.chance(knobs.absenceChance) { account.territory = random.pick(["DE", "AT"]) }
            return account
        }
    }

    private mutating func device(
        _ number: Int, sites: [Site], accounts: [Account], catalogue: Catalogue, held: [Holding]
    ) -> Device {
        var device = Device(
            id: "d\(100 + number)", account: Int32(random.below(accounts.count)),
            site: Int32(random.below(sites.count)), wishBytes: room(held, .wish, 0...8),
            cacheBytes: random.chance(knobs.relayChance)
                ? room(held, .cache, 1...3) : bytes(held, .cache),
            upKbps: rate(knobs.upChunks), downKbps: rate(1...3))
        device.window = random.chance(30) ? window() : nil
        device.accepts = !random.chance(knobs.closedPortChance)
        if random.chance(60) {
            device.lastServed = CivilDate(
                dayNumber: night.date.dayNumber - Int32(random.pick(-1...16)))
        }
        if random.chance(knobs.absenceChance / 3) { device.state = random.pick([.new, .retired]) }
        device.picks = catalogue.titles.indices.filter { _ in random.chance(10) }.map(Int32.init)
        return device
    }

    /// What an area holds as reported, and room for some chunks more; now and then less than it
    /// holds.
    private mutating func room(_ held: [Holding], _ area: Holding.Area, _ chunks: ClosedRange<Int>)
        -> Int64
    {
        let more = Int64(random.pick(chunks)) * InstanceDraw.chunkBytes
        let odd = Int64(random.pick([0, 0, 450_000, 123_457]))
        return random.chance(10) ? more : bytes(held, area) + more + odd
    }

    private func bytes(_ held: [Holding], _ area: Holding.Area) -> Int64 {
        held.filter { $0.area == area }.reduce(0) { total, holding in
            switch holding.chunks {
            case .all: total + max(holding.unknownBytes, InstanceDraw.chunkBytes)
            case .some(let chunks): total + Int64(chunks.count) * InstanceDraw.chunkBytes
            }
        }
    }

    /// Some hours round part of the night, on the slots' edges or off them.
    private mutating func window() -> DailyWindow {
        let first = Int((night.start.seconds - night.date.startUTC.seconds) / 60)
        let from = first + 15 * random.pick(-2...2) + random.pick([0, 0, 5])
        let length = 15 * random.pick([2, 3, 4, 5, 6, 8]) + random.pick([0, 0, 5])
        return DailyWindow(
            fromMinute: Int32(from % 1_440), untilMinute: Int32((from + length) % 1_440))
    }

    /// A rate in half chunks a slot, mostly whole chunks.
    private mutating func rate(_ chunks: ClosedRange<Int>) -> Int64 {
        let half = random.chance(15) ? InstanceDraw.chunkKbps / 2 : 0
        return Int64(random.pick(chunks)) * InstanceDraw.chunkKbps + half
    }

    private mutating func links(sites: Int, devices: Int) -> [Link] {
        (0..<random.below(4)).map { _ in
            Link(
                from: end(sites: sites, devices: devices), to: end(sites: sites, devices: devices),
                kbps: rate(0...2), isCapacity: random.chance(knobs.capacityChance + 20),
                paced: random.chance(20))
        }
    }

    private mutating func end(sites: Int, devices: Int) -> Link.End {
        random.chance(50)
            ? .device(Int32(random.below(devices))) : .site(Int32(random.below(sites)))
    }
}
