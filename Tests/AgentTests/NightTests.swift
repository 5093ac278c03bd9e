import Catalogue
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@testable import Agent

@Suite(.serialized, .waiting) struct NightTests {
    /// 4 MiB and a poster, in chunks of 64 KiB: 65 chunks.
    private let film = TrialItem("film", sizes: [4 << 20, 20_000], seed: 11)
    private var last: Int32 { film.layout.count - 1 }

    @Test func `a source, the origin and a neighbour bring two boxes an item each`() throws {
        let series = TrialItem("series", sizes: [1 << 20], seed: 12)
        let night = try TrialNight([film, series])
        try night.add("a", holding: [film])
        try night.add("b")
        try night.add("c")
        night.plan(film, 0...31, from: "a", to: "b", slot: 2)
        night.plan(film, 32...last, fromOriginTo: "b", slot: 2)
        night.plan(film, 0...31, from: "b", to: "c", slot: 4)
        night.plan(film, 32...last, from: "a", to: "c", slot: 4, pushes: true)
        night.plan(series, 0...15, fromOriginTo: "c", slot: 3)
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        #expect(try night.isComplete(film, at: "c"), "\(night.log("c"))")
        #expect(try night.isComplete(series, at: "c"), "\(night.log("c"))")
        let list = try agent("list", "--json", "-s", night.folder.path("c"))
        #expect(list.output.contains(#""may_be_bought":true"#))
        #expect(list.output.split(separator: "\n").count == 2)
        let status = try agent("status", "--json", "-s", night.folder.path("c"))
        #expect(status.output.contains(#""works":true"#), "\(status.output)")
        let rows = try night.report("c")
        #expect(
            rows.allSatisfy { $0["result"] as? String == "complete" }, "\(rows) \(night.log("c"))")
        #expect(Set(rows.compactMap { $0["source"] as? String }) == ["a", "b", "origin"])
        #expect(rows.count { $0["completed"] as? Bool == true } == 2)
        #expect(rows.reduce(0) { $0 + ($1["waste_bytes"] as? Int ?? 0) } == 0)
        let verified = try agent("verify", "-s", night.folder.path("c"))
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test func `chunks of an older version are copied, not fetched`() throws {
        let old = TrialItem("show", sizes: [1 << 20], seed: 13)
        var bytes = old.bytes
        bytes[200_000] ^= 1
        let new = TrialItem(
            "show", version: "2", sizes: [1 << 20], chunkBytes: 65_536, bytes: bytes)
        let night = try TrialNight([old, new])
        try night.add("b", holding: [old])
        night.plan(new, 0...15, fromOriginTo: "b", slot: 4)
        try night.publish()
        #expect(try night.isComplete(new, at: "b"), "\(night.log("b"))")
        #expect(try night.folder.read("b/items/\(old.key)") == old.bytes)
        let rows = try night.report("b")
        let fetched = rows.filter { $0["source"] as? String == "origin" }
        #expect(fetched.reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) } == 65_536, "\(rows)")
        #expect(rows.contains { $0["result"] as? String == "local" }, "\(rows)")
    }

    @Test func `a device on stand-by is asked before the origin`() throws {
        let night = try TrialNight([film])
        for device in ["a", "b"] { try night.add(device) }
        try night.add("c", holding: [film])
        let token = TrialNight.token("stand-by")
        let fallback = ManifestContent.End(
            kind: .device, id: "c", address: night.address(of: "c"), token: token)
        night.plan(
            film, 0...last, from: "a", to: "b", slot: 2, fallbacks: [fallback, night.originEnd])
        night.change("c") { content in
            content.describe(film, [night.originEnd])
            content.standby.append(
                .init(
                    item: film.key, destination: .init(kind: .device, id: "b"), token: token,
                    bytes: 1 << 30))
        }
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b")) \(night.log("c"))")
        let sources = Set(
            try night.report("b").compactMap { row in
                row["bytes"] as? Int ?? 0 > 0 ? row["source"] as? String : nil
            })
        #expect(sources == ["c"])
    }

    @Test(.enabled(if: HostileServer.isThere))
    func `who asks before the disk was looked at waits for that`() throws {
        let series = TrialItem("series", sizes: [1 << 20], seed: 12)
        let night = try TrialNight([film, series], seconds: 40)
        let (server, address) = try HostileServer.slow.start(log: night.folder.path("slow.log"))
        try night.add("a", holding: [film])
        try night.add("b")
        // What this index is of lies there too; until it is clear whose it is, nothing begins.
        try night.folder.write(series.bytes, "a/items/\(series.key)")
        night.plan(film, 0...last, from: "a", to: "b", slot: 2)
        night.change("a") { content in
            let slow = ManifestContent.End(
                kind: .device, id: "slow", address: address, token: TrialNight.token("slow"))
            content.describe(series, [slow])
        }
        try night.publish(["a"])
        #expect(eventually { night.log("a").contains("manifest 1") }, "\(night.log("a"))")
        try night.publish(["b"])
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let results = try night.report("b").map { $0["result"] as? String }
        #expect(results == ["complete"])
        #expect(server.isRunning)
    }
}
