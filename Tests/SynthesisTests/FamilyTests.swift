import Quantities
import TestSupport
import Testing

@testable import Synthesis

/// The families of fleets that are made to mislead planners.
struct FamilyTests {
    private static let night = CivilDate(year: 2026, month: 11, day: 25)!

    private func world(_ family: Family, _ devices: Int, _ titles: Int) -> FamilyWorld {
        FamilyWorld(family, devices: devices, titles: titles, seed: 4, night: Self.night)
    }

    @Test(arguments: Family.allCases)
    func `the shipped fleets are what is written today`(family: Family) throws {
        let fleet = SyntheticFleet(
            devices: 6, titles: 6, seed: 4, night: Self.night, family: family)
        for file in fleet.files {
            var bytes: [UInt8] = []
            try file.write { bytes += $0 }
            let folder = file.path.prefix { $0 != "." }
            let path = "families/\(family.rawValue)/\(folder)/\(file.path)"
            let shipped = try Fixtures.bytes(path)
            #expect(shipped == bytes, "\(path)")
        }
    }

    @Test(arguments: Family.allCases)
    func `no box wants what it holds, or anything twice`(family: Family) {
        for (devices, titles) in [(1, 1), (6, 6), (300, 60)] {
            let world = world(family, devices, titles)
            for box in 0..<devices {
                let held = world.holdings(ofBox: box)
                let wanted = world.wishes(ofBox: box)
                #expect(Set(held + wanted).count == held.count + wanted.count)
                #expect((held + wanted).allSatisfy { (0..<titles).contains($0) })
            }
        }
    }

    /// Title to the boxes that hold it.
    private func holders(_ world: FamilyWorld) -> [[Int]] {
        var holders = [[Int]](repeating: [], count: world.titleCount)
        for box in 0..<world.deviceCount {
            for title in world.holdings(ofBox: box) { holders[title].append(box) }
        }
        return holders
    }

    @Test func `each is what its name says`() {
        let sole = holders(world(.soleHolder, 300, 60))
        for title in sole.indices where title % 4 == 1 { #expect(sole[title].count == 1) }
        #expect(holders(world(.cold, 300, 60)).allSatisfy { $0.count <= 3 })
        let first = holders(world(.premieres, 300, 60)).prefix(5)
        #expect(Array(first) == [[], [], [], [], []])
        #expect(holders(world(.hops, 300, 60)).joined().allSatisfy { $0 % 3 == 0 })
        let hops = world(.hops, 300, 60)
        #expect(!hops.shift(ofBox: 0).overlaps(hops.shift(ofBox: 2)))
        #expect(hops.shift(ofBox: 1).overlaps(hops.shift(ofBox: 0)))
        #expect(hops.shift(ofBox: 1).overlaps(hops.shift(ofBox: 2)))
        let windows = world(.windows, 300, 60)
        #expect(windows.shift(ofBox: 0).clamped(to: windows.shift(ofBox: 1)).count == 1)
        let edges = world(.edges, 300, 60)
        for (title, boxes) in holders(edges).enumerated() {
            #expect(boxes.allSatisfy { edges.site(ofBox: $0) == title % edges.siteCount })
        }
        #expect(world(.oneSite, 300, 60).siteCount == 1)
        #expect(world(.barred, 300, 60).isBarred(1))
        let skewed = world(.skewed, 300, 60)
        let rates = (0..<300).map { skewed.up(ofBox: $0) }.sorted(by: >)
        let (most, all) = (rates.prefix(30).reduce(0, +), rates.reduce(0, +))
        #expect(most * 10 > all * 7)
    }
}
