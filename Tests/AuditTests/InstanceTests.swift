import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport
import Testing

/// The random instances keep what the vocabulary promises, and reach the cases that they are for.
struct InstanceTests {
    static let instances = (UInt64(0)..<300).map { Instance.random(seed: $0) }

    @Test func `equal seeds give equal instances`() {
        #expect(Instance.random(seed: 7) == Instance.random(seed: 7))
        #expect(Instance.random(seed: 7) != Instance.random(seed: 8))
    }

    @Test func `arrays are sorted and the sites are one tree`() {
        for one in Self.instances {
            #expect(SiteTreeFault.first(in: one.fleet.sites) == nil)
            #expect(one.catalogue.titles.map(\.id) == one.catalogue.titles.map(\.id).sorted())
            #expect(ascending(one.catalogue.items.map { [$0.title, Int32($0.version) ?? -1] }))
            for d in one.fleet.devices.indices {
                let holdings = one.fleet.holdings[one.fleet.holdings(of: d)]
                #expect(ascending(holdings.map { [$0.item] }))
                let wishes = one.fleet.wishes[one.fleet.wishes(of: d)]
                #expect(ascending(wishes.map { [$0.rank, $0.title] }))
            }
        }
    }

    @Test func `each awkward case occurs`() {
        func share(_ test: (Instance) -> Bool) -> Int { Self.instances.filter(test).count }
        #expect(share { $0.fleet.origins.isEmpty } > 20)
        #expect(share { $0.fleet.accounts.contains { $0.status == .closed } } > 20)
        #expect(share { $0.catalogue.titles.contains { !$0.peerToPeer } } > 20)
        #expect(share { $0.catalogue.titles.contains { $0.currentItem < 0 } } > 20)
        #expect(share { $0.fleet.holdings.contains { $0.item < 0 } } > 20)
        #expect(share { $0.fleet.holdings.contains { $0.bought } } > 20)
        #expect(share { $0.fleet.links.contains { $0.isCapacity } } > 20)
        #expect(share { $0.catalogue.titles.contains { $0.licence.end != nil } } > 20)
        #expect(share { $0.settings.profile.alpha > 0 } > 20)
    }

    private func ascending(_ keys: [[Int32]]) -> Bool {
        zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
    }
}
