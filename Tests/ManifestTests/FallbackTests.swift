import Catalogue
import Fleet
import Manifest
import Quantities
import Schedule
import TestSupport
import Testing

@Suite struct FallbackTests {
    private let night = ExampleNight()

    /// Identifiers of the fall-backs of `item` that are of `kind`.
    private func ends(
        _ night: ExampleNight, _ device: Int32, _ item: Int, _ kind: ManifestContent.End.Kind
    ) -> [String] {
        night.index.draft(forDevice: device).content.items
            .first { $0.title == night.catalogue.titles[item].id }?.fallbacks
            .filter { $0.kind == kind }.map(\.id) ?? []
    }

    @Test func `origins come last, the cheapest path first, those that don't send left out`() {
        let content = night.index.draft(forDevice: 0).content
        for item in content.items where !item.fallbacks.isEmpty {
            #expect(item.fallbacks.suffix(2).map(\.id) == ["near", "far"])
            #expect(
                item.fallbacks.suffix(2).map(\.address)
                    == ["http://10.0.0.1/vod", "https://far.example.com"])
        }
        #expect(ends(night, 2, 0, .origin) == ["far", "near"])
        var night = night
        night.header.maxFallbacks = 1
        #expect(ends(night, 1, 0, .origin) == ["near"])
    }

    @Test func `who completes the item tonight stands in, never the device or its only source`() {
        #expect(ends(night, 0, 0, .device) == ["box-c"])
        #expect(ends(night, 1, 0, .device) == ["box-c"])
        #expect(ends(night, 2, 0, .device) == ["box a/1"])
    }

    @Test func `holders at dusk come before those by dawn, and near ones before either`() {
        var night = night
        night.fleet = withHoldings([[], [], [], [Holding(item: 0)], []])
        night.fleet.devices[3].accepts = true
        night.fleet.devices[3].address = "10.1.0.14:7070"
        #expect(ends(night, 0, 0, .device) == ["box-d", "box-c"])
        #expect(ends(night, 2, 0, .device) == ["box-d", "box a/1"])
        night.header.maxPeerFallbacks = 1
        #expect(ends(night, 2, 0, .device) == ["box-d"])
        night.header.maxPeerFallbacks = 0
        #expect(ends(night, 2, 0, .device) == [])
        #expect(night.index.draft(forDevice: 3).content.standby.isEmpty)
    }

    private func withHoldings(_ holdings: [[Holding]]) -> Fleet {
        Fleet(
            sites: night.fleet.sites, origins: night.fleet.origins, accounts: night.fleet.accounts,
            devices: night.fleet.devices, clocks: night.fleet.clocks, holdings: holdings,
            wishes: night.fleet.devices.indices.map { device in
                Array(night.fleet.wishes[night.fleet.wishes(of: device)])
            })
    }

    @Test(
        arguments: [
            { $0.fleet.devices[2].accepts = false }, { $0.fleet.devices[2].address = "" },
            { $0.fleet.devices[2].address = "10.1.0.13" }, { $0.fleet.devices[2].state = .new },
            { $0.fleet.devices[2].window = DailyWindow("12:00-14:00") },
            { $0.catalogue.titles[0].peerToPeer = false },
            { $0.plan.removals.append(Removal(device: 2, item: 0, chunks: 0..<1, slot: 7)) },
            { $0.plan.outcomes[2].cause = .uplink },
        ] as [@Sendable (inout ExampleNight) -> Void])
    func `who can't be asked isn't named`(change: @Sendable (inout ExampleNight) -> Void) {
        var night = night
        change(&night)
        #expect(ends(night, 1, 0, .device).contains("box-c") == false)
        #expect(night.index.draft(forDevice: 2).content.standby.isEmpty)
    }

    @Test func `part of an item is not enough`() {
        var night = night
        night.plan.outcomes = []
        let some = Holding(item: 0, chunks: .some(RangeSet32(0..<4)))
        let all = Holding(item: 0, chunks: .some(RangeSet32(0..<5)))
        night.fleet = withHoldings([[], [], [some], [], []])
        #expect(ends(night, 1, 0, .device) == [])
        night.fleet = withHoldings([[], [], [all], [], []])
        #expect(ends(night, 1, 0, .device) == ["box-c"])
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func `both ends are told of every fall-back, and nobody is named too often`(seed: UInt64) {
        let random = RandomPlan(seed: seed)
        let contents = random.instance.fleet.devices.indices.map {
            random.index.draft(forDevice: Int32($0)).content
        }
        var asked: [String] = []
        var told: [String] = []
        for content in contents {
            for item in content.items {
                let bytes = content.fetch.filter { $0.piece.item == item.key }
                    .reduce(0) { $0 + $1.piece.bytes }
                #expect(bytes > 0 || item.fallbacks.isEmpty)
                let peers = item.fallbacks.filter { $0.kind == .device }
                #expect(item.fallbacks.prefix(peers.count) == peers[...])
                #expect(peers.count <= random.header.maxPeerFallbacks)
                asked += peers.map { "\($0.id) \(content.device) \(item.key) \($0.token) \(bytes)" }
            }
            #expect(content.standby.count <= random.header.maxStandby)
            told += content.standby.map {
                "\(content.device) \($0.destination.id) \($0.item) \($0.token) \($0.bytes)"
            }
        }
        #expect(asked.sorted() == told.sorted())
        #expect(Set(told).count == told.count)
    }

    @Test func `a crowd spreads over its holders, near ones first`() {
        let crowd = Crowd(sites: 4, fetching: 60, holding: 6)
        var burdens: [String: Int] = [:]
        for device in crowd.index.devices.filter({ !crowd.isHolder(Int($0)) }) {
            let content = crowd.index.draft(forDevice: device).content
            let peers = content.items[0].fallbacks.filter { $0.kind == .device }
            #expect(peers.count == 3)
            let own = crowd.fleet.devices[Int(device)].site
            #expect(peers.allSatisfy { crowd.site(of: $0.id) == own })
            for peer in peers { burdens[peer.id, default: 0] += 1 }
        }
        #expect(burdens.count == 24)
        #expect(burdens.values.max() == 30 && burdens.values.min() == 30)
    }

    @Test func `where a site's holders don't suffice, its neighbours' come next`() {
        let crowd = Crowd(sites: 3, fetching: 2, holding: 1)
        let content = crowd.index.draft(forDevice: 0).content
        let peers = content.items[0].fallbacks.filter { $0.kind == .device }.map {
            crowd.site(of: $0.id)
        }
        #expect(peers.first == crowd.fleet.devices[0].site && Set(peers).count == 3)
    }
}

