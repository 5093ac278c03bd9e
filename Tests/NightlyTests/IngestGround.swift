import Foundation
import Nightly
import Quantities
import Store
import Testing

/// A workspace with an origin to ingest into.
struct IngestGround {
    let scratch: Scratch
    let workspace: Workspace

    init() throws {
        scratch = try Scratch()
        workspace = try InitWorkspace.run(scratch.path + "/w")
    }

    var folder: String { workspace.originFolder }

    func file(_ name: String, _ count: Int, seed: UInt64) throws -> String {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let path = "\(scratch.path)/\(name)"
        try Files.replace(path, with: bytes)
        return path
    }

    /// Writes a file below the origin's folder.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let path = "\(folder)/\(name)"
        try Files.makeFolder(Files.folder(of: path))
        try Files.replace(path, with: bytes)
    }

    /// What lies in a folder of the origin.
    func names(_ name: String) throws -> [String] {
        let path = "\(folder)/\(name)"
        return Files.kind(path) == .folder
            ? try FileManager.default.contentsOfDirectory(atPath: path).sorted() : []
    }

    func request(
        _ files: [String], _ title: String = "A", _ version: Int32 = 1, chunkBytes: Int64 = 100
    ) -> IngestContent.Request {
        var request = IngestContent.Request(now: Instant(seconds: 1_795_000_000))
        (request.files, request.title, request.version) = (files, title, version)
        request.chunkBytes = chunkBytes
        return request
    }

    @discardableResult
    func ingest(_ request: IngestContent.Request, in other: Workspace? = nil) throws
        -> IngestOutcome
    {
        let store = try (other ?? workspace).openStore()
        defer { try? store.close() }
        let outcomes = try IngestContent.run(
            request, in: other ?? workspace, store: store,
            entropy: { count in (0..<count).map { UInt8($0 &* 3 & 255) } },
            progress: { _, _, _ in })
        return try #require(outcomes.first)
    }

    func findings() throws -> [VerifyOrigin.Finding] {
        var findings: [VerifyOrigin.Finding] = []
        _ = try VerifyOrigin.run(folder) {
            findings.append($0)
        } progress: { _ in
        }
        return findings
    }
}
