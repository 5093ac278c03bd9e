import Catalogue
import Content
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@testable import Agent

/// What comes by the channel of manifests while the service works.
@Suite(.serialized, .waiting) struct ChannelTests {
    private static let film = TrialItem("film", sizes: [1 << 20], seed: 21)
    private static let series = TrialItem("series", sizes: [1 << 20], seed: 22)
    private var film: TrialItem { ChannelTests.film }
    private var series: TrialItem { ChannelTests.series }
    private var last: Int32 { film.layout.count - 1 }

    @Test func `what is refused leaves the last good manifest in force, and is told`() throws {
        let night = try TrialNight([film], seconds: 30)
        try night.add("b")
        night.change("b") { $0.sequence = 5 }
        night.plan(film, 0...last, fromOriginTo: "b", slot: 4)
        try night.publish()
        #expect(eventually { night.log("b").contains("manifest 5") })
        let good = try #require(night.contents["b"])
        let attacks: [(String, (inout ManifestContent) -> Void, SigningKey)] = [
            ("was obeyed already", { $0.sequence = 4 }, try TrialKeys.manifest),
            (
                "with the sequence number 5", { $0.issued = $0.issued.advanced(bySeconds: 1) },
                try TrialKeys.manifest
            ),
            ("the device x", { $0.device = "x" }, try TrialKeys.manifest),
            ("the fleet south", { $0.fleet = "south" }, try TrialKeys.manifest),
            ("isn't trusted", { $0.sequence = 6 }, try TrialKeys.stranger),
        ]
        for (reason, change, key) in attacks {
            var content = good
            change(&content)
            let signed = try content.signed(by: key)
            try night.folder.write(signed.minisig, "channel/b.json.minisig")
            try night.folder.write(signed.json, "channel/b.json")
            #expect(eventually { night.log("b").contains(reason) }, "\(night.log("b"))")
            #expect(eventually { (try? StateView(night.folder.path("b")))?.refusal != nil })
            #expect(try StateView(night.folder.path("b")).night?.sequence == 5)
        }
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
    }

    @Test func `a newer manifest replaces the one that is carried out`() throws {
        let night = try TrialNight([film, series], seconds: 30)
        try night.add("b")
        night.plan(film, 0...last, fromOriginTo: "b", slot: 25)
        try night.publish()
        #expect(eventually { night.log("b").contains("manifest 1") })
        night.change("b") { content in
            content.sequence = 2
            content.fetch = []
            content.items = []
        }
        night.plan(series, 0...last, fromOriginTo: "b", slot: 3)
        try night.publish()
        #expect(try night.isComplete(series, at: "b"), "\(night.log("b"))")
        #expect(!night.folder.has("b/items/\(film.key)"))
        #expect(try StateView(night.folder.path("b")).night?.sequence == 2)
    }

    @Test func `manifests come over HTTP, as a publication lies there`() throws {
        let night = try TrialNight([film], seconds: 30)
        let url = night.originURL
        try night.add("b") { $0.manifests = [url + "/published"] }
        night.plan(film, 0...last, fromOriginTo: "b", slot: 2)
        let signed = try #require(night.contents["b"]).signed()
        let shard = sha256(Array("b".utf8)).hex.prefix(2)
        try night.folder.write(signed.minisig, "origin/published/\(shard)/b.json.minisig")
        try night.folder.write(signed.json, "origin/published/\(shard)/b.json")
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
    }

    @Test func `an item that no signed catalogue lists isn't taken, whatever a manifest says`()
        throws
    {
        let night = try TrialNight([film], seconds: 8)
        let forged = TrialItem("series", sizes: [1 << 20], seed: 23)
        try night.folder.write(forged.bytes, "origin/blobs/\(forged.index.blob.hex)")
        try night.folder.write(forged.index.json, "origin/indexes/\(forged.digest.hex)")
        try night.add("b")
        night.plan(forged, 0...last, fromOriginTo: "b", slot: 2)
        night.plan(film, 0...last, fromOriginTo: "b", slot: 2)
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        #expect(try eventually { try StateView(night.folder.path("b")).state == "idle" })
        #expect(night.log("b").contains("doesn't name the item"), "\(night.log("b"))")
        // What isn't trusted isn't kept either.
        #expect(night.folder.has("b/indexes/\(film.digest.hex)"))
        #expect(!night.folder.has("b/indexes/\(forged.digest.hex)"))
        #expect(!night.folder.has("b/items/\(forged.key)"))
        #expect(!night.folder.has("b/partial/\(forged.key)"))
    }

    @Test func `a signal ends the service politely, and the next start goes on`() throws {
        let night = try TrialNight([film], seconds: 30)
        try night.add("b")
        night.plan(film, 0...last, fromOriginTo: "b", slot: 6)
        try night.publish()
        #expect(try eventually { try StateView(night.folder.path("b")).state == "running" })
        #expect(night.programs["b"]?.terminate() == 0)
        #expect(try StateView(night.folder.path("b")).isRunning == false)
        try night.start("b")
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
    }

    @Test func `once carries one manifest out and runs the program for what is complete`() throws {
        let night = try TrialNight([film], seconds: 8)
        try night.add("b") { $0.onComplete = "/usr/bin/true" }
        _ = night.programs["b"]?.terminate()
        night.plan(film, 0...last, fromOriginTo: "b", slot: 2)
        try night.publish()
        let done = try agent(
            "once", night.folder.path("channel/b.json"), "-s", night.folder.path("b"))
        #expect(done.status == 0, "\(done.output)")
        #expect(try night.folder.read("b/items/\(film.key)") == film.bytes)
        let old = try agent(
            "once", night.folder.path("channel/none.json"), "-s", night.folder.path("b"))
        #expect(old.status == 1)
    }

    /// Whether a small file system can be made for a test.
    private static let canMount: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        let done = try? run("/bin/mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder.path])
        _ = try? run("/bin/umount", ["-l", folder.path])
        return done?.status == 0
    }()

    @Test(.enabled(if: canMount))
    func `on a full disk a smaller wish that fits isn't lost to a bigger one`() throws {
        let big = TrialItem("big", sizes: [8 << 20], seed: 24)
        let night = try TrialNight([big, film], seconds: 12)
        let path = night.folder.path("b")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mounted = try run("/bin/mount", ["-t", "tmpfs", "-o", "size=5m", "none", path])
        try #require(mounted.status == 0, "\(mounted.output)")
        defer { _ = try? run("/bin/umount", ["-l", path]) }
        try night.add("b")
        night.plan(big, 0...(big.layout.count - 1), fromOriginTo: "b", slot: 2)
        night.plan(film, 0...last, fromOriginTo: "b", slot: 3)
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        #expect(
            try eventually { try StateView(path).night?.itemsWithoutRoomCount == 1 },
            "\(night.log("b"))")
        #expect(night.programs["b"]?.terminate() == 0)
        #expect(!night.folder.has("b/items/\(big.key)"))
        let remarks = night.log("b").split(separator: "\n").filter { $0.contains("doesn't fit") }
        #expect(remarks.count == 1, "\(night.log("b"))")
        #expect(remarks.first?.contains("\(big.key) doesn't fit on the disk: 8388608 ") == true)
    }
}
