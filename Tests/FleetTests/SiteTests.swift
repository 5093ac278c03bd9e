import Fleet
import Quantities
import Testing

/// Random trees: parents before or after their children.
private func tree(_ count: Int, _ random: inout SplitMix64) -> [Site] {
    var order = Array(0..<count)
    order.shuffle(using: &random)
    var sites = (0..<count).map { Site(id: "s\($0)", parent: -1) }
    for position in order.indices.dropFirst() {
        sites[order[position]].parent = Int32(order[random.below(position)])
    }
    return sites
}

/// `site` and what is above it, followed with a limit.
private func chain(_ site: Int, _ sites: [Site]) -> [Int32] {
    var chain: [Int32] = []
    var here = Int32(site)
    while here >= 0, chain.count <= sites.count {
        chain.append(here)
        here = sites[Int(here)].parent
    }
    return chain
}

struct SitePathTests {
    @Test func `agrees with comparing both ways to the root`() {
        var random = SplitMix64(seed: 9)
        var wrong = 0
        for _ in 0..<60 {
            let sites = tree(1 + random.below(12), &random)
            let path = SitePath(sites)
            for a in sites.indices {
                if path.ancestors(of: Int32(a)) != chain(a, sites) { wrong += 1 }
                for b in sites.indices {
                    let (left, right) = (chain(a, sites), chain(b, sites))
                    let edges = path.edges(from: Int32(a), to: Int32(b))
                    let up = left.filter { !right.contains($0) }
                    let down = right.filter { !left.contains($0) }
                    if edges.up != up || edges.down != down.reversed() { wrong += 1 }
                }
            }
        }
        #expect(wrong == 0)
    }

    @Test func `nothing lies between a site and itself`() {
        let path = SitePath([Site(id: "root", parent: -1), Site(id: "a", parent: 0)])
        #expect(path.edges(from: 1, to: 1).up.isEmpty && path.edges(from: 1, to: 1).down.isEmpty)
        #expect(path.edges(from: 1, to: 0).up == [1] && path.edges(from: 1, to: 0).down.isEmpty)
        #expect(path.edges(from: 0, to: 1).up.isEmpty && path.edges(from: 0, to: 1).down == [1])
    }
}

struct SiteTreeFaultTests {
    private func sites(_ parents: [Int32]) -> [Site] {
        parents.enumerated().map { Site(id: "s\($0.offset)", parent: $0.element) }
    }

    @Test(
        arguments: [
            ([], .noRoot), ([-1], nil), ([-1, 0, 1], nil), ([2, -1, 1], nil),
            ([-1, -1], .twoRoots("s0", "s1")), ([0], .cycle(["s0"])),
            ([1, 0], .cycle(["s0", "s1"])),
            ([-1, 2, 3, 1], .cycle(["s1", "s2", "s3"])), ([-1, 2, 2], .cycle(["s2"])),
            ([-1, 0, -1, 3], .twoRoots("s0", "s2")),
        ] as [([Int32], SiteTreeFault?)])
    func `names the first fault`(parents: [Int32], fault: SiteTreeFault?) {
        #expect(SiteTreeFault.first(in: sites(parents)) == fault)
    }

    @Test func `finds a fault exactly in what isn't one tree`() {
        // Every table of up to five sites.
        var wrong = 0
        for count in 1...5 {
            for code in 0..<(0..<count).reduce(1, { power, _ in power * (count + 1) }) {
                var rest = code
                let parents = (0..<count).map { _ in
                    defer { rest /= count + 1 }
                    return Int32(rest % (count + 1)) - 1
                }
                let table = sites(parents)
                let isTree =
                    parents.filter { $0 < 0 }.count == 1
                    && table.indices.allSatisfy { chain($0, table).count <= count }
                let fault = SiteTreeFault.first(in: table)
                if (fault == nil) != isTree { wrong += 1 }
                if case .cycle(let ids) = fault, !isCycle(ids, table) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    /// Whether each site's parent is the next, the last one's the first.
    private func isCycle(_ ids: [String], _ table: [Site]) -> Bool {
        zip(ids, ids.dropFirst() + ids.prefix(1)).allSatisfy { id, parent in
            table.first { $0.id == id }.map { $0.parent >= 0 && table[Int($0.parent)].id == parent }
                ?? false
        }
    }
}

struct FleetTests {
    @Test func `each device owns its part of holdings and wishes, none may be empty`() {
        let device = {
            Device(id: $0, account: 0, site: 0, wishBytes: 1, cacheBytes: 1, upKbps: 1, downKbps: 1)
        }
        let holdings = [[0, 1], [], [5], []].map { $0.map { Holding(item: Int32($0)) } }
        let wishes = [[], [3], [4, 2]].map { titles in
            titles.enumerated().map { Wish(title: Int32($0.element), rank: Int32($0.offset) + 1) }
        }
        let fleet = Fleet(
            devices: ["a", "b", "c", "d"].map(device), holdings: holdings, wishes: wishes)
        #expect(
            (0..<4).map { d in fleet.holdings[fleet.holdings(of: d)].map(\.item) } == [
                [0, 1], [], [5], [],
            ])
        #expect(
            (0..<4).map { d in fleet.wishes[fleet.wishes(of: d)].map(\.title) } == [
                [], [3], [4, 2], [],
            ])
        #expect(Fleet().holdingOffsets == [0] && Fleet().wishOffsets == [0])
    }
}
