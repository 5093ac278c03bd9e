import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

/// The lines of jq that mediaplan-manifest(5) states, tried on the kept manifests.
@Suite(.enabled(if: isInstalled("jq"), "jq isn't installed"))
struct JQTests {
    /// The programs between quotes in the page's lines that begin with `jq`.
    private func programs(in page: String = "mediaplan-manifest.5") throws -> [String] {
        let page = String(
            decoding: try Data(
                contentsOf: Fixtures.root.appending(path: "man/\(page)")),
            as: UTF8.self)
        return page.split(separator: "\n").filter { $0.hasPrefix("$ jq ") }.compactMap {
            let parts = $0.split(separator: "'", omittingEmptySubsequences: false)
            return parts.count == 3 ? String(parts[1]).replacing("\\e", with: "\\") : nil
        }
    }

    private func answer(_ program: String, _ device: String) throws -> [String] {
        try answer(["-r", program, Fixtures.url("manifests/\(device).json").path])
    }

    private func answer(_ arguments: [String]) throws -> [String] {
        let result = try run("jq", arguments)
        #expect(result.status == 0, "\(result.output)")
        return result.output.split(separator: "\n").map {
            String($0).replacing("\t", with: " ")
        }
    }

    @Test func `one line each answers what a box fetches, serves and removes`() throws {
        let programs = try programs()
        try #require(programs.count == 8)
        #expect(
            try answer(programs[0], "box-c") == [
                "2026-11-23T20:15:00Z example.com~2FBETA@2~20b 1 2 1 box-d ",
                "2026-11-23T20:45:00Z example.com~2FALPHA@1.0 0 4 1 box-b ",
            ])
        #expect(
            try answer(programs[1], "box-b") == [
                "2026-11-23T20:45:00Z example.com~2FALPHA@1.0 0 4 1 box-c 10.1.0.13:7070"
            ])
        #expect(
            try answer(programs[2], "box-c") == [
                "2026-11-23T20:15:00Z example.com~2FGAMMA@ 0 2"
            ])
        #expect(try answer(programs[3], "box-b") == ["false"])
        #expect(
            try answer(programs[4], "box~20a~2F1") == [
                "http://10.0.0.1/vod/example.com~2FALPHA@1.0 0-3071",
                "https://far.example.com/example.com~2FGAMMA@ 0-99999",
                "http://10.0.0.1/vod/example.com~2FALPHA@1.0 3072-3516",
            ])
    }

    @Test func `one line each tells who stands in for whom`() throws {
        let programs = try programs()
        try #require(programs.count == 8)
        #expect(
            try answer(programs[5], "box-b") == [
                "example.com~2FALPHA@1.0 box-c 10.1.0.13:7070",
                "example.com~2FALPHA@1.0 near http://10.0.0.1/vod",
                "example.com~2FALPHA@1.0 far https://far.example.com",
            ])
        #expect(
            try answer(programs[6], "box-c") == [
                "example.com~2FALPHA@1.0 3517 box a/1", "example.com~2FALPHA@1.0 3517 box-b",
            ])
    }

    @Test func `one line tells which token belongs to which movement`() throws {
        let page = String(
            decoding: try Data(
                contentsOf: Fixtures.root.appending(path: "man/mediaplan-manifest.5")),
            as: UTF8.self)
        let line = try #require(
            page.split(separator: "\n").first { $0.hasSuffix("cut -c1-32)\"; done") })
        let manifest = Fixtures.url("manifests/box-b.json").path
        let result = try run(
            "sh",
            [
                "-c",
                String(line.dropFirst(2)).replacing("\\e", with: "\\").replacing(
                    "MANIFEST", with: manifest),
            ])
        let content = ExampleNight().index.draft(forDevice: 1).content
        let movements =
            content.fetch.map { ($0.piece, $0.movement) }
            + content.serve.map { ($0.piece, $0.movement) }
        let lines = movements.filter { !$0.1.token.isEmpty }.map { piece, movement in
            "\(movement.span.starts.seconds) \(piece.item) \(piece.chunks.lowerBound) "
                + "\(piece.chunks.upperBound) "
                + movement.token
        }
        #expect(!lines.isEmpty && result.output == lines.map { "\($0)\n" }.joined())
    }

    @Test func `the lines for plan tables work on the kept tables`() throws {
        let programs = try programs(in: "mediaplan-plan-tables.5")
        try #require(programs.count == 2)
        let transfers = Fixtures.url("manifests/plan/transfers.jsonl").path
        #expect(
            try answer(["-cs", programs[0], transfers]) == [
                #"{"far":0.0001}"#, #"{"near":3.517e-06}"#,
            ])
        let outcomes = Fixtures.url("manifests/plan/outcomes.jsonl").path
        #expect(
            try answer(["-r", programs[1], outcomes]) == ["served", "served", "served", "room"])
    }
}
