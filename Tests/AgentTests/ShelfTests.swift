import Catalogue
import Content
import Foundation
import Glibc
import Quantities
import Testing

@testable import Agent

@Suite struct ShelfTests {
    private let item = TrialItem("film")

    private func opened(_ folder: TemporaryFolder) throws -> (StateFolder, Shelf) {
        let box = try TrialBox("a", in: folder)
        let state = try StateFolder(working: box.path)
        return (state, Shelf(state))
    }

    private func write(_ shelf: Shelf, _ chunks: [Int32]) {
        for chunk in chunks {
            let code = Array(item.chunk(chunk)).withUnsafeBytes {
                shelf.files.write(
                    item.key, $0, at: item.layout.offset(ofChunk: chunk),
                    totalBytes: item.layout.totalBytes)
            }
            #expect(code == nil)
        }
    }

    private func check(_ shelf: Shelf, _ place: ShelfFiles.Place) throws -> ChunkCheck {
        let check = ChunkCheck(try #require(shelf.files.open(item.key, place)), item.index)
        while check.step() {}
        return check
    }

    @Test func `what is written is found good, holes are not, and bad bytes are told`() throws {
        let folder = try TemporaryFolder()
        let (_, shelf) = try opened(folder)
        #expect(item.layout.count == 7)
        write(shelf, [0, 2, 5, 6])
        let bad = [UInt8](repeating: 9, count: 100)
        _ = bad.withUnsafeBytes {
            shelf.files.write(
                item.key, $0, at: item.layout.offset(ofChunk: 2) + 5,
                totalBytes: item.layout.totalBytes)
        }
        let check = try check(shelf, .partial)
        #expect(check.good.description == "0,5-6")
        #expect(check.bad == [2])
        #expect(shelf.settle(item.key, .partial, check, digest: item.digest) == check.good)
        #expect(shelf.entry(item.key)?.isComplete == false)
        #expect(try self.check(shelf, .partial).bad.isEmpty)
    }

    @Test func `a finished item has its bytes and counts until its file changes`() throws {
        let folder = try TemporaryFolder()
        let (state, shelf) = try opened(folder)
        write(shelf, (0..<item.layout.count).shuffled())
        let check = try check(shelf, .partial)
        _ = shelf.settle(item.key, .partial, check, digest: item.digest)
        #expect(try folder.read("a/items/\(item.key)") == item.bytes)
        #expect(!folder.has("a/partial/\(item.key)"))
        #expect(shelf.isKnown(item.key, index: item.digest))
        shelf.save()
        let again = Shelf(state)
        #expect(again.list == shelf.list)
        #expect(again.isKnown(item.key, index: item.digest))
        #expect(!again.isKnown(item.key, index: item.index.blob))
        var bytes = item.bytes
        bytes[70_000] ^= 1
        try folder.write(bytes, "a/items/\(item.key)")
        #expect(!again.isKnown(item.key, index: item.digest))
        #expect(again.listChecked().isEmpty)
    }

    @Test(arguments: [ShelfFiles.Place.items, .partial])
    func `a file that is replaced or written while it is checked isn't taken for the checked one`(
        place: ShelfFiles.Place
    ) throws {
        let name = place == .items ? "items" : "partial"
        for replaces in [true, false] {
            let folder = try TemporaryFolder()
            let (_, shelf) = try opened(folder)
            try folder.write(item.bytes, "a/\(name)/\(item.key)")
            let found = try check(shelf, place)
            #expect(found.bad.isEmpty)
            let other = [UInt8](repeating: 1, count: item.bytes.count)
            let path = folder.path("a/\(name)/\(item.key)")
            if replaces {
                try folder.write(other, "other")
                #expect(rename(folder.path("other"), path) == 0)
            } else {
                let file = try FileHandle(forWritingTo: URL(filePath: path))
                Thread.sleep(forTimeInterval: 0.02)
                try file.write(contentsOf: Data(other))
            }
            _ = shelf.settle(item.key, place, found, digest: item.digest)
            #expect(!shelf.isKnown(item.key, index: item.digest))
            #expect(!folder.has("a/items/\(item.key)") || place == .items)
        }
    }

    @Test func `an adopted file with a bad chunk goes back to partial without it`() throws {
        let folder = try TemporaryFolder()
        let (_, shelf) = try opened(folder)
        var bytes = item.bytes
        bytes[70_000] ^= 1
        try folder.write(bytes, "a/items/\(item.key)")
        let found = try check(shelf, .items)
        #expect(found.bad == [1])
        _ = shelf.settle(item.key, .items, found, digest: item.digest)
        #expect(!folder.has("a/items/\(item.key)"))
        #expect(shelf.entry(item.key)?.chunks.description == "0,2-6")
        #expect(shelf.entry(item.key)?.mayBeBought == false)
        write(shelf, [1])
        let mended = try check(shelf, .partial)
        #expect(mended.good.count == 7)
    }

    @Test(arguments: [100_000, 370_001, 0]) func `a file of another size is not taken for whole`(
        size: Int
    ) throws {
        let folder = try TemporaryFolder()
        let (_, shelf) = try opened(folder)
        try folder.write(Array((item.bytes + [1]).prefix(size)), "a/items/\(item.key)")
        let found = try check(shelf, .items)
        // More bytes than the item has harm nothing, but fewer do.
        #expect((found.good.count == 7) == (size > item.bytes.count))
    }

    @Test func `removing chunks gives their space back and keeps the others`() throws {
        let folder = try TemporaryFolder()
        let (_, shelf) = try opened(folder)
        try folder.write(item.bytes, "a/items/\(item.key)")
        _ = shelf.settle(item.key, .items, try check(shelf, .items), digest: item.digest)
        shelf.remove(item.key, RangeSet32(0..<3), layout: item.layout)
        let left = try check(shelf, .partial)
        #expect(left.good.description == "3-6")
        #expect(left.bad.isEmpty)
        #expect(shelf.entry(item.key)?.chunks.description == "3-6")
        shelf.remove(item.key, RangeSet32(3..<7), layout: item.layout)
        #expect(shelf.entry(item.key) == nil)
        #expect(!folder.has("a/partial/\(item.key)"))
    }

    @Test func `links are never followed`() throws {
        let folder = try TemporaryFolder()
        let (_, shelf) = try opened(folder)
        let outside = folder.path("outside")
        try folder.write(item.bytes, "outside")
        for place in ["items", "partial"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("a/\(place)/\(item.key)"), withDestinationPath: outside)
        }
        #expect(shelf.files.keys(.items).isEmpty)
        #expect(shelf.files.open(item.key) == nil)
        let code = [UInt8](repeating: 0, count: 10).withUnsafeBytes {
            shelf.files.write(item.key, $0, at: 0, totalBytes: item.layout.totalBytes)
        }
        #expect(code != nil)
        shelf.remove(item.key, nil, layout: nil)
        #expect(try folder.read("outside") == item.bytes)
        #expect(!folder.has("a/items/\(item.key)"))
    }

