import Catalogue
import Content
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@testable import Agent

/// What goes wrong in a night, one thing at a time. In each, `a` is to send an item to `b`, and the
/// origin is `b`'s fall-back.
@Suite(.serialized, .waiting) struct FaultTests {
    /// 4 MiB and a poster, in chunks of 64 KiB: 65 chunks.
    private static let film = TrialItem("film", sizes: [4 << 20, 20_000], seed: 11)
    private var film: TrialItem { FaultTests.film }
    private var last: Int32 { film.layout.count - 1 }
    private let chunkBytes = 65_536

    /// A night in which `a` sends the film to `b`, at a rate that takes all of its slots.
    private func night(slots: Int64 = 2, kbps: Int64 = 20_000) throws -> TrialNight {
        let night = try TrialNight([film], seconds: 25)
        try night.add("a", holding: [film])
        try night.add("b")
        night.plan(film, 0...last, from: "a", to: "b", slot: 2, slots: slots, kbps: kbps)
        return night
    }

    /// Rows of a report: bytes that came and were of no use.
    private func waste(_ rows: [[String: any Sendable]]) -> Int {
        rows.reduce(0) { $0 + ($1["waste_bytes"] as? Int ?? 0) }
    }

    private func bytes(_ rows: [[String: any Sendable]], from source: String) -> Int {
        rows.reduce(0) { sum, row in
            row["source"] as? String == source ? sum + (row["bytes"] as? Int ?? 0) : sum
        }
    }

    private func has(_ rows: [[String: any Sendable]], _ result: String, from source: String)
        -> Bool
    {
        rows.contains { $0["result"] as? String == result && $0["source"] as? String == source }
    }

    /// Waits until some of the film has come to `b`.
    private func someCame(_ night: TrialNight, atLeast share: Double) throws -> Bool {
        try eventually { try goodBytes(night) >= Int(Double(film.bytes.count) * share) }
    }

    /// What lies good in `b`'s partial file.
    private func goodBytes(_ night: TrialNight) throws -> Int {
        try night.goodBytes(of: film, at: "b")
    }

    @Test func `a source is killed: the origin brings the rest`() throws {
        let night = try night(slots: 4, kbps: 8000)
        try night.publish()
        #expect(try someCame(night, atLeast: 0.2))
        night.programs["a"]?.kill()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let rows = try night.report("b")
        #expect(bytes(rows, from: "a") > 0)
        #expect(bytes(rows, from: "origin") > 0)
        #expect(bytes(rows, from: "a") + bytes(rows, from: "origin") == film.bytes.count)
        #expect(waste(rows) <= film.bytes.count / 100 + chunkBytes, "\(rows)")
    }

    @Test func `a source falls silent: the origin brings the rest`() throws {
        let night = try night(slots: 4, kbps: 8000)
        try night.publish()
        #expect(try someCame(night, atLeast: 0.2))
        night.programs["a"]?.suspend()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let rows = try night.report("b")
        #expect(waste(rows) <= film.bytes.count / 100 + chunkBytes, "\(rows)")
        night.programs["a"]?.kill()
    }

    @Test func `a source lies in one chunk of four: no bad byte is kept, and it is banned`() throws
    {
        let night = try night()
        try night.publish(["a"])
        #expect(eventually { night.log("a").contains("is in force") })
        #expect(try eventually { try StateView(night.folder.path("a")).state == "running" })
        let file = try FileHandle(
            forUpdating: URL(filePath: night.folder.path("a/items/\(film.key)")))
        for chunk in stride(from: Int32(3), through: last, by: 4) {
            try file.seek(toOffset: UInt64(film.layout.offset(ofChunk: chunk) + 100))
            try file.write(
                contentsOf: Data([film.chunk(chunk)[film.chunk(chunk).startIndex + 100] ^ 1]))
        }
        try file.close()
        try night.publish(["b"])
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let rows = try night.report("b")
        #expect(has(rows, "corrupt", from: "a"), "\(rows)")
        #expect(waste(rows) <= film.bytes.count / 100 + 2 * chunkBytes, "\(rows)")
        #expect(bytes(rows, from: "a") + bytes(rows, from: "origin") == film.bytes.count)
    }

    @Test func `a slow source is relieved`() throws {
        let night = try night()
        night.change("a") { $0.rates.upKbps = 300 }
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let rows = try night.report("b")
        #expect(bytes(rows, from: "origin") > 0)
        #expect(waste(rows) <= film.bytes.count / 100 + chunkBytes, "\(rows)")
    }

