import Catalogue
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@testable import Agent

/// What an agent makes of what it kept.
@Suite(.serialized, .waiting) struct RestartTests {
    private static let film = TrialItem("film", sizes: [1 << 20], seed: 41)
    private static let series = TrialItem("series", sizes: [1 << 20], seed: 42)
    private var film: TrialItem { RestartTests.film }
    private var series: TrialItem { RestartTests.series }
    private var last: Int32 { film.layout.count - 1 }

    @Test func `a manifest that was obeyed before and got lost is carried out when it comes again`()
        throws
    {
        let night = try TrialNight([film], seconds: 25)
        try night.add("b")
        night.plan(film, 0...last, fromOriginTo: "b", slot: 6)
        try night.publish()
        #expect(eventually { night.log("b").contains("manifest 1") })
        night.programs["b"]?.kill()
        try FileManager.default.removeItem(atPath: night.folder.path("b/manifest.json"))
        try night.start("b")
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        // What has ended isn't begun again by every look.
        #expect(try eventually { try StateView(night.folder.path("b")).state == "idle" })
        Thread.sleep(forTimeInterval: 2.5)
        let words = night.log("b").split(separator: "\n").filter { $0.contains("manifest 1") }
        #expect(words.count == 1, "\(night.log("b"))")
    }

    @Test
    func `a kept manifest that isn't valid yet is begun when it is, though no channel has it`()
        throws
    {
        let night = try TrialNight([film], seconds: 30)
        try night.add("b")
        _ = night.programs["b"]?.terminate()
        night.plan(film, 0...last, fromOriginTo: "b", slot: 9)
        night.change("b") { content in
            content.notBefore = content.notBefore.advanced(bySeconds: 8)
            content.window[0].starts = content.notBefore
        }
        let signed = try #require(night.contents["b"]).signed()
        try night.folder.write(signed.json, "b/manifest.json")
        try night.folder.write(signed.minisig, "b/manifest.json.minisig")
        try night.start("b")
        #expect(try StateView(night.folder.path("b")).night == nil)
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
    }

    @Test func `what has come is shown while the night waits for the rest`() throws {
        let night = try TrialNight([film, series], seconds: 60)
        try night.add("b")
        night.plan(film, 0...last, fromOriginTo: "b", slot: 2)
        night.plan(series, 0...last, fromOriginTo: "b", slot: 55)
        try night.publish()
        #expect(
            try eventually {
                let view = try StateView(night.folder.path("b"))
                return view.state == "running" && view.night?.itemsMissingCount == 1
            }, "\(night.log("b"))")
        #expect(
            try StateView(night.folder.path("b")).night?.receivedBytes == Int64(film.bytes.count))
    }

    @Test func `once says which signal ended it`() throws {
        let night = try TrialNight([film], seconds: 60)
        try night.add("b")
        _ = night.programs["b"]?.terminate()
        night.plan(film, 0...last, fromOriginTo: "b", slot: 50)
        try night.publish()
        for (signal, status) in [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)] {
            let path = night.folder.path("b")
            try? FileManager.default.removeItem(atPath: "\(path)/status.json")
            let program = try RunningProgram(
                agentProgram, ["once", night.folder.path("channel/b.json"), "-s", path],
                log: night.folder.path("once.log"))
            #expect(
                eventually { (try? StateView(path).state) == "running" }, "\(program.output)")
            program.send(signal)
            #expect(program.wait() == status, "\(program.output)")
        }
    }

    /// The status of an answer, asked with a program that everyone has.
    private func status(_ url: String, _ options: [String]) throws -> String {
        try run(
            "/usr/bin/curl",
            ["-s", "-m", "5", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}"] + options
                + [url]
        ).output
    }

    @Test(.enabled(if: access("/usr/bin/curl", X_OK) == 0, "curl asks"))
    func `who has no token learns nothing of what a manifest names`() throws {
        let night = try TrialNight([film, series], seconds: 40)
        try night.add("a", holding: [film])
        try night.add("b")
        night.plan(film, 0...last, from: "a", to: "b", slot: 30)
        try night.publish()
        #expect(try eventually { try StateView(night.folder.path("a")).state == "running" })
        let base = "http://\(night.address(of: "a"))/"
        let serve = try #require(night.contents["a"]?.serve.first)
        let good = "Authorization: Bearer \(serve.movement.token)"
        let secret = "Authorization: Bearer \(serve.destination.token)"
        let range = "Range: bytes=999999999-"
        let names = [film.key, series.key, "indexes/\(film.digest.hex)", "indexes/x", ".x", ""]
        let shown: [[String]] = [
            [], ["-H", "Authorization: Bearer x"], ["-H", secret], ["-I"], ["-H", range],
            ["-X", "PUT", "-H", "Content-Range: bytes 0-9/10", "-d", "0123456789"],
        ]
        for name in names {
            for options in shown {
                #expect(try status(base + name, options) == "403", "\(name) \(options)")
            }
        }
        #expect(try status(base + film.key, ["-H", good, "-H", range]) == "416")
        #expect(try status(base + film.key, ["-H", good, "-I"]) == "405")
        #expect(try status(base + series.key, ["-H", good]) == "403")
        #expect(try status(base + "indexes/\(film.digest.hex)", ["-H", good]) == "200")
    }
}
