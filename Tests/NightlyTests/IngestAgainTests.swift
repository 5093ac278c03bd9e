import Foundation
import Nightly
import Quantities
import Testing

/// What a run that ended anywhere leaves to the next one.
@Suite struct IngestAgainTests {
    private let ground: IngestGround

    init() throws { ground = try IngestGround() }

    /// The origin as a run leaves it that ends while it waits to note the item: seen from a
    /// workspace whose store knows nothing.
    private func leaveUnnoted(_ path: String) throws -> (Workspace, IngestContent.Request) {
        let first = try ground.ingest(ground.request([path]))
        try ground.write(".ingest/\(first.item)/index", Array((first.index?.hex ?? "").utf8))
        let other = try InitWorkspace.run(ground.scratch.path + "/other")
        var request = ground.request([path])
        request.origin = ground.folder
        return (other, request)
    }

    @Test func `what was published and not noted is noted by the next run`() throws {
        let path = try ground.file("a.ts", 1000, seed: 1)
        let (other, request) = try leaveUnnoted(path)
        let again = try ground.ingest(request, in: other)
        #expect(again.verdict == .ingested && again.resumedChunks == again.chunks)
        #expect(try ground.names(".ingest") == ["lock"])
        #expect(try ground.ingest(request, in: other).verdict == .unchanged)
    }

    @Test func `other bytes leave what was published and not noted as it is, and retire its index`()
        throws
    {
        let path = try ground.file("a.ts", 1000, seed: 1)
        let (other, request) = try leaveUnnoted(path)
        let old = try #require(try ground.names("blobs").first)
        // As versions did that kept both names.
        try ground.write(".ingest/A@1/journal", [])
        try FileManager.default.linkItem(
            atPath: "\(ground.folder)/blobs/\(old)", toPath: "\(ground.folder)/.ingest/A@1/blob")
        _ = try ground.file("a.ts", 900, seed: 2)
        #expect(try ground.ingest(request, in: other).verdict == .ingested)
        #expect(try ground.findings().map(\.kind) == [.unused, .unused])
        let names = try ground.names("indexes")
        #expect(names.count == 2 && names.count { $0.hasSuffix(".retired") } == 1)
        #expect(try ground.names(".ingest") == ["lock"])
    }

    @Test func `a run that ended before it tidied up is tidied up by the next`() throws {
        let path = try ground.file("a.ts", 1000, seed: 1)
        let first = try ground.ingest(ground.request([path]))
        let blob = "\(ground.folder)/blobs/\(first.blob?.hex ?? "")"
        #expect(
            try FileManager.default.attributesOfItem(atPath: blob)[.referenceCount] as? Int == 1)
        try ground.write(".ingest/A@1/journal", [])
        try FileManager.default.linkItem(
            atPath: blob, toPath: "\(ground.folder)/.ingest/A@1/blob")
        let bytes = try Files.read(blob)
        #expect(try ground.ingest(ground.request([path])).verdict == .unchanged)
        #expect(try ground.names(".ingest") == ["lock"])
        var replacing = ground.request([try ground.file("a.ts", 1000, seed: 3)])
        replacing.replaces = true
        try ground.ingest(replacing)
        #expect(try Files.read(blob) == bytes)
    }

    @Test func `a damaged index is made anew with --replace, of the same bytes and of others`()
        throws
    {
        let path = try ground.file("a.ts", 1000, seed: 1)
        var outcome = try ground.ingest(ground.request([path]))
        for seed: UInt64 in [1, 2] {
            let index = outcome.index?.hex ?? ""
            var bytes = try Files.read("\(ground.folder)/indexes/\(index)")
            bytes[30] ^= 1
            try ground.write("indexes/\(index)", bytes)
            let found = try ground.findings().filter { $0.kind == .badIndex }
            #expect(found.count == 1 && found.allSatisfy { !$0.message.contains($0.path) })
            let next = ground.request([try ground.file("b.ts", 500, seed: 9)], "A", Int32(seed + 1))
            #expect(try ground.ingest(next).failure == nil, "another version goes on without it")
            var again = ground.request([try ground.file("a.ts", 1000, seed: seed)])
            #expect(try ground.ingest(again).failure?.hint?.contains("--replace") == true)
            again.replaces = true
            outcome = try ground.ingest(again)
            #expect(outcome.verdict == .ingested)
            #expect(try ground.findings().allSatisfy { !$0.isBad })
        }
    }
}

/// What is refused before anything is written.
@Suite struct IngestRefusalTests {
    private let ground: IngestGround

    init() throws { ground = try IngestGround() }

    @Test func `an index that no device would read is refused, and the chunk size told that does`()
        throws
    {
        // 36 bytes of the file in a chunk of 64: 18,000,000 bytes are 500,000 chunks.
        let path = ground.scratch.path + "/big.ts"
        try Files.write([], to: path)
        try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 18_000_000)
        let refused = try ground.ingest(ground.request([path], chunkBytes: 64))
        #expect(refused.failure?.message.contains("500000 chunks of 64 bytes") == true)
        #expect(refused.failure?.hint == "give --chunk-bytes 128 or more")
        #expect(try ground.names("blobs").isEmpty && ground.names(".ingest") == ["lock"])
    }

    @Test func `a file that isn't there is told to be missing`() throws {
        var request = ground.request(["\(ground.scratch.path)/none.ts"])
        (request.title, request.version) = (nil, nil)
        let refusal = #expect(throws: NightlyError.self) { try ground.ingest(request) }
        #expect(refusal?.message.hasPrefix("there is no file '") == true)
    }
}