/// One item that most devices of some sites fetch from an origin, and a few hold.
private struct Crowd {
    let fleet: Fleet
    let index: ManifestIndex
    let perSite: Int
    let fetching: Int

    init(sites: Int, fetching: Int, holding: Int) {
        perSite = fetching + holding
        self.fetching = fetching
        let example = ExampleNight()
        let devices = (0..<sites * (fetching + holding)).map { number in
            Device(
                id: "box-\(1_000 + number)", account: 0,
                site: Int32(1 + number / (fetching + holding)), wishBytes: 1 << 30, cacheBytes: 0,
                upKbps: 1_000, downKbps: 1_000, address: "10.0.0.1:\(1 + number)")
        }
        let holders = devices.indices.map { $0 % (fetching + holding) >= fetching }
        fleet = Fleet(
            sites: [Site(id: "root", parent: -1)]
                + (0..<sites).map { Site(id: "site-\($0)", parent: 0) },
            origins: [Origin(id: "origin", site: 0, egressKbps: 1)],
            accounts: [Account(id: "someone")], devices: devices, clocks: [LocalClock()],
            holdings: holders.map { $0 ? [Holding(item: 0)] : [] },
            wishes: devices.map { _ in [] })
        var plan = example.plan
        plan.removals = []
        plan.outcomes = []
        plan.transfers = devices.indices.filter { !holders[$0] }.map {
            Transfer(
                source: .origin(0), destination: Int32($0), item: 0, chunks: 0..<5, slot: 0,
                initiator: .destination)
        }
        var header = example.header
        header.maxStandby = 1_000
        index = ManifestIndex(
            plan: plan, catalogue: example.catalogue, fleet: fleet, header: header,
            tokens: exampleTokens)
    }

    func isHolder(_ device: Int) -> Bool { device % perSite >= fetching }

    func site(of id: String) -> Int32 {
        fleet.devices.first { $0.id == id }?.site ?? -1
    }
}
