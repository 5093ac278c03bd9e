import Foundation
import Testing

/// `aria2c` as an agent: items by their Metalinks from a real web server.
@Suite(
    .enabled(
        if: WebServer.isInstalled && isInstalled("aria2c"), "nginx or aria2c isn't installed"))
struct MetalinkFetchTests {
    private let scenario: Scenario
    private let server: WebServer
    private static let fetch =
        "aria2c --no-conf -d got -c -V --allow-overwrite=true --auto-file-renaming=false"
        + " --follow-metalink=false --file-allocation=none --console-log-level=error"
        + " --summary-interval=0 --download-result=hide -M"

    init() throws {
        scenario = try Scenario()
        try scenario.succeed("mkdir w/origin; seq 1 200000 | head -c 1000000 > a.ts")
        server = try WebServer(serving: scenario.url("w/origin"), in: scenario.folder)
        try scenario.write(
            "origins.csv",
            "origin,site,egress_kbps,base_url\no,root,1000,http://127.0.0.1:\(server.port)\n")
        try scenario.write("sites.csv", "site,parent,territory,timezone\nroot,,PT,Europe/Lisbon\n")
        try scenario.succeed(
            "mediaplan import sites -w w sites.csv && mediaplan import origins -w w origins.csv")
        try scenario.succeed(
            "mediaplan ingest -w w --chunk-bytes 65536 --title example.com/A a.ts")
    }

    private func blobs() throws -> [[UInt8]] {
        try scenario.paths(below: "w/origin/blobs").map {
            try scenario.bytes("w/origin/blobs/\($0)")
        }
    }

    @Test func `an item comes whole, and nothing comes again`() throws {
        try scenario.succeed("\(Self.fetch) w/origin/metalinks/example.com~2FA@1.meta4")
        #expect(try [scenario.bytes("got/example.com~2FA@1")] == blobs())
        let before = try scenario.succeed("grep -c ' 20[06] ' nginx/access")
        try scenario.succeed("\(Self.fetch) w/origin/metalinks/example.com~2FA@1.meta4")
        #expect(try scenario.succeed("grep -c ' 20[06] ' nginx/access") == before)
    }

    @Test func `a flipped byte is mended by one piece`() throws {
        let file = "got/example.com~2FA@1"
        try scenario.succeed("\(Self.fetch) w/origin/metalinks/example.com~2FA@1.meta4")
        var bytes = try scenario.bytes(file)
        bytes[500_000] ^= 1
        try scenario.write(file, bytes)
        try scenario.succeed(": > nginx/access; \(Self.fetch) w/origin/metalinks/*A@1.meta4")
        #expect(try [scenario.bytes(file)] == blobs())
        #expect(
            try scenario.succeed("awk '{ sum += $10 } END { print sum }' nginx/access") == "65536\n"
        )
    }

    @Test func `what the server changed is not taken`() throws {
        let blob = try #require(try scenario.paths(below: "w/origin/blobs").first)
        var bytes = try scenario.bytes("w/origin/blobs/\(blob)")
        bytes[1000] ^= 1
        try scenario.write("w/origin/blobs/\(blob)", bytes)
        let result = try scenario.run(
            "\(Self.fetch) w/origin/metalinks/example.com~2FA@1.meta4 --max-tries=1")
        #expect(result.status != 0)
    }

    @Test func `an item of two files has no pieces and comes whole`() throws {
        try scenario.succeed(
            "cp a.ts b.ts; mediaplan ingest -w w --chunk-bytes 65536 --title B --version 7 a.ts b.ts"
        )
        let metalink = try scenario.text("w/origin/metalinks/B@7.meta4")
        #expect(!metalink.contains("<pieces"))
        try scenario.succeed("\(Self.fetch) w/origin/metalinks/B@7.meta4")
        #expect(try blobs().contains(scenario.bytes("got/B@7")))
    }
}
