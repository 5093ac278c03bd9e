import Catalogue
import Fleet
import Quantities
import Testing

@testable import Store

/// Wishes and picks: full and delta, ends, names that become known later.
struct WishImportTests {
    /// What `device` wants tonight, in order, as `title rank`.
    private func wanted(_ store: Store, by device: String) throws -> [String] {
        let snapshot = try store.snapshot()
        let position = try #require(snapshot.fleet.devices.firstIndex { $0.id == device })
        return snapshot.fleet.wishes(of: position).map { i in
            let wish = snapshot.fleet.wishes[i]
            return "\(snapshot.catalogue.titles[Int(wish.title)].id) \(wish.rank)"
        }
    }

    private func put(
        _ store: Store, _ rows: [WishRecord], _ extent: ImportSource.Extent = .named
    ) throws -> ImportReport {
        try store.importing(source(.wishes, extent: extent)) {
            let refusals = try $0.put(wishes: rows)
            #expect(refusals.isEmpty)
        }
    }

    @Test func `a list is replaced whole, a delta changes single titles`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A", "B", "C")
            _ = try put(
                store,
                [
                    WishRecord(device: "d1", title: "C", rank: 1),
                    WishRecord(device: "d2", title: "A", rank: 9),
                    WishRecord(device: "d1", title: "B", rank: 3),
                    WishRecord(device: "d1", title: "A", rank: 3),
                ])
            #expect(try wanted(store, by: "d1") == ["C 1", "A 3", "B 3"])
            #expect(try wanted(store, by: "d2") == ["A 9"])
            let delta = try put(
                store,
                [
                    WishRecord(operation: .remove, device: "d1", title: "C", rank: 1),
                    WishRecord(device: "d1", title: "B", rank: 1),
                    WishRecord(operation: .remove, device: "d2", title: "B", rank: 1),
                ], .delta)
            #expect((delta.changed, delta.unchanged, delta.ignored) == (1, 1, 1))
            #expect(try wanted(store, by: "d1") == ["B 1", "A 3"])
            let full = try put(
                store,
                [
                    WishRecord(device: "d1", title: "A", rank: 2),
                    WishRecord(device: "d1", title: "A", rank: 1),
                ])
            #expect((full.changed, full.duplicates) == (1, 1))
            #expect(try wanted(store, by: "d1") == ["A 1"])
            #expect(try wanted(store, by: "d2") == ["A 9"])
        }
    }

    @Test func `a wish counts only in nights that begin before its end`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A", "B", "C", "D")
            let start = eveningNight.start
            _ = try put(
                store,
                [
                    WishRecord(
                        device: "d1", title: "A", rank: 1,
                        wantedUntil: start.advanced(bySeconds: -1)),
                    WishRecord(device: "d1", title: "B", rank: 2, wantedUntil: start),
                    WishRecord(
                        device: "d1", title: "C", rank: 3,
                        wantedUntil: start.advanced(bySeconds: 1)),
                    WishRecord(device: "d1", title: "D", rank: 4),
                ])
            #expect(try wanted(store, by: "d1") == ["C 3", "D 4"])
        }
    }

    @Test func `a wish for an unknown title waits until the catalogue knows it`() throws {
        try withStore { store in
            try store.importSmallFleet()
            let report = try put(
                store,
                [
                    WishRecord(device: "d1", title: "later", rank: 1),
                    WishRecord(device: "d1", title: "A", rank: 2),
                    WishRecord(device: "d1", title: "never", rank: 3),
                ])
            #expect(report.unknownNames == 3)
            #expect(try wanted(store, by: "d1").isEmpty)
            #expect(try store.snapshot().notes.map(\.code) == ["W_UNKNOWN_WISH"])
            try store.importing(source(.catalogue, feed: "feed")) {
                _ = try $0.put(titles: [title("A", aliases: ["later"]), title("B")])
            }
            // both names mean A: it counts once, at the better rank
            #expect(try wanted(store, by: "d1") == ["A 1"])
        }
    }

    @Test func `a deleted title stays wished for, one that took over its name is meant instead`()
        throws
    {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A", "B")
            _ = try put(store, [WishRecord(device: "d1", title: "A", rank: 1)])
            try store.importing(source(.catalogue, feed: "feed", number: 2)) {
                _ = try $0.put(titles: [
                    TitleRecord(verb: .delete, id: "A", version: .init(major: 1))
                ])
            }
            let snapshot = try store.snapshot()
            #expect(try wanted(store, by: "d1") == ["A 1"])
            #expect(snapshot.catalogue.titles.map(\.currentItem) == [-1, 0])
            try store.importing(source(.catalogue, feed: "feed", number: 3)) {
                _ = try $0.put(titles: [title("C", aliases: ["A"])])
            }
            #expect(try wanted(store, by: "d1") == ["C 1"])
        }
    }

    @Test func `picks are resolved like wishes`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.catalogue, feed: "feed")) {
                _ = try $0.put(titles: [title("B"), title("A", aliases: ["x", "y"])])
            }
            try store.importing(source(.devices, number: 2)) {
                _ = try $0.put(devices: [
                    device("d1", picks: ["B", "nothing", "x", "y"]), device("d2", account: "a2"),
                ])
            }
            let snapshot = try store.snapshot()
            #expect(snapshot.fleet.devices.map(\.picks) == [[0, 1], []])
            #expect(snapshot.notes.map(\.code) == ["W_UNKNOWN_PICK"])
        }
    }
}
