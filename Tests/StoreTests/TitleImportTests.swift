import Catalogue
import Fleet
import Quantities
import Testing

@testable import Store

/// Merging title records: versions, deletions, feeds that are always whole.
struct TitleImportTests {
    private func put(_ store: Store, _ records: [TitleRecord], feed: String = "feed") throws
        -> [TitleVerdict]
    {
        var verdicts: [TitleVerdict] = []
        try store.importing(source(.catalogue, feed: feed)) {
            verdicts = try $0.put(titles: records)
        }
        return verdicts
    }

    private func delete(_ id: String, _ major: Int32) -> TitleRecord {
        TitleRecord(verb: .delete, id: id, version: TitleRecord.Version(major: major))
    }

    @Test func `a higher version replaces, a lower one is only noted`() throws {
        try withStore { store in
            let v = { TitleRecord.Version(major: $0, minor: $1) }
            #expect(try put(store, [title("A", 1, 1, name: "one")]) == [TitleVerdict(.added)])
            #expect(
                try put(store, [title("A", 1, 2, name: "two")])
                    == [TitleVerdict(.updated(from: v(1, 1)))])
            #expect(try put(store, [title("A", 1, 2, name: "two")]) == [TitleVerdict(.unchanged)])
            #expect(
                try put(store, [title("A", 1, 1, name: "one")])
                    == [TitleVerdict(.outdated(by: v(1, 2)))])
            #expect(
                try put(store, [title("A", 1, 2, name: "too")]) == [TitleVerdict(.contradicted)])
            #expect(try store.snapshot().catalogue.titles.map(\.name) == ["too"])
            #expect(
                try put(store, [title("A", 2, 0, name: "new", sizes: [9])])
                    == [TitleVerdict(.updated(from: v(1, 2)))])
            let catalogue = try store.snapshot().catalogue
            #expect(catalogue.titles.map(\.name) == ["new"])
            #expect(catalogue.items.map(\.version) == ["2"])
        }
    }

    @Test func `tells that a version's files are others than before`() throws {
        try withStore { store in
            let first = title("A", 1, 0, sizes: [1_000])
            _ = try put(store, [first])
            #expect(
                try put(store, [title("A", 1, 1, sizes: [2_000])])
                    == [TitleVerdict(.updated(from: .init(major: 1)), filesChanged: true)])
            var indexed = title("A", 1, 1, sizes: [2_000])
            indexed.indexDigest = Digest(bytes: [UInt8](repeating: 7, count: 32))
            #expect(
                try put(store, [indexed]) == [TitleVerdict(.contradicted, filesChanged: true)])
            #expect(try put(store, [first]).map(\.filesChanged) == [false])
            let item = try #require(try store.snapshot().catalogue.items.first)
            #expect(item.layout.totalBytes == 2_000)
            #expect(item.indexDigest == indexed.indexDigest)
        }
    }

    @Test func `a record without files leaves the item as it is`() throws {
        try withStore { store in
            _ = try put(store, [title("A", 1, 0, sizes: [1_000])])
            #expect(
                try put(store, [title("A", 1, 1, name: "renamed", sizes: [])])
                    == [TitleVerdict(.updated(from: .init(major: 1)))])
            #expect(
                try put(store, [title("A", 1, 1, name: "renamed", sizes: [])])
                    == [TitleVerdict(.unchanged)])
            #expect(try store.snapshot().catalogue.titles.map(\.currentItem) == [0])
            _ = try put(store, [title("A", 2, 0, sizes: [])])
            let snapshot = try store.snapshot()
            #expect(snapshot.catalogue.titles.map(\.currentItem) == [-1])
            #expect(snapshot.notes.map(\.code) == ["W_NO_FILES"])
        }
    }

    @Test func `a deleted title is gone, what is held of it keeps its name`() throws {
        try withStore { store in
            try store.importSmallFleet()
            _ = try put(store, [title("A"), title("B")])
            try store.importing(source(.holdings)) {
                _ = try $0.put(holdings: [HoldingRecord(device: "d1", item: "A")])
            }
            #expect(
                try put(store, [delete("A", 1), delete("B", 1)]).map(\.outcome) == [
                    .deleted, .deleted,
                ])
            let snapshot = try store.snapshot()
            #expect(snapshot.catalogue.titles.map(\.id) == ["A"])
            #expect(snapshot.catalogue.titles.map(\.currentItem) == [-1])
            #expect(snapshot.fleet.holdings.map(\.item) == [0])
            #expect(try put(store, [delete("A", 1)]).map(\.outcome) == [.unchanged])
            #expect(try put(store, [title("A", 1)]).map(\.outcome) == [.added])
            #expect(try store.snapshot().catalogue.titles.map(\.currentItem) == [0])
        }
    }

    @Test func `a deletion that comes first is not undone by a lower version`() throws {
        try withStore { store in
            let outcomes = try put(
                store,
                [delete("A", 3), title("A", 2), delete("A", 1), title("A", 4), delete("A", 3)]
            ).map(\.outcome)
            #expect(
                outcomes == [
                    .deletedUnknown, .outdated(by: .init(major: 3)), .outdated(by: .init(major: 3)),
                    .added, .outdated(by: .init(major: 4)),
                ])
            #expect(try store.snapshot().catalogue.titles.map(\.id) == ["A"])
        }
    }

    @Test func `a feed that is whole can drop what it no longer names`() throws {
        try withStore { store in
            _ = try put(store, [title("A"), title("B"), title("C"), title("D")])
            _ = try put(store, [title("X")], feed: "other")
            let report = try store.importing(source(.catalogue, feed: "feed", number: 2)) {
                #expect($0.titlesNotNamed().titles == ["A", "B", "C", "D"])
                _ = try $0.put(titles: [title("B"), title("E"), title("D", 0), delete("C", 1)])
                let missing = $0.titlesNotNamed()
                #expect(missing.titles == ["A"])
                #expect(missing.of == 4)
                try $0.removeTitlesNotNamed()
            }
            #expect(report.removed == 2)
            #expect(try store.snapshot().catalogue.titles.map(\.id) == ["B", "D", "E", "X"])
        }
    }

    @Test func `items of unknown, zero or absurd size are known and not planned`() throws {
        try withStore { store in
            _ = try put(
                store,
                [
                    title("A", sizes: [1_000, nil]), title("B", sizes: [0]),
                    title("C", sizes: [Int64.max, Int64.max]), title("D", sizes: [1_001, 1]),
                ])
            let snapshot = try store.snapshot()
            #expect(snapshot.catalogue.titles.map(\.currentItem) == [-1, -1, -1, 0])
            #expect(snapshot.catalogue.items.map(\.layout.count) == [3])
            #expect(snapshot.notes.map(\.code) == ["W_NO_SIZE", "W_TOO_BIG"])
            #expect(snapshot.notes[0].message.hasPrefix("2 items"))
        }
    }

    @Test func `everything that a record says comes back`() throws {
        try withStore { store in
            var record = title("p/A", 7, 2, name: "Ä\tname, \"quoted\"", aliases: ["b", "a", "b"])
            record.licence = LicenceWindow(start: Instant(seconds: -5), end: Instant(seconds: 9))
            record.territories = .except(["AT", "CH"])
            record.peerToPeer = false
            record.chunkBytes = 700
            record.files[0].checksum = "abc"
            record.files[0].id = "p/file"
            record.line = 17
            _ = try put(store, [record])
            let catalogue = try store.snapshot().catalogue
            #expect(
                catalogue.titles == [
                    Title(
                        id: "p/A", name: record.name, licence: record.licence,
                        territories: record.territories, peerToPeer: false, currentItem: 0)
                ])
            #expect(catalogue.items.map(\.chunkBytes) == [700])
            let stored = try store.read { try TitleRows(database: $0).record(of: "p/A") }
            record.aliases = ["a", "b"]
            record.line = 0
            #expect(stored == record)
        }
    }
}