    @Test func `files that are no items are left alone`() throws {
        let folder = try TemporaryFolder()
        let (_, shelf) = try opened(folder)
        for name in ["README", ".hidden@1", "a b@1"] { try folder.write([1], "a/items/\(name)") }
        #expect(mkfifo(folder.path("a/items/pipe@1"), 0o600) == 0)
        #expect(shelf.files.keys(.items).isEmpty)
        #expect(shelf.files.open("pipe@1") == nil)
    }

    @Test func `an index that nobody needs goes, in time`() throws {
        let folder = try TemporaryFolder()
        let (state, shelf) = try opened(folder)
        let indexes = IndexFiles(state, limitBytes: 1 << 20)
        let named = TrialItem("named", seed: 2)
        let lying = TrialItem("lying", seed: 3)
        for item in [item, named, lying] { indexes.keep(item.digest, item.index.json) }
        try folder.write(lying.bytes, "a/items/\(lying.key)")
        try folder.write([1], "a/indexes/README")
        let broken = String(repeating: "0", count: 64)
        try folder.write([1], "a/indexes/\(broken)")
        let all = try folder.names("a/indexes")
        let now = Equipment.now()
        indexes.prune(
            named: [named.digest], files: shelf.files, before: now.advanced(bySeconds: -60))
        #expect(try folder.names("a/indexes") == all)
        indexes.prune(
            named: [named.digest], files: shelf.files, before: now.advanced(bySeconds: 60))
        #expect(
            try folder.names("a/indexes")
                == [named.digest.hex, lying.digest.hex, "README"].sorted())
    }

    @Test(arguments: ["", "{", "{}", #"{"items":{"a@1":{}},"schema":"mediaplan-shelf"}"#])
    func `a damaged record only means reading again`(text: String) throws {
        let folder = try TemporaryFolder()
        let (state, _) = try opened(folder)
        try folder.write(Array(text.utf8), "a/shelf.json")
        #expect(Shelf(state).list.isEmpty)
    }

    @Test func `verify names bad chunks, and they are fetched again`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        try box.give(item)
        var shelf = Shelf(try StateFolder(working: box.path))
        _ = shelf.settle(item.key, .items, try check(shelf, .items), digest: item.digest)
        shelf.save()
        shelf = Shelf(try StateFolder(looking: box.path))
        var bytes = item.bytes
        bytes[300_001] ^= 1
        try folder.write(bytes, "a/items/\(item.key)")
        var findings: [ShelfVerification.Finding] = []
        try ShelfVerification.verify(box.path) { findings.append($0) }
        #expect(findings.map(\.bad) == [[5]])
        #expect(findings.map(\.goodCount) == [6])
        #expect(folder.has("a/partial/\(item.key)"))
        findings = []
        try ShelfVerification.verify(box.path) { findings.append($0) }
        #expect(findings.map(\.bad) == [[]])
    }
}
