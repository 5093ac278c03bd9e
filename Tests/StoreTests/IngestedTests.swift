import Catalogue
import Foundation
import GRDB
import Quantities
import TestSupport
import Testing

@testable import Store

/// What was ingested stands in place of what feeds say, and no feed takes it away.
struct IngestedTests {
    private func digest(_ byte: UInt8) -> Digest {
        Digest(bytes: [UInt8](repeating: byte, count: 32))!
    }

    private func form(
        _ title: String, _ major: Int32 = 1, plain: [Int64] = [1_500], salt: UInt8 = 1
    )
        -> IngestedForm
    {
        IngestedForm(
            title: title, major: major, chunkBytes: 500, indexDigest: digest(salt),
            blobDigest: digest(salt &+ 100),
            files: plain.map { .init(plainBytes: $0, storedBytes: $0 + 112) },
            at: Instant(seconds: 1_790_000_000))
    }

    @Test func `the snapshot has the stored sizes, chunks and digests`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A", "B")
            #expect(try store.noteIngested(form("A")))
            let items = try store.snapshot().catalogue.items
            #expect(
                items[0]
                    == Item(
                        title: 0, version: "1",
                        files: [ItemFile(name: "f0", sizeBytes: 1_612, kind: "movie")],
                        chunkBytes: 500, indexDigest: digest(1), blobDigest: digest(101)))
            #expect(items[1].blobDigest == nil && items[1].chunkBytes == 1_000)
            let shown = try store.items(ofTitle: "A")
            #expect(shown.map(\.indexDigest) == [digest(1)])
            #expect(shown.map(\.chunkBytes) == [500])
            #expect(shown.map(\.statedIndexDigest) == [nil])
        }
    }

    @Test func `noting the same again changes nothing, another form does`() throws {
        try withStore { store in
            #expect(try store.noteIngested(form("A", 1, plain: [1, 2])))
            let before = try store.contents()
            var again = form("A", 1, plain: [1, 2])
            again.at = Instant(seconds: 1_800_000_000)
            #expect(try !store.noteIngested(again))
            #expect(try store.contents() == before)
            #expect(try store.noteIngested(form("A", 1, plain: [3])))
            #expect(try store.noteIngested(form("A", 2)))
            #expect(try store.noteIngested(form("B")))
            #expect(try store.ingested().map(\.title) == ["A", "A", "B"])
            #expect(try store.ingested("A") == [form("A", 1, plain: [3]), form("A", 2)])
        }
    }

    @Test func `a feed that comes again, is replaced or deletes the title doesn't lose it`() throws
    {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A")
            try store.noteIngested(form("A"))
            let noted = try store.snapshot().catalogue.items
            try store.importTitles("A")
            try store.importing(source(.catalogue, feed: "feed", number: 2)) {
                _ = try $0.put(titles: [title("A", 1, 1, name: "Alpha")])
            }
            #expect(try store.snapshot().catalogue.items == noted)
            try store.importing(source(.catalogue, feed: "feed", number: 3)) {
                var gone = title("A", 1, 2)
                gone.verb = .delete
                _ = try $0.put(titles: [gone])
            }
            #expect(try store.ingested("A") == [form("A")])
            try store.importing(source(.catalogue, feed: "feed", number: 4)) {
                _ = try $0.put(titles: [title("A", 1, 3)])
            }
            #expect(try store.snapshot().catalogue.items == noted)
        }
    }

    @Test func `a feed of other sizes sets it aside with a warning`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A")
            try store.noteIngested(form("A"))
            try store.importing(source(.catalogue, feed: "feed", number: 2)) {
                _ = try $0.put(titles: [title("A", 1, 1, sizes: [1_501])])
            }
            let snapshot = try store.snapshot()
            #expect(snapshot.catalogue.items.map(\.indexDigest) == [nil])
            #expect(snapshot.catalogue.items[0].files[0].sizeBytes == 1_501)
            #expect(snapshot.notes.map(\.code) == ["W_INGESTED_OTHER"])
            try store.noteIngested(form("A", 1, plain: [1_501]))
            #expect(try store.snapshot().notes.isEmpty)
        }
    }

    @Test func `a feed that states another index is warned of, and what was ingested counts`()
        throws
    {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.catalogue, feed: "feed")) {
                var stated = title("A")
                stated.indexDigest = digest(9)
                stated.chunkBytes = 700
                _ = try $0.put(titles: [stated])
            }
            #expect(try store.snapshot().catalogue.items.map(\.indexDigest) == [digest(9)])
            try store.noteIngested(form("A"))
            let snapshot = try store.snapshot()
            #expect(snapshot.catalogue.items.map(\.indexDigest) == [digest(1)])
            #expect(snapshot.notes.map(\.code) == ["W_OTHER_INDEX"])
            #expect(try store.items(ofTitle: "A").map(\.statedIndexDigest) == [digest(9)])
        }
    }

    @Test func `a size that no feed states is known once the files are ingested`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.catalogue, feed: "feed")) {
                _ = try $0.put(titles: [title("A", sizes: [nil])])
            }
            #expect(try store.snapshot().catalogue.items.isEmpty)
            try store.noteIngested(form("A"))
            #expect(try store.snapshot().catalogue.items.map(\.files[0].sizeBytes) == [1_612])
        }
    }

    @Test func `a store of before is brought up to date and keeps what it has`() throws {
        try Fixtures.withFolder { folder in
            let path = folder.appending(path: "store.sqlite").path
            let store = try Store(path: path)
            try store.importSmallFleet()
            try store.importTitles("A")
            let before = try store.contents()
            try store.close()
            let queue = try DatabaseQueue(path: path)
            try queue.write {
                try $0.execute(
                    sql: """
                        DROP TABLE ingested_file; DROP TABLE ingested;
                        DROP TABLE report_mark; DROP TABLE report_night; PRAGMA user_version = 1
                        """)
            }
            try queue.close()
            let again = try Store(path: path)
            #expect(try again.contents() == before)
            #expect(try again.noteIngested(form("A")))
        }
    }
}
