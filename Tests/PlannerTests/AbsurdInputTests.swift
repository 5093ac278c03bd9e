import Audit
import Catalogue
import Fleet
import Planner
import Quantities
import Schedule
import Testing

/// Figures that a table may state and no fleet has: planner and audit go on, and agree.
struct AbsurdInputTests {
    private func figures(
        holdings: [Holding], wishes: Int, sizeBytes: Int64, kbps: Int64,
        profile: Profile = .balanced
    ) -> Figures {
        let digest = Digest(bytes: [UInt8](repeating: 7, count: 32))
        func name(_ k: Int) -> String { "t" + String(100_000 + k) }
        let catalogue = Catalogue(
            titles: (0..<wishes).map {
                Title(
                    id: name($0), name: "", licence: LicenceWindow(), territories: .everywhere,
                    peerToPeer: true, currentItem: Int32($0))
            },
            items: (0..<wishes).map {
                Item(
                    title: Int32($0), version: "1",
                    files: [ItemFile(name: "f", sizeBytes: sizeBytes, kind: "movie")],
                    chunkBytes: 1 << 30, indexDigest: digest)
            })
        let fleet = Fleet(
            sites: [
                Site(id: "a", parent: -1),
                Site(
                    id: "b", parent: 0, upKbps: kbps, downKbps: kbps,
                    costPerGB: 1_000_000_000_000_000),
            ],
            origins: [Origin(id: "o", site: 0, egressKbps: kbps)],
            accounts: [Account(id: "x")],
            devices: ["d0", "d1"].map {
                Device(
                    id: $0, account: 0, site: 1, wishBytes: 10_000_000_000_000_000,
                    cacheBytes: 10_000_000_000_000_000, upKbps: kbps, downKbps: kbps)
            },
            clocks: [LocalClock()], holdings: [holdings, []],
            wishes: [
                (0..<wishes).map { Wish(title: Int32($0), rank: Int32($0 + 1)) },
                [Wish(title: 0, rank: 1)],
            ])
        var settings = PlanSettings()
        settings.profile = profile
        let date = CivilDate(dayNumber: 20_000)
        let plan = makePlan(
            catalogue: catalogue, fleet: fleet,
            night: Night(date: date, start: date.startUTC, slotSeconds: 900, slotCount: 8),
            settings: settings, effort: Effort(tasks: 0))
        let report = audit(plan, catalogue: catalogue, fleet: fleet, settings: settings)
        #expect(report.findings == [])
        #expect(report.figures.bound == plan.certificate.bound)
        return report.figures
    }

    @Test func `more on a disk than a word counts`() {
        let unknown = Holding(item: -1, area: .wish, unknownBytes: 10_000_000_000_000_000)
        let figures = figures(
            holdings: [Holding](repeating: unknown, count: 2000), wishes: 2, sizeBytes: 1_000_000,
            kbps: 8000)
        #expect(figures.servedWishes == 1)
    }

    @Test func `a petabit a second, and a byte`() {
        #expect(
            figures(holdings: [], wishes: 3, sizeBytes: 1, kbps: 1_000_000_000_000).servedWishes
                == 4)
    }

    @Test func `ways that cost more than anything is worth`() {
        let strict = Profile(order: .minOrigin, alpha: 1_000_000_000_000, beta: 1_000_000_000_000)
        let figures = figures(
            holdings: [], wishes: 3, sizeBytes: 1_000_000, kbps: 8000, profile: strict)
        #expect(figures.originBytes == 0)
    }

    @Test func `a list so long that its end rounds to nothing`() {
        let figures = figures(holdings: [], wishes: 2000, sizeBytes: 1000, kbps: 8000)
        #expect(figures.servedWishes > 60 && figures.servedWishes < 200)
        #expect(figures.unservedWishes > 1800)
    }
}
