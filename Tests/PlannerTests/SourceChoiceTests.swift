import Catalogue
import Fleet
import Planner
import Quantities
import Schedule
import TestSupport
import Testing

/// Whom a plan asks among several that could send the same.
struct SourceChoiceTests {
    private static let night = Night(
        date: CivilDate(dayNumber: 20_000), start: CivilDate(dayNumber: 20_000).startUTC,
        slotSeconds: 900, slotCount: 8)

    /// One wisher and holders at the sites given; 8 kbps move 900,000 bytes in a slot.
    private func plan(
        holders: [(site: Int32, lastSent: Int64?)], origin: Bool = false,
        profile: Profile = .balanced
    ) -> Plan {
        let catalogue = Catalogue.oneTitle(bytes: 900_000)
        let sites = [
            Site(id: "a", parent: -1), Site(id: "b", parent: 0, costPerGB: 1_000_000),
            Site(id: "c", parent: 0, costPerGB: 1_000_000),
        ]
        func device(_ id: String, _ site: Int32, lastSent: Int64? = nil) -> Device {
            Device(
                id: id, account: 0, site: site, wishBytes: 9_000_000, cacheBytes: 0, upKbps: 8,
                downKbps: 80, lastSent: lastSent.map { Instant(seconds: $0) })
        }
        let fleet = Fleet(
            sites: sites,
            origins: origin ? [Origin(id: "o", site: 0, egressKbps: 80)] : [],
            accounts: [Account(id: "x")],
            devices: [device("d0", 1)]
                + holders.enumerated().map {
                    device("d\($0.offset + 1)", $0.element.site, lastSent: $0.element.lastSent)
                },
            clocks: [LocalClock()], holdings: [[]] + holders.map { _ in [Holding(item: 0)] },
            wishes: [[Wish(title: 0, rank: 1)]])
        var settings = PlanSettings()
        settings.profile = profile
        return makePlan(
            catalogue: catalogue, fleet: fleet, night: Self.night, settings: settings)
    }

    @Test func `of equals, the one that sent least recently`() {
        let order: [(site: Int32, lastSent: Int64?)] = [(1, 300), (1, 100), (1, 200)]
        #expect(plan(holders: order).transfers.map(\.source) == [.device(2)])
        let never: [(site: Int32, lastSent: Int64?)] = [(1, 300), (1, 100), (1, nil)]
        #expect(plan(holders: never).transfers.map(\.source) == [.device(3)])
    }

    @Test func `a neighbour before a box at another site`() {
        #expect(plan(holders: [(2, nil), (1, 500)]).transfers.map(\.source) == [.device(2)])
    }

    @Test func `a box before an origin where value is the same`() {
        #expect(plan(holders: [(2, 500)], origin: true).transfers.map(\.source) == [.device(1)])
        #expect(plan(holders: [], origin: true).transfers.map(\.source) == [.origin(0)])
    }

    @Test func `all in the first slot that serves`() {
        for profile in [Profile.balanced, Profile(order: .minTime)] {
            #expect(plan(holders: [(1, nil)], profile: profile).transfers.map(\.slot) == [0])
        }
    }
}
