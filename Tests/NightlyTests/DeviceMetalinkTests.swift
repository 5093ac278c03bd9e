import Catalogue
import Content
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@testable import Nightly

/// Lists for download programs, beside manifests.
@Suite struct DeviceMetalinkTests {
    /// Two items of random bytes, one of them of two files, so that it has no pieces.
    private let blobs: [[UInt8]]
    private let indexes: [ChunkIndex]

    init() {
        var random = SplitMix64(seed: 4)
        blobs = [150_000, 70_000].map { size in
            (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
        let files: [[Int64]] = [[150_000], [30_000, 40_000]]
        indexes = zip(blobs, files).enumerated().map { number, item in
            let stored = item.1.map {
                StoredFile(name: "f", kind: "movie", plainBytes: $0 - 28, storedBytes: $0)
            }
            let layout = ChunkLayout(fileBytes: item.1, chunkBytes: 65_536)
            let chunks = (0..<layout.count).map { chunk in
                let start = Int(layout.offset(ofChunk: chunk))
                return sha256(Array(item.0[start..<start + Int(layout.bytes(ofChunk: chunk))]))
            }
            return ChunkIndex(
                title: "t\(number)", version: "1", chunkBytes: 65_536, files: stored,
                blob: sha256(item.0), chunks: chunks)
        }
    }

    private func content(_ base: String, fetched: [Int] = [0, 1]) -> ManifestContent {
        let night = CivilDate(dayNumber: 20_780)
        var content = ManifestContent(
            fleet: "f", device: "d", night: night, sequence: 1, plan: sha256([]),
            issued: night.startUTC, notBefore: night.startUTC,
            expires: night.startUTC.advanced(bySeconds: 9), slotSeconds: 9)
        let origin = ManifestContent.End(kind: .origin, id: "o", address: base)
        content.items = indexes.enumerated().map { number, index in
            ManifestItem(
                key: "t\(number)@1", title: index.title, version: index.version, name: "",
                fileBytes: index.files.map(\.storedBytes), chunkBytes: index.chunkBytes,
                index: index.digest, completes: true,
                path: "blobs/\(index.blob.hex)",
                fallbacks: [
                    ManifestContent.End(
                        kind: .device, id: "p", address: "p:1",
                        token: String(repeating: "0", count: 32)), origin,
                ])
        }
        content.fetch = fetched.flatMap { number in
            [0, 1].map { chunk in
                ManifestContent.Fetch(
                    piece: .init(
                        item: "t\(number)@1", chunks: chunk...chunk, offset: 0, bytes: 1),
                    movement: .init(
                        span: .init(starts: content.notBefore, ends: content.expires),
                        rateKbps: 1, role: .connect), source: origin, area: .wish)
            }
        }
        return content
    }

    private func lists(_ known: [Int] = [0, 1]) -> DeviceMetalinks {
        DeviceMetalinks(
            indexes: Dictionary(
                uniqueKeysWithValues: known.map { (indexes[$0].digest, indexes[$0]) }), missing: 0)
    }

    @Test func `a list names what is fetched, once, from origins alone`() throws {
        let text = String(
            decoding: try #require(lists().list(content("http://o"))), as: UTF8.self)
        #expect(text.components(separatedBy: "<file name=").count == 3)
        #expect(text.contains("http://o/blobs/\(indexes[0].blob.hex)"))
        #expect(!text.contains("p:1"))
        #expect(text.components(separatedBy: "<pieces").count == 2)
        let one = try #require(lists().list(content("http://o", fetched: [1])))
        #expect(!String(decoding: one, as: UTF8.self).contains("t0@1"))
    }

    @Test func `what has no index at the origin isn't named, an empty list isn't written`() throws {
        let one = try #require(lists([1]).list(content("http://o")))
        #expect(!String(decoding: one, as: UTF8.self).contains("t0@1"))
        #expect(lists([0]).list(content("http://o", fetched: [1])) == nil)
        #expect(lists().list(content("http://o", fetched: [])) == nil)
    }

    @Test func `a night is published with them when it is asked for`() throws {
        let trial = try TrialNight()
        #expect(try trial.run().failure == nil)
        #expect(try trial.published().keys.allSatisfy { !$0.hasSuffix(".meta4") })
        let report = try trial.withStore {
            try PublishNight.run(
                TrialNight.date,
                PublishNight.Request(now: TrialNight.now, threads: 1, writesMetalinks: true),
                in: trial.workspace, store: $0
            ) { _ in }
        }
        #expect(report.metalinks == 0 && report.unlistedItems > 0 && report.isSame)
    }

    @Test(.enabled(if: isInstalled("aria2c") && isInstalled("python3"), "aria2c isn't installed"))
    func `aria2c fetches and verifies a device's whole list`() throws {
        let scratch = try Scratch()
        for (blob, index) in zip(blobs, indexes) {
            try scratch.write("origin/blobs/\(index.blob.hex)", blob)
        }
        let server = try WebServer(folder: scratch.path + "/origin")
        let list = try #require(lists().list(content("http://127.0.0.1:\(server.port)")))
        try scratch.write("d.meta4", list)
        func fetch() throws -> Int32 {
            try TestSupport.run(
                "aria2c",
                [
                    "-q", "-M", scratch.path + "/d.meta4", "-d", scratch.path + "/box",
                    "--check-integrity=true", "--allow-overwrite=true", "--max-tries=2",
                ]
            ).status
        }
        #expect(try fetch() == 0)
        for (number, blob) in blobs.enumerated() {
            #expect(try Files.read(scratch.path + "/box/t\(number)@1") == blob)
        }
        var wrong = blobs[0]
        wrong[70_000] ^= 1
        try scratch.write("origin/blobs/\(indexes[0].blob.hex)", wrong)
        try FileManager.default.removeItem(atPath: scratch.path + "/box")
        #expect(try fetch() != 0)
    }
}

extension Scratch {
    fileprivate func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = path + "/" + name
        try Files.makeFolder(Files.folder(of: file))
        try Files.write(bytes, to: file, syncing: false)
    }
}

/// Python's web server over a folder, at a port that the system chose; it ends with its owner.
private final class WebServer {
    private let process = Process()
    let port: Int

    init(folder: String) throws {
        let script = """
            import functools, http.server, sys
            handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            print(server.server_address[1], flush=True)
            server.serve_forever()
            """
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, folder]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit { kill(process.processIdentifier, SIGKILL) }
}
