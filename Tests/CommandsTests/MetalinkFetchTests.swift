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

    @Test func `a device's whole list comes by the Metalink of its manifest`() throws {
        try scenario.write(
            "accounts.csv", "account,status,territory\na,active,PT\n")
        try scenario.write(
            "devices.csv",
            "device,account,site,wish_bytes,cache_bytes,up_kbps,down_kbps\n"
                + "box,a,root,100000000,1000000,1000,50000\n")
        try scenario.write("wishes.csv", "device,title,rank\nbox,A,1\nbox,B,2\n")
        try scenario.write(
            "feed.xml",
            #"<catalogue xmlns="urn:mediaplan:catalogue:1" extent="delta">"#
                + #"<title id="A" major="1"><file name="a.ts" kind="movie" size="1000000"/></title>"#
                + #"<title id="B" major="1"><file name="b.ts" kind="movie" size="500000"/></title>"#
                + "</catalogue>")
        try scenario.succeed(
            """
            head -c 500000 a.ts > b.ts
            mediaplan import catalogue -w w feed.xml && mediaplan import accounts -w w accounts.csv
            mediaplan import devices -w w devices.csv && mediaplan import wishes -w w wishes.csv
            mediaplan ingest -w w --chunk-bytes 65536 a.ts b.ts
            sed -i 's/^  sizes_alone: .*/  sizes_alone: no/' w/mediaplan.yaml
            mediaplan plan -w w --now \(Scenario.now) && mediaplan publish -w w --now \(Scenario.now)
            """)
        let manifest = try #require(
            try scenario.paths(below: "w/published/current").first { $0.hasSuffix("box.json") })
        try scenario.succeed(
            "mediaplan origin metalink -w w w/published/current/\(manifest) > list.meta4")
        #expect(try scenario.text("list.meta4").count { $0 == "\n" } > 30)
        try scenario.succeed("\(Self.fetch) list.meta4")
        for item in ["A@1", "B@1"] {
            let got = try scenario.bytes("got/\(item)")
            #expect(try blobs().contains(got), "\(item)")
        }
    }

    @Test func `an item of two files has no pieces and comes whole`() throws {
        try scenario.succeed(
            "cp a.ts c.ts; mediaplan ingest -w w --chunk-bytes 65536 --title C --version 7 a.ts c.ts"
        )
        let metalink = try scenario.text("w/origin/metalinks/C@7.meta4")
        #expect(!metalink.contains("<pieces"))
        try scenario.succeed("\(Self.fetch) w/origin/metalinks/C@7.meta4")
        #expect(try blobs().contains(scenario.bytes("got/C@7")))
    }
}
