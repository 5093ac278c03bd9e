import Catalogue
import Content
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

/// `Fixtures/agents/agent.sh` against files on a real server: what a dumb box can do by its
/// manifest alone.
@Suite(
    .serialized,
    .enabled(
        if: ["jq", "curl", "openssl", "python3"].allSatisfy(isInstalled),
        "needs jq, curl, openssl and python3"), .waiting)
struct ShellAgentTests {
    @Test func `fetches from box and origin, verifies, publishes and reports`() throws {
        let trial = try Trial()
        #expect(try trial.run().status == 0)
        #expect(try trial.item() == trial.blob)
        #expect(
            try trial.report() == [
                "complete,box,0", "complete,box,1", "complete,origin,2", "local,,all",
            ])
        #expect(try trial.run().status == 0, "the same again is fine")
        #expect(try trial.report().count == 4)
    }

    @Test func `a lying box costs one chunk, and the origin mends it`() throws {
        let trial = try Trial()
        var lie = trial.blob
        lie[70_000] ^= 1
        _ = try trial.folder.write(lie, to: "box/\(trial.key)")
        #expect(try trial.run().status == 0)
        #expect(try trial.item() == trial.blob)
        let report = try trial.report()
        #expect(report.prefix(2) == ["complete,box,0", "corrupt,box,"])
        #expect(report.contains("complete,origin,1"))
    }

    @Test func `a box that asks for another token, or is away, is passed over`() throws {
        for address in [nil, "127.0.0.1:1"] {
            let trial = try Trial(boxAddress: address)
            _ = try trial.folder.write(Array("none".utf8), to: "tokens")
            #expect(try trial.run().status == 0)
            #expect(try trial.item() == trial.blob)
            #expect(try trial.report().first == "refused,box,")
        }
    }

    @Test(arguments: ["gone", "whole", "elsewhere", "shifted"])
    func `an origin that doesn't answer with the range gives nothing`(fault: String) throws {
        let trial = try Trial()
        try trial.allowPlannedAlone()
        _ = try trial.folder.write(Array(fault.utf8), to: "fault")
        #expect(try trial.run().status == 1)
        #expect(throws: (any Error).self) { try trial.item() }
        try FileManager.default.removeItem(atPath: trial.folder.path("fault"))
        #expect(try trial.run().status == 0, "it goes on with what it has")
        #expect(try trial.report().filter { $0.hasPrefix("complete") }.count == 3)
    }

    @Test func `the origins' reserve and the night's cap are kept`() throws {
        let trial = try Trial(boxAddress: "127.0.0.1:1") { $0.caps.reserveBytes = 65_536 }
        #expect(try trial.run().status == 1)
        #expect(try trial.report().filter { $0.hasPrefix("complete,origin") }.count == 2)
        let poor = try Trial { $0.caps.fetchBytes = 70_000 }
        #expect(try poor.run().status == 1)
        #expect(try poor.report().filter { $0.hasPrefix("complete") }.count == 1)
    }

    @Test func `damage on its own disk is found`() throws {
        let trial = try Trial()
        try trial.allowPlannedAlone()
        _ = try trial.folder.write(Array("gone".utf8), to: "fault")
        #expect(try trial.run().status == 1)
        _ = try trial.folder.write([1, 2, 3], to: "state/partial/\(trial.key)/0")
        try FileManager.default.removeItem(atPath: trial.folder.path("fault"))
        #expect(try trial.run().status == 0)
        #expect(try trial.item() == trial.blob)
    }

    @Test(
        arguments: [
            { $0.device = "another" }, { $0.fleet = "another" },
            { $0.notBefore = $0.expires.advanced(bySeconds: -1) },
            {
                $0.notBefore = $0.notBefore.advanced(bySeconds: -9_000)
                $0.expires = $0.notBefore.advanced(bySeconds: 60)
            },
        ] as [@Sendable (inout ManifestContent) -> Void])
    func `a manifest for another box or time is refused`(
        change: @escaping @Sendable (inout ManifestContent) -> Void
    ) throws {
        let trial = try Trial(change: change)
        #expect(try trial.run().status == 12)
        #expect(throws: (any Error).self) { try trial.item() }
    }

    @Test func `a changed manifest, another key, and an older number are refused`() throws {
        let trial = try Trial()
        let good = try trial.folder.read("manifest.json")
        let text = String(decoding: good, as: UTF8.self)
        _ = try trial.folder.write(
            Array(text.replacing(#""slot_seconds":66"#, with: #""slot_seconds":67"#).utf8),
            to: "manifest.json")
        #expect(try trial.run().status == 12)
        _ = try trial.folder.write(good, to: "manifest.json")
        _ = try trial.folder.write(try exampleKey(9).publicKey.pem, to: "key.pem")
        #expect(try trial.run().status == 12)
        _ = try trial.folder.write(try exampleKey().publicKey.pem, to: "key.pem")
        #expect(try trial.run().status == 0)
        try trial.sign { $0.sequence = 6 }
        #expect(try trial.run().status == 12)
        try trial.sign { $0.caps.serveBytes = 1 }
        #expect(try trial.run().status == 12)
        try trial.sign { $0.sequence = 8 }
        #expect(try trial.run().status == 0)
    }

    @Test func `content that the offline catalogue doesn't list isn't taken`() throws {
        let trial = try Trial()
        try trial.sign { $0.items[0].index = sha256([1]) }
        #expect(try trial.run().status == 1)
        try trial.publishCatalogue(salt: 9)
        #expect(try trial.run().status == 12)
        try trial.publishCatalogue(salt: 2, listing: sha256([2]))
        #expect(try trial.run().status == 1)
        #expect(throws: (any Error).self) { try trial.item() }
    }

    @Test func `it has at most a hundred and fifty lines, for any shell`() throws {
        let script = String(decoding: try Fixtures.bytes("agents/agent.sh"), as: UTF8.self)
        #expect(script.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
        #expect(script.hasPrefix("#!/bin/sh\n"))
    }
}

/// One item of three chunks: a box holds it, the manifest plans two chunks from the box and one
/// from the origin.
private final class Trial {
    let folder: TemporaryFolder
    let blob: [UInt8]
    let key = "t@1"
    private let index: ChunkIndex
    private let server = Process()
    private var content: ManifestContent

    init(
        boxAddress: String? = nil, change: (inout ManifestContent) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        var random = SplitMix64(seed: 11)
        blob = (0..<150_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let bytes = blob
        let stored = StoredFile(name: "f", kind: "movie", plainBytes: 149_916, storedBytes: 150_000)
        index = ChunkIndex(
            title: "t", version: "1", chunkBytes: 65_536, files: [stored], blob: sha256(bytes),
            chunks: [0, 65_536, 131_072].map {
                sha256(Array(bytes[$0..<min(150_000, $0 + 65_536)]))
            })
        _ = try folder.write(bytes, to: "vod/blobs/\(index.blob.hex)")
        _ = try folder.write(index.json, to: "vod/indexes/\(index.digest.hex)")
        _ = try folder.write(bytes, to: "box/\(key)")
        let token = String(repeating: "ab", count: 16)
        let other = String(repeating: "cd", count: 16)
        let output = Pipe()
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments = ["python3", Fixtures.url("agents/serve.py").path, folder.url.path]
        server.standardOutput = output
        try server.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        content = Trial.content(
            index, key, box: boxAddress ?? "127.0.0.1:\(port)", port: port, token, other)
        let shown = content.fetch[0].movement.token
        _ = try folder.write(Array("\(shown) \(other)".utf8), to: "tokens")
        change(&content)
        try sign { _ in }
        try publishCatalogue(salt: 2)
        _ = try folder.write(try exampleKey().publicKey.pem, to: "key.pem")
        _ = try folder.write(try exampleKey(2).publicKey.pem, to: "catalogue.pem")
    }

    deinit { kill(server.processIdentifier, SIGKILL) }

    private static func content(
        _ index: ChunkIndex, _ key: String, box: String, port: Int, _ token: String,
        _ other: String
    ) -> ManifestContent {
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        let span = ManifestContent.Span(
            starts: now.advanced(bySeconds: -60), ends: now.advanced(bySeconds: 600))
        let origin = ManifestContent.End(
            kind: .origin, id: "origin", address: "http://127.0.0.1:\(port)/vod")
        let peer = ManifestContent.End(kind: .device, id: "box", address: box, token: token)
        var fallback = peer
        fallback.token = other
        func fetch(
            _ chunks: ClosedRange<Int32>, _ offset: Int64, _ bytes: Int64,
            _ end: ManifestContent.End
        ) -> ManifestContent.Fetch {
            let piece = ManifestContent.Piece(
                item: key, chunks: chunks, offset: offset, bytes: bytes)
            return ManifestContent.Fetch(
                piece: piece,
                movement: .init(
                    span: span, rateKbps: 1_000_000, role: .connect,
                    token: end.token(for: piece, at: span.starts)), source: end, area: .wish)
        }
        return ManifestContent(
            fleet: "trial", device: "me", night: now.utcDate, sequence: 7, plan: sha256([]),
            issued: now.advanced(bySeconds: -90), notBefore: now.advanced(bySeconds: -60),
            expires: now.advanced(bySeconds: 3_600), slotSeconds: 660, window: [span],
            items: [
                ManifestItem(
                    key: key, title: "t", version: "1", name: "",
                    fileBytes: [150_000],
                    chunkBytes: 65_536, index: index.digest, completes: true,
                    path: "blobs/\(index.blob.hex)", fallbacks: [fallback, origin])
            ],
            fetch: [
                fetch(0...1, 0, 131_072, peer), fetch(2...2, 131_072, 18_928, origin),
            ],
            caps: .init(
                fetchBytes: 1_000_000, fallbackBytes: 1_000_000, reserveBytes: 1_000_000))
    }

    /// The box answers the planned transfer, not as a fall-back.
    func allowPlannedAlone() throws {
        _ = try folder.write(Array(content.fetch[0].movement.token.utf8), to: "tokens")
    }

    /// Writes the manifest with a change.
    func sign(_ change: (inout ManifestContent) -> Void) throws {
        var changed = content
        change(&changed)
        let signed = try ManifestDraft(content: changed).signed(with: exampleKey())
        _ = try folder.write(signed.json, to: "manifest.json")
        _ = try folder.write(signed.minisig, to: "manifest.json.minisig")
    }

    /// Writes a catalogue of the item and many others, signed with an example key.
    func publishCatalogue(salt: UInt8, listing digest: Quantities.Digest? = nil) throws {
        let now = content.issued
        let others = (0..<600).map {
            IndexCatalogue.Entry(item: "x\($0)@1", index: sha256(Array("\($0)".utf8)))
        }
        let catalogue = try IndexCatalogue(
            fleet: "trial", sequence: digest == nil ? 1 : 2, issued: now,
            expires: now.advanced(bySeconds: 90_000),
            entries: others + [.init(item: key, index: digest ?? index.digest)])
        let signed = try catalogue.root(of: catalogue.shards).signed(with: exampleKey(salt))
        _ = try folder.write(signed.root, to: "vod/catalogue/root.json")
        _ = try folder.write(signed.minisig, to: "vod/catalogue/root.json.minisig")
        for shard in catalogue.shards {
            _ = try folder.write(shard, to: "vod/catalogue/\(sha256(shard).hex).json")
        }
    }

    func run() throws -> ProgramResult {
        try TestSupport.run(
            "sh",
            [
                Fixtures.url("agents/agent.sh").path, folder.path("manifest.json"),
                folder.path("state"), folder.path("key.pem"), folder.path("catalogue.pem"),
                "trial", "me",
            ])
    }

    func item() throws -> [UInt8] { try folder.read("state/items/\(key)") }

    /// `RESULT,SOURCE,CHUNKS` of each row.
    func report() throws -> [String] {
        let text = try folder.read("state/reports/\(content.night).jsonl")
        return try text.split(separator: 10).map { line in
            let row = try #require(
                try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let words = ["result", "source", "chunks"].map { row[$0] as? String ?? "?" }
            return words.joined(separator: ",")
        }
    }
}
