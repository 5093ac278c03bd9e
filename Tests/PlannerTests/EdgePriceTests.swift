import Audit
import Catalogue
import Fleet
import Planner
import Quantities
import Schedule
import TestSupport
import Testing

/// Bounds where a site's edge is scarce, against optima that can be reckoned by hand.
struct EdgePriceTests {
    private static let night = Night(
        date: CivilDate(dayNumber: 20_000), start: CivilDate(dayNumber: 20_000).startUTC,
        slotSeconds: 900, slotCount: 10)

    /// One item of 9 MB in chunks of 900,000 bytes, which 8 kbps move in a slot.
    private static let catalogue = Catalogue.oneTitle(bytes: 9_000_000)

    /// A box that can send or receive the item once in a night.
    private struct Box {
        var site: Int32
        var holds = false
        var wishes = false
        /// Nights that it has waited.
        var waited: Int32 = 14
    }

    private func plan(_ boxes: [Box], sites: [Site]) -> (plan: Plan, figures: Figures) {
        let fleet = Fleet(
            sites: sites, accounts: [Account(id: "x")],
            devices: boxes.enumerated().map { number, box in
                Device(
                    id: "d\(100 + number)", account: 0, site: box.site, wishBytes: 9_000_000,
                    cacheBytes: 0, upKbps: box.holds ? 8 : 0, downKbps: 80,
                    accepts: true,
                    lastServed: CivilDate(dayNumber: 20_000 - box.waited))
            },
            clocks: [LocalClock()], holdings: boxes.map { $0.holds ? [Holding(item: 0)] : [] },
            wishes: boxes.map { $0.wishes ? [Wish(title: 0, rank: 1)] : [] })
        let plan = makePlan(
            catalogue: Self.catalogue, fleet: fleet, night: Self.night, settings: PlanSettings())
        let report = audit(
            plan, catalogue: Self.catalogue, fleet: fleet, settings: PlanSettings())
        #expect(report.findings == [])
        #expect(report.figures.bound == plan.certificate.bound)
        return (plan, report.figures)
    }

    @Test func `an edge downwards that lets in two of ten bounds all of them`() {
        let boxes =
            (0..<10).map { _ in Box(site: 0, holds: true) }
            + (0..<10).map { _ in Box(site: 1, wishes: true) }
        let (plan, figures) = plan(
            boxes, sites: [Site(id: "a", parent: -1), Site(id: "b", parent: 0, downKbps: 16)])
        // Two wishes of worth 4.
        #expect(figures.value == 8_000_000)
        #expect(figures.bound < 8_010_000)
        #expect(plan.certificate.prices.edgeDown[1] > 0)
    }

    @Test func `an edge upwards that lets out two of ten leaves the others to the neighbours`() {
        let boxes =
            (0..<10).map { _ in Box(site: 1, holds: true) }
            + (0..<10).map { _ in Box(site: 0, wishes: true) }
            + (0..<10).map { _ in Box(site: 1, wishes: true, waited: 0) }
        let (plan, figures) = plan(
            boxes, sites: [Site(id: "a", parent: -1), Site(id: "b", parent: 0, upKbps: 16)])
        // Two wishes of worth 4 outside, eight of worth 1 inside.
        #expect(figures.value == 16_000_000)
        #expect(figures.bound < 16_020_000)
        #expect(plan.certificate.prices.edgeUp[1] > 0)
        let prices = plan.certificate.prices
        // On top of the edge a byte from inside costs what one from outside would.
        #expect(prices.up[0] + prices.edgeUp[1] == prices.up[10])
    }

    @Test func `an edge that has room for all costs nothing`() {
        let boxes =
            (0..<4).map { _ in Box(site: 0, holds: true) }
            + (0..<8).map { _ in Box(site: 1, wishes: true) }
        let (plan, figures) = plan(
            boxes, sites: [Site(id: "a", parent: -1), Site(id: "b", parent: 0, downKbps: 64)])
        #expect(figures.value == 16_000_000)
        #expect(figures.bound < 16_020_000)
        #expect(plan.certificate.prices.edgeDown[1] == 0)
    }

    @Test func `closed edges one above the other, and a title of one byte`() {
        let catalogue = Catalogue.oneTitle(bytes: 1, peerToPeer: false)
        let count = 20
        let fleet = Fleet(
            sites: (0..<count).map {
                Site(id: "s\(100 + $0)", parent: Int32($0 - 1), downKbps: $0 == 0 ? nil : 0)
            },
            origins: [Origin(id: "o", site: 0, egressKbps: 1000)], accounts: [Account(id: "x")],
            devices: (0..<count).map {
                Device(
                    id: "d\(100 + $0)", account: 0, site: Int32($0), wishBytes: 9_000_000,
                    cacheBytes: 0, upKbps: 8, downKbps: 80)
            },
            clocks: [LocalClock()], holdings: (0..<count).map { _ in [] },
            wishes: (0..<count).map { _ in [Wish(title: 0, rank: 1)] })
        let plan = makePlan(
            catalogue: catalogue, fleet: fleet, night: Self.night, settings: PlanSettings())
        let report = audit(plan, catalogue: catalogue, fleet: fleet, settings: PlanSettings())
        #expect(report.findings == [])
        #expect(report.figures.bound == plan.certificate.bound)
        #expect(report.figures.value == 4_000_000)
    }
}
