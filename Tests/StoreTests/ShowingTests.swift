import Catalogue
import Fleet
import Quantities
import TestSupport
import Testing

@testable import Store

/// What `show` reads: rows in the order of their identifiers, which could be imported again.
struct ShowingTests {
    private func holdings(_ store: Store, device: String? = nil, title: String? = nil) throws
        -> [ShownHolding]
    {
        var rows: [ShownHolding] = []
        try store.forEachHolding(device: device, title: title) { rows.append($0) }
        return rows
    }

    private func wishes(_ store: Store, device: String? = nil, title: String? = nil) throws
        -> [ShownWish]
    {
        var rows: [ShownWish] = []
        try store.forEachWish(device: device, title: title) { rows.append($0) }
        return rows
    }

    private func devices(_ store: Store) throws -> [DeviceRecord] {
        var rows: [DeviceRecord] = []
        try store.forEachDevice { rows.append($0) }
        return rows
    }

    private func links(_ store: Store, end: String? = nil) throws -> [LinkRecord] {
        var rows: [LinkRecord] = []
        try store.forEachLink(end: end) { rows.append($0) }
        return rows
    }

    @Test func `what is shown can be imported into another store and gives the same snapshot`()
        throws
    {
        for seed in [2, 11, 30] as [UInt64] {
            try withStore { store in
                try InstanceRecords(Instance.random(seed: seed)).importAll(
                    into: store, seed: 4, parts: 1)
                try withStore { copy in
                    try copyShown(from: store, to: copy)
                    let (one, other) = (try store.snapshot(), try copy.snapshot())
                    #expect(other == one)
                    #expect(try holdings(copy) == holdings(store))
                    #expect(try wishes(copy) == wishes(store))
                    #expect(try links(copy) == links(store))
                }
            }
        }
    }

    private func copyShown(from store: Store, to copy: Store) throws {
        let items = try store.items()
        try copy.importing(source(.catalogue)) {
            for shown in try store.titles() {
                for item in items where item.title == shown.record.id {
                    var record = shown.record
                    record.version.major = Int32(item.version)!
                    record.files = item.files
                    record.chunkBytes = item.chunkBytes
                    record.indexDigest = item.indexDigest
                    _ = try $0.put(titles: [record])
                }
                _ = try $0.put(titles: [shown.record])
            }
        }
        try copy.importing(source(.sites)) { _ = try $0.put(sites: store.sites()) }
        try copy.importing(source(.origins)) { _ = try $0.put(origins: store.origins()) }
        try copy.importing(source(.accounts)) { _ = try $0.put(accounts: store.accounts()) }
        try copy.importing(source(.devices)) { _ = try $0.put(devices: devices(store)) }
        try copy.importing(source(.links)) { _ = try $0.put(links: links(store)) }
        try copy.importing(source(.holdings)) {
            _ = try $0.put(holdings: holdings(store).map(\.record))
        }
        try copy.importing(source(.wishes)) {
            _ = try $0.put(wishes: wishes(store).map(\.record))
        }
    }

    @Test func `holdings and wishes are shown by device and name, and filtered`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.catalogue, feed: "feed")) {
                _ = try $0.put(titles: [title("A", aliases: ["x"]), title("B", 4)])
            }
            try store.importing(source(.holdings)) {
                _ = try $0.put(holdings: [
                    HoldingRecord(device: "d2", item: "x", area: .cache),
                    HoldingRecord(device: "d1", item: "later", version: "9", bytes: 3),
                    HoldingRecord(device: "d1", item: "B", observedAt: Instant(seconds: 5)),
                    HoldingRecord(device: "d1", item: "x", bought: true),
                ])
            }
            #expect(
                try holdings(store).map {
                    "\($0.record.device) \($0.record.item) \($0.record.version ?? "-")"
                }
                    == ["d1 A 1", "d1 B 4", "d1 later 9", "d2 A 1"])
            #expect(try holdings(store).map(\.isKnown) == [true, true, false, true])
            #expect(try holdings(store, title: "x").map(\.record.device) == ["d1", "d2"])
            #expect(try holdings(store, title: "later").map(\.record.bytes) == [3])
            #expect(try holdings(store, device: "d1", title: "A").map(\.record.bought) == [true])
            #expect(try holdings(store, device: "d3").isEmpty)
            #expect(try holdings(store, title: "nothing").isEmpty)

            try store.importing(source(.wishes)) {
                _ = try $0.put(wishes: [
                    WishRecord(device: "d2", title: "B", rank: 1),
                    WishRecord(device: "d1", title: "B", rank: 2),
                    WishRecord(device: "d1", title: "later", rank: 1),
                    WishRecord(
                        device: "d1", title: "A", rank: 2, wantedUntil: Instant(seconds: 9)),
                ])
            }
            #expect(
                try wishes(store).map { "\($0.record.device) \($0.record.title) \($0.record.rank)" }
                    == ["d1 later 1", "d1 A 2", "d1 B 2", "d2 B 1"])
            #expect(try wishes(store).map(\.isKnown) == [false, true, true, true])
            #expect(
                try wishes(store, device: "d1", title: "x").map(\.record.wantedUntil) == [
                    Instant(seconds: 9)
                ])
        }
    }

    @Test func `titles and items are shown by identifier, deleted ones when asked for`() throws {
        try withStore { store in
            try store.importing(source(.catalogue, feed: "feed")) {
                _ = try $0.put(titles: [title("B", 2), title("A", 10, aliases: ["x"])])
                _ = try $0.put(titles: [
                    title("A", 9, sizes: [1, nil]),
                    TitleRecord(verb: .delete, id: "B", version: .init(major: 2)),
                ])
            }
            #expect(try store.titles().map(\.record.id) == ["A"])
            #expect(try store.titles(deletedToo: true).map(\.record.id) == ["A", "B"])
            #expect(try store.titles("x").map(\.feed) == ["feed"])
            #expect(try store.titles("y").isEmpty)
            let items = try store.items()
            #expect(items.map { "\($0.title)@\($0.version)" } == ["A@9", "A@10", "B@2"])
            #expect(items.map(\.isCurrent) == [false, true, false])
            #expect(items.map(\.totalBytes) == [nil, 1_500, 1_500])
            #expect(try store.items(ofTitle: "x").map(\.version) == ["9", "10"])
        }
    }

    @Test func `links of one end and one device are found`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.links)) {
                _ = try $0.put(links: [
                    LinkRecord(from: "d2", to: "d1", kbps: 1),
                    LinkRecord(from: "d1", to: "pop", kbps: 2),
                    LinkRecord(from: "d2", to: "pop", kbps: 3),
                ])
            }
            #expect(try links(store, end: "d1").map(\.kbps) == [2, 1])
            #expect(try links(store, end: "pop").map(\.kbps) == [2, 3])
            var found: [String] = []
            try store.forEachDevice("d2") { found.append($0.account) }
            #expect(found == ["a2"])
        }
    }
}
