import Catalogue
import Fleet
import Foundation
import Nightly
import Quantities
import Store
import Testing

/// Ingest as a use case: what is written depends on files and keys alone.
@Suite struct IngestContentTests {
    private let scratch: Scratch
    private let workspace: Workspace

    init() throws {
        scratch = try Scratch()
        workspace = try InitWorkspace.run(scratch.path + "/w")
    }

    private func entropy(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 &* 3 & 255) } }

    private func file(_ name: String, _ count: Int, seed: UInt64) throws -> String {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return try file(name, bytes)
    }

    private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = "\(scratch.path)/\(name)"
        try Files.makeFolder(Files.folder(of: path))
        try Files.write(bytes, to: path, syncing: false)
        return path
    }

    private func request(
        _ files: [String], _ title: String = "A", _ version: Int32 = 1, chunkBytes: Int64 = 100
    ) -> IngestContent.Request {
        var request = IngestContent.Request(now: Instant(seconds: 1_795_000_000))
        (request.files, request.title, request.version) = (files, title, version)
        request.chunkBytes = chunkBytes
        return request
    }

    @discardableResult
    private func ingest(_ request: IngestContent.Request, in workspace: Workspace? = nil) throws
        -> IngestOutcome
    {
        let workspace = workspace ?? self.workspace
        let store = try workspace.openStore()
        defer { try? store.close() }
        let outcomes = try IngestContent.run(
            request, in: workspace, store: store, entropy: entropy, progress: { _, _, _ in })
        return try #require(outcomes.first)
    }

    private func findings(_ workspace: Workspace? = nil) throws -> [VerifyOrigin.Finding] {
        var findings: [VerifyOrigin.Finding] = []
        _ = try VerifyOrigin.run((workspace ?? self.workspace).originFolder) {
            findings.append($0)
        } progress: { _ in
        }
        return findings
    }

    private func feed(_ files: String, major: Int = 1, index: String = "") throws {
        try scratch.write(
            "feed.xml",
            """
            <catalogue xmlns="urn:mediaplan:catalogue:1" extent="delta">
              <title id="A" major="\(major)"\(index)>\(files)</title>
            </catalogue>
            """)
        let store = try workspace.openStore()
        defer { try? store.close() }
        let outcomes = try ImportSources.run(
            ImportRequest(
                table: .catalogue, sources: ["\(scratch.path)/feed.xml"],
                now: Instant(seconds: 1_795_000_000)), in: workspace, store: store
        ) { _, _ in }
        #expect(outcomes.allSatisfy { $0.failure == nil && $0.rejected == 0 })
    }

    @Test func `equal files and keys give equal origins`() throws {
        let other = try InitWorkspace.run(scratch.path + "/other")
        let one = try file("one/a.ts", 1234, seed: 1)
        let same = try file("two/a.ts", 1234, seed: 1)
        let first = try ingest(request([one]))
        #expect(try ingest(request([same]), in: other).blob == first.blob)
        for folder in ["blobs", "indexes", "metalinks"] {
            let paths = [workspace, other].map { "\($0.originFolder)/\(folder)" }
            let files = try paths.map { try FolderScan.names(in: $0) }
            #expect(files[0] == files[1] && files[0].count == 1)
            let bytes = try zip(paths, files).map { try Files.read("\($0)/\($1[0])") }
            #expect(bytes[0] == bytes[1])
        }
    }

    @Test(arguments: [1, 35, 36, 37, 71, 72, 73, 144, 145, 1000])
    func `every size is cut as the format page says`(bytes: Int) throws {
        let path = try file("a.ts", bytes, seed: UInt64(bytes))
        let outcome = try ingest(request([path], chunkBytes: 64))
        let chunks = (bytes - 1) / 36 + 1
        #expect(outcome.chunks == Int64(chunks))
        #expect(outcome.storedBytes == Int64(bytes + 28 * chunks))
        #expect(outcome.plainBytes == Int64(bytes))
        #expect(try findings().isEmpty)
        #expect(try ingest(request([path], chunkBytes: 64)).verdict == .unchanged)
    }

    @Test func `chunks that moved within a new version are found, also twice`() throws {
        let old = try file("old.ts", 72 * 10, seed: 1)
        let bytes = try Files.read(old)
        try ingest(request([old]))
        let chunk = { (number: Int) in Array(bytes[72 * number..<72 * (number + 1)]) }
        let moved = [9, 0, 1, 5, 5, 3].flatMap(chunk) + [UInt8](repeating: 7, count: 72) + chunk(8)
        let new = try file("new.ts", moved)
        let outcome = try ingest(request([new], "A", 2))
        #expect(outcome.chunks == 8 && outcome.reusedChunks == 7)
        #expect(try findings().isEmpty)
        let other = try ingest(request([new], "B", 1))
        #expect(other.reusedChunks == 0, "another title has another key")
    }

    @Test func `a damaged chunk of an earlier version is not taken over`() throws {
        let old = try file("old.ts", 720, seed: 1)
        let first = try ingest(request([old]))
        let blob = "\(workspace.originFolder)/blobs/\(first.blob?.hex ?? "")"
        var bytes = try Files.read(blob)
        bytes[450] ^= 1
        try Files.write(bytes, to: blob, syncing: false)
        let new = try file("new.ts", Files.read(old) + [1])
        #expect(try ingest(request([new], "A", 2)).reusedChunks == 9)
        #expect(try findings().map(\.chunk) == [4])
        var mending = request([old])
        mending.replaces = true
        #expect(try ingest(mending).verdict == .ingested)
        #expect(try findings().isEmpty)
    }

    @Test func `what is sealed already stays as it is`() throws {
        let path = try file("a.ts", 1000, seed: 1)
        var sealed = request([path])
        sealed.isSealed = true
        let outcome = try ingest(sealed)
        #expect(outcome.storedBytes == 1000 && outcome.chunks == 10)
        let blob = "\(workspace.originFolder)/blobs/\(outcome.blob?.hex ?? "")"
        #expect(try Files.read(blob) == Files.read(path))
        #expect(Files.kind(workspace.contentKeysPath) == nil)
        #expect(try ingest(sealed).verdict == .unchanged)
        let next = try file("b.ts", Files.read(path)[100...] + [1])
        var second = request([next], "A", 2)
        second.isSealed = true
        #expect(try ingest(second).reusedChunks == 9)
    }

    @Test func `the sealed form of a file may be ingested in place of the file`() throws {
        let path = try file("a.ts", 1000, seed: 1)
        let outcome = try ingest(request([path], "X"))
        let blob = try Files.read("\(workspace.originFolder)/blobs/\(outcome.blob?.hex ?? "")")
        try feed(#"<file name="a.ts" kind="movie" size="1000"/>"#)
        var sealed = request([try file("sealed/a.ts", blob)])
        sealed.isSealed = true
        #expect(try ingest(sealed).plainBytes == 1000)
        let store = try workspace.openStore()
        let night = Night(
            date: TrialNight.date, start: TrialNight.now, slotSeconds: 900, slotCount: 4)
        let item = try store.snapshot(night: night, chunkBytes: 1000) { LocalClock(zone: $0) }
            .catalogue.items
        #expect(item.map(\.files[0].sizeBytes) == [Int64(blob.count)])
        #expect(item.map(\.blobDigest) == [outcome.blob])
    }

    @Test(arguments: [
        (#"md5="2680090e51970e67b412af35201b9053""#, "2680090e51970e67b412af35201b9053"),
        (
            #"sha256="0f343b0931126a20f133d67c2b018a3b1e2d3c4b5a69788796a5b4c3d2e1f001""#,
            "0f343b0931126a20f133d67c2b018a3b1e2d3c4b5a69788796a5b4c3d2e1f001"
        ),
    ])
    func `a wrong checksum is refused and leaves nothing`(stated: String, told: String) throws {
        try feed(#"<file name="a.ts" kind="movie" size="1000" \#(stated)/>"#)
        let outcome = try ingest(request([try file("a.ts", 1000, seed: 1)]))
        #expect(outcome.failure?.message.contains(told) == true)
        for folder in ["blobs", "indexes", "metalinks"] {
            #expect(try FolderScan.names(in: "\(workspace.originFolder)/\(folder)").isEmpty)
        }
        #expect(try FolderScan.names(in: "\(workspace.originFolder)/.ingest") == ["lock"])
    }

    @Test func `bytes of another index than the feed states are refused, the right ones taken`()
        throws
    {
        let path = try file("a.ts", 1000, seed: 1)
        var sealed = request([path])
        sealed.isSealed = true
        sealed.title = "A"
        let index = try #require(try ingest(sealed).index?.hex)
        try Files.removeTree(workspace.originFolder)
        try feed(
            #"<file name="a.ts" kind="movie" size="1000"/>"#, index: #" index="\#(index)""#)
        let refused = try ingest(request([path]))
        #expect(refused.failure?.kind == .refused)
        #expect(refused.failure?.hint?.contains("--sealed") == true)
        #expect(try FolderScan.names(in: "\(workspace.originFolder)/blobs").isEmpty)
        #expect(try ingest(sealed).index?.hex == index)
        #expect(try findings().isEmpty)
    }

    @Test func `a file that a feed states of another size than before is ingested anew`() throws {
        try feed(#"<file name="a.ts" kind="movie" size="1000"/>"#)
        try ingest(request([try file("a.ts", 1000, seed: 1)]))
        try feed(#"<file name="a.ts" kind="movie" size="1001"/>"#)
        let longer = try file("a.ts", 1001, seed: 1)
        #expect(try ingest(request([longer])).failure?.kind == .refused)
        var replacing = request([longer])
        replacing.replaces = true
        #expect(try ingest(replacing).reusedChunks == 13)
        #expect(try findings().map(\.kind) == [.unused, .unused])
    }

    @Test func `an item is found by its files, and all of them must be there`() throws {
        try feed(
            #"<file name="x/a.ts" kind="movie" size="10"/><file name="y/b.jpg" kind="poster" size="5"/>"#
        )
        var found = request([try file("in/x/a.ts", 10, seed: 1)])
        (found.title, found.version) = (nil, nil)
        #expect(throws: NightlyError.self) { try ingest(found) }
        _ = try file("in/x/b.jpg", 5, seed: 2)
        #expect(try ingest(found).plainBytes == 15)
        var below = found
        (below.files, below.folders) = ([], ["\(scratch.path)/in/x"])
        #expect(try ingest(below).verdict == .known)
    }
}
