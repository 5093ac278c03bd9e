import Fleet
import Quantities
import Testing

@testable import Store

/// Sites, origins, accounts, devices and links.
struct FleetImportTests {
    @Test func `an import counts what it adds, changes and leaves`() throws {
        try withStore { store in
            try store.importSmallFleet()
            let report = try store.importing(source(.accounts, number: 2)) {
                let refusals = try $0.put(accounts: [
                    Account(id: "a1", status: .closed),
                    Account(id: "a2", status: .suspended, territory: "AT"), Account(id: "a3"),
                    Account(id: "a3", territory: "CH"),
                ])
                #expect(refusals.isEmpty)
            }
            #expect(report.rows == 4)
            #expect(report.duplicates == 1)
            #expect(report.added == 1)
            #expect(report.changed == 1)
            #expect(report.unchanged == 1)
            #expect(report.removed == 0)
            let accounts = try store.snapshot().fleet.accounts
            #expect(accounts.map(\.status) == [.closed, .suspended, .active])
            #expect(accounts.map(\.territory) == [nil, "AT", "CH"])
        }
    }

    @Test func `what is not named stays unless the import is of the whole`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.devices, number: 2)) {
                _ = try $0.put(devices: [device("d3")])
            }
            #expect(try store.snapshot().fleet.devices.map(\.id) == ["d1", "d2", "d3"])
            try store.importing(source(.holdings)) {
                _ = try $0.put(holdings: [HoldingRecord(device: "d1", item: "x", bytes: 5)])
            }
            let report = try store.importing(source(.devices, extent: .whole, number: 3)) {
                _ = try $0.put(devices: [device("d2", account: "a2")])
            }
            #expect(report.removed == 2)
            #expect(report.unchanged == 1)
            let fleet = try store.snapshot().fleet
            #expect(fleet.devices.map(\.id) == ["d2"])
            #expect(fleet.holdings.isEmpty)
        }
    }

    @Test func `accounts and sites that are still referred to are kept`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.sites, number: 2)) {
                _ = try $0.put(sites: [
                    SiteRecord(site: "empty", parent: "root"),
                    SiteRecord(site: "under", parent: "empty"),
                ])
            }
            let accounts = try store.importing(source(.accounts, extent: .whole, number: 3)) {
                _ = try $0.put(accounts: [Account(id: "a9")])
            }
            #expect(accounts.kept == ["a1", "a2"])
            #expect(accounts.removed == 0)
            let sites = try store.importing(source(.sites, extent: .whole, number: 4)) {
                _ = try $0.put(sites: [SiteRecord(site: "root", timezone: "UTC")])
            }
            #expect(sites.kept == ["pop"])
            #expect(sites.removed == 2)
            #expect(try store.snapshot().fleet.sites.map(\.id) == ["pop", "root"])
        }
    }

    @Test func `refuses devices and origins whose site or account is not known`() throws {
        try withStore { store in
            try store.importSmallFleet()
            let report = try store.importing(source(.devices, number: 2)) { session in
                #expect(session.knowsSite("pop") && !session.knowsSite("Pop"))
                #expect(session.knowsAccount("a1") && !session.knowsAccount(""))
                let refusals = try session.put(devices: [
                    device("d7", site: "nowhere"), device("d8"), device("d9", account: "nobody"),
                    device("d\0"),
                ])
                #expect(refusals.map(\.row) == [0, 2, 3])
                #expect(
                    refusals.map(\.code) == ["E_UNKNOWN_SITE", "E_UNKNOWN_ACCOUNT", "E_TEXT"])
                #expect(refusals[0].message == "no site 'nowhere' is known")
            }
            #expect(report.refused == 3)
            #expect(report.added == 1)
            try store.importing(source(.origins)) {
                let refusals = try $0.put(origins: [
                    OriginRecord(origin: "o1", site: "root", egressKbps: 5, baseURL: "http://o"),
                    OriginRecord(origin: "o2", site: "d1", egressKbps: 5, baseURL: "http://o"),
                ])
                #expect(refusals.map(\.row) == [1])
            }
            #expect(try store.snapshot().fleet.origins.map(\.id) == ["o1"])
        }
    }

    @Test(arguments: [
        ("two roots", [("b", ""), ("a", "")], StoreError.Code.siteTree, ["a", "b"]),
        ("no root", [("a", "b"), ("b", "a")], .siteTree, ["a", "b"]),
        ("itself", [("a", ""), ("c", "c")], .siteTree, ["c"]),
        (
            "circle of three", [("a", ""), ("b", "d"), ("c", "b"), ("d", "c")], .siteTree,
            ["b", "d", "c"]
        ),
        ("unknown parent", [("a", ""), ("b", "x")], .unknownParent, ["b"]),
    ])
    func `refuses sites that are not one tree`(
        what: String, sites: [(String, String)], code: StoreError.Code, names: [String]
    ) throws {
        try withStore { store in
            let before = try store.contents(except: [])
            let error = #expect(throws: StoreError.self) {
                try store.importing(source(.sites)) {
                    _ = try $0.put(sites: sites.map { SiteRecord(site: $0.0, parent: $0.1) })
                }
            }
            #expect(error?.code == code)
            #expect(error?.names == names)
            #expect(try store.contents(except: []) == before)
        }
    }

    @Test func `sites may be given in any order and moved to another parent`() throws {
        try withStore { store in
            try store.importing(source(.sites)) {
                _ = try $0.put(sites: [SiteRecord(site: "x", parent: "m")])
                _ = try $0.put(sites: [SiteRecord(site: "m", parent: "z"), SiteRecord(site: "z")])
            }
            try store.importing(source(.sites, number: 2)) {
                _ = try $0.put(sites: [SiteRecord(site: "m"), SiteRecord(site: "z", parent: "x")])
            }
            let sites = try store.snapshot().fleet.sites
            #expect(sites.map(\.id) == ["m", "x", "z"])
            #expect(sites.map(\.parent) == [-1, 0, 1])
        }
    }

    @Test func `territory and time zone come from the nearest ancestor`() throws {
        try withStore { store in
            try store.importing(source(.sites)) {
                _ = try $0.put(sites: [
                    SiteRecord(site: "r", territory: "DE"),
                    SiteRecord(site: "r1", parent: "r", timezone: "Europe/Vienna"),
                    SiteRecord(site: "a", parent: "r1", territory: "AT"),
                    SiteRecord(site: "b", parent: "a"),
                    SiteRecord(site: "c", parent: "b", territory: "CH", timezone: "Mars/North"),
                    SiteRecord(site: "d", parent: "c"),
                ])
            }
            let snapshot = try store.snapshot(night: eveningNight) {
                $0 == "Mars/North"
                    ? nil : LocalClock(zone: $0, offsetSeconds: $0 == "UTC" ? 0 : 3_600)
            }
            let fleet = snapshot.fleet
            #expect(fleet.sites.map(\.id) == ["a", "b", "c", "d", "r", "r1"])
            #expect(fleet.sites.map(\.territory) == ["AT", "AT", "CH", "CH", "DE", "DE"])
            #expect(
                fleet.sites.map { fleet.clocks[Int($0.clock)].zone } == [
                    "Europe/Vienna", "Europe/Vienna", "Mars/North", "Mars/North", "UTC",
                    "Europe/Vienna",
                ])
            #expect(fleet.clocks.map(\.offsetSeconds) == [3_600, 0, 0])
            #expect(snapshot.notes.map(\.code) == ["W_UNKNOWN_ZONE"])
        }
    }

    @Test func `of a link's measurements the latest counts, of its capacities all`() throws {
        try withStore { store in
            try store.importSmallFleet()
            func measured(_ kbps: Int64, at: Int64?, paced: Bool = false) -> LinkRecord {
                LinkRecord(
                    from: "d1", to: "d2", kbps: kbps,
                    measuredAt: at.map { Instant(seconds: $0) }, paced: paced)
            }
            func capacity(_ kbps: Int64, from: String = "d1", to: String = "pop") -> LinkRecord {
                LinkRecord(from: from, to: to, kbps: kbps, isCapacity: true)
            }
            let report = try store.importing(source(.links)) {
                _ = try $0.put(links: [
                    measured(5, at: 20), measured(6, at: 30), measured(7, at: 10),
                    measured(8, at: nil, paced: true), capacity(9), capacity(4),
                    capacity(3, to: "gone"),
                ])
            }
            #expect(report.duplicates == 2)
            let snapshot = try store.snapshot()
            #expect(snapshot.fleet.links.map(\.kbps) == [6, 8, 4, 9])
            #expect(snapshot.fleet.links.map(\.isCapacity) == [false, false, true, true])
            #expect(snapshot.fleet.links.map(\.paced) == [false, true, false, false])
            #expect(snapshot.fleet.links.last?.to == .site(0))
            #expect(snapshot.notes.map(\.code) == ["W_UNKNOWN_END"])

            let next = try store.importing(source(.links, number: 2)) {
                _ = try $0.put(links: [capacity(2)])
            }
            #expect(next.removed == 2)
            #expect(next.added == 1)
            #expect(try store.snapshot().fleet.links.map(\.kbps) == [6, 8, 2])
            let whole = try store.importing(source(.links, extent: .whole, number: 3)) {
                _ = try $0.put(links: [capacity(2)])
            }
            #expect(whole.unchanged == 1)
            #expect(try store.snapshot().fleet.links.map(\.kbps) == [2])
        }
    }

    @Test func `a session takes no rows of another table and none after its end`() throws {
        try withStore { store in
            for body in [
                { _ = try $0.put(accounts: []) },
                {
                    try $0.finish()
                    _ = try $0.put(sites: [])
                },
                { _ = try $0.put(titles: []) },
            ] as [(ImportSession) throws -> Void] {
                let error = #expect(throws: StoreError.self) {
                    try store.importing(source(.sites), body)
                }
                #expect(error?.code == .misuse)
            }
        }
    }

    @Test func `identifiers are told apart and ordered by their bytes`() throws {
        try withStore { store in
            // é as one scalar and as two: equal for Swift's String, other bytes
            let ids = ["e\u{301}", "\u{E9}", "z", "\u{10000}", "\u{FFFD}"]
            try store.importing(source(.accounts)) {
                _ = try $0.put(accounts: ids.map { Account(id: $0) })
            }
            let stored = try store.snapshot().fleet.accounts.map { Array($0.id.utf8) }
            #expect(
                stored == ids.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
            #expect(stored.count == 5)
        }
    }
}
