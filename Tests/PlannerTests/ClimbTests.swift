import Audit
import Catalogue
import Fleet
import Planner
import Quantities
import Schedule
import TestSupport
import Testing

/// Items that many can send, whose senders are looked for from the wisher's site upwards.
struct ClimbTests {
    private static let night = Night(
        date: CivilDate(dayNumber: 20_000), start: CivilDate(dayNumber: 20_000).startUTC,
        slotSeconds: 900, slotCount: 10)
    private static let catalogue = Catalogue.oneTitle(bytes: 900_000)
    /// Root, a region, a POP in it, and a POP of its own.
    private static let sites = [
        Site(id: "root", parent: -1), Site(id: "a", parent: 0), Site(id: "b", parent: 1),
        Site(id: "c", parent: 0),
    ]

    /// Rates in chunks a slot.
    private func box(_ id: Int, at site: Int32, up: Int64, window: DailyWindow? = nil) -> Device {
        Device(
            id: "d\(10_000 + id)", account: 0, site: site, wishBytes: 900_000, cacheBytes: 0,
            upKbps: 8 * up, downKbps: 8, window: window, accepts: true)
    }

    /// What comes to whom, planned by one decoding, the first one.
    ///
    /// `isLarge` adds thousands of retired boxes that wish for it in vain: where wishes are many,
    /// a task doesn't look at all there is.
    private func plan(holders: [Device], wishers: [Device], isLarge: Bool = false) -> Plan {
        var retired: [Device] = []
        for number in 0..<(isLarge ? 5000 : 0) {
            retired.append(box(9000 + number, at: 0, up: 0))
            retired[number].state = .retired
        }
        let wishers = wishers + retired
        let fleet = Fleet(
            sites: Self.sites, accounts: [Account(id: "x")], devices: holders + wishers,
            clocks: [LocalClock()],
            holdings: holders.map { _ in [Holding(item: 0)] } + wishers.map { _ in [] },
            wishes: holders.map { _ in [] } + wishers.map { _ in [Wish(title: 0, rank: 1)] })
        let plan = makePlan(
            catalogue: Self.catalogue, fleet: fleet, night: Self.night, settings: PlanSettings(),
            effort: Effort(tasks: 0, swarms: false))
        let report = audit(
            plan, catalogue: Self.catalogue, fleet: fleet, settings: PlanSettings())
        #expect(report.findings == [])
        return plan
    }

    private func served(_ plan: Plan) -> Int { plan.outcomes.count { $0.cause == nil } }

    @Test(arguments: [true, false])
    func `every one of many holders is found, wherever it stands`(isLarge: Bool) {
        // Each sends one chunk in the whole night: nobody may be passed over.
        let last = DailyWindow(fromMinute: 120, untilMinute: 135)
        let holders = (0..<300).map { box($0, at: Int32($0 % 4), up: 1, window: last) }
        let wishers = (300..<600).map { box($0, at: Int32($0 % 4), up: 0) }
        #expect(served(plan(holders: holders, wishers: wishers, isLarge: isLarge)) == 300)
    }

    @Test func `the nearest comes first`() {
        let holders = (0..<300).map { box($0, at: Int32(2 + $0 % 2), up: 10) }
        let wishers = (300..<340).map { box($0, at: Int32(2 + $0 % 2), up: 0) }
        let plan = plan(holders: holders, wishers: wishers)
        #expect(served(plan) == 40)
        for transfer in plan.transfers {
            // Position and site go together.
            #expect(transfer.source.raw % 2 == transfer.destination % 2)
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `hundreds nearby that can't be connected with hide nobody further up`(
        haveIt: Bool, isLarge: Bool
    ) {
        // Nobody at `b` accepts connections, who holds it as little as who receives it.
        var near = (0..<200).map { box($0, at: 2, up: 10) }
        var wishers = (200..<400).map { box($0, at: 2, up: 1) }
        for k in near.indices { near[k].accepts = false }
        for k in wishers.indices { wishers[k].accepts = false }
        let far = (400..<500).map { box($0, at: 3, up: 10) }
        let plan = plan(
            holders: (haveIt ? near : []) + far, wishers: wishers, isLarge: isLarge)
        #expect(served(plan) == 200)
    }

    @Test func `an origin is asked though hundreds before it have nothing to give`() {
        // 300 boxes hold only the first of two chunks.
        let catalogue = Catalogue.oneTitle(bytes: 1_800_000)
        let holders = (0..<300).map { box($0, at: 0, up: 1) }
        var wisher = box(300, at: 0, up: 0)
        wisher.wishBytes = 1_800_000
        let part = Holding(item: 0, chunks: .some(RangeSet32(0..<1)))
        let fleet = Fleet(
            sites: Self.sites, origins: [Origin(id: "o", site: 0, egressKbps: 80)],
            accounts: [Account(id: "x")], devices: holders + [wisher], clocks: [LocalClock()],
            holdings: holders.map { _ in [part] } + [[]],
            wishes: holders.map { _ in [] } + [[Wish(title: 0, rank: 1)]])
        let plan = makePlan(
            catalogue: catalogue, fleet: fleet, night: Self.night, settings: PlanSettings(),
            effort: Effort(tasks: 0, swarms: false))
        #expect(served(plan) == 1)
        #expect(plan.transfers.count { $0.source == .origin(0) } == 1)
    }
}