    @Test func `a source's disk can't be read: the origin brings what is missing`() throws {
        let night = try night()
        try night.publish(["a"])
        #expect(try eventually { try StateView(night.folder.path("a")).state == "running" })
        let path = night.folder.path("a/items/\(film.key)")
        #expect(truncate(path, 2 << 20) == 0)
        try night.publish(["b"])
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        #expect(night.log("a").contains("can't be read"), "\(night.log("a"))")
    }

    @Test func `the token of another transfer opens nothing`() throws {
        let night = try TrialNight([film], seconds: 25)
        try night.add("a", holding: [film])
        try night.add("b")
        night.plan(film, 0...last, from: "a", to: "b", slot: 2, wrongToken: true)
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let rows = try night.report("b")
        #expect(bytes(rows, from: "a") == 0)
        #expect(bytes(rows, from: "origin") == film.bytes.count)
    }

    @Test(.enabled(if: HostileServer.isThere), arguments: HostileServer.allCases)
    func `a source that breaks the protocol costs a moment`(kind: HostileServer) throws {
        let night = try TrialNight([film], seconds: 30)
        let (server, address) = try kind.start(log: night.folder.path("hostile.log"))
        try night.add("a")
        try night.add("b")
        night.redirect("a", to: address)
        night.plan(film, 0...last, from: "a", to: "b", slot: 2)
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let rows = try night.report("b")
        #expect(bytes(rows, from: "a") == 0)
        #expect(bytes(rows, from: "origin") == film.bytes.count)
        let said = night.log("b").split(separator: "\n").filter { $0.contains("a at \(address)") }
        #expect(said.count == (kind.complaint == nil ? 0 : 1), "\(said)")
        #expect(said.allSatisfy { $0.contains(kind.complaint ?? "") }, "\(said)")
        // A connection may have a chunk or two on the way when the first one is found bad.
        #expect(waste(rows) <= film.bytes.count / 100 + 4 * chunkBytes, "\(rows)")
        #expect(server.isRunning)
    }

    @Test func `killed at 60 %: what was good stays, the rest comes`() throws {
        let night = try night(slots: 4, kbps: 8000)
        try night.publish()
        #expect(try someCame(night, atLeast: 0.6))
        night.programs["b"]?.kill()
        let kept = try goodBytes(night)
        #expect(kept >= film.bytes.count * 6 / 10)
        let before = try rowsSoFar(night).count
        try night.start("b")
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        let rows = try night.report("b").dropFirst(before)
        let came = rows.reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) }
        #expect(came <= film.bytes.count - kept + chunkBytes)
    }

    /// Lines of the journal.
    private func rowsSoFar(_ night: TrialNight) throws -> [ArraySlice<UInt8>] {
        guard let content = night.contents["b"] else { return [] }
        return try night.folder.read("b/reports/\(content.night)/b.journal").split(separator: 0x0A)
    }

    @Test func `after a power cut only what is good counts`() throws {
        let night = try night(slots: 4, kbps: 8000)
        try night.publish()
        #expect(try someCame(night, atLeast: 0.5))
        night.programs["b"]?.kill()
        // What was not synced is lost, here and there, and records are torn.
        let name = "b/partial/\(film.key)"
        var bytes = try night.folder.read(name)
        var random = SplitMix64(seed: 5)
        for _ in 0..<100 {
            let page = random.below(bytes.count / 4096) * 4096
            for place in page..<min(page + 4096, bytes.count) { bytes[place] = 0 }
        }
        bytes.removeLast(8192)
        try night.folder.write(bytes, name)
        try night.folder.write([0x7B, 0x22], "b/shelf.json")
        try night.folder.write([0x7B], "b/shelf.json.tmp")
        try night.start("b")
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        #expect(try agent("list", "--json", "-s", night.folder.path("b")).output.contains("true"))
    }

    @Test func `the origin is away for five seconds, and for the whole night`() throws {
        let night = try TrialNight([film], seconds: 25)
        try night.add("b")
        night.plan(film, 0...last, fromOriginTo: "b", slot: 2)
        night.origin.suspend()
        try night.publish()
        Thread.sleep(forTimeInterval: 5)
        night.origin.resume()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")

        let other = try TrialNight([film], seconds: 6)
        try other.add("c")
        other.plan(film, 0...last, fromOriginTo: "c", slot: 2)
        other.origin.kill()
        try other.publish()
        #expect(
            try eventually {
                let view = try StateView(other.folder.path("c"))
                return view.night != nil && view.state == "idle"
            })
        #expect(try StateView(other.folder.path("c")).night?.itemsMissingCount == 1)
        #expect(other.programs["c"]?.isRunning == true)
        #expect(other.programs["c"]?.terminate() == 0)
        #expect(!other.folder.has("c/items/\(film.key)"))
    }
}
