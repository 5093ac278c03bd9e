import Foundation
import TestSupport
import Testing

/// A night in network namespaces, by the built programs: see `Tests/EmulatedNight/night.py`.
@Suite(.serialized, .waiting) struct EmulatedNightTests {
    private static let isPossible =
        getuid() == 0
        && ["ip", "tc", "nginx", "minisign", "python3"].allSatisfy(isInstalled)

    @Test(
        .enabled(
            if: isPossible, "needs root, ip, tc, nginx, minisign and python3; see .ci/setup"),
        arguments: [
            ["--profile", "min-time"],
            ["--profile", "min-origin", "--faults", "lie,kill,cut,origin", "--seed", "2"],
        ])
    func `sixteen boxes get all that they wish for, whatever fails on the way`(
        options: [String]
    ) throws {
        let night = try Night(options)
        #expect(night.missing.isEmpty)
        #expect(night.wrong.isEmpty, "bytes were published that no index lists")
        #expect(night.holdings == night.expectedHoldings, "the reports tell what the boxes hold")
        #expect(night.wishes > 30)
        // A resumed box loses one chunk at most, a liar costs each that asks it one.
        let chunk = 32_768
        let liable = options.contains("--faults") ? night.boxes + 1 : 0
        #expect(night.wasteBytes <= night.bytes / 100 + liable * chunk)
    }
}

/// The night on loopback that the README shows.
@Suite(.waiting) struct TrialTests {
    @Test(
        .enabled(
            if: ["minisign", "jq"].allSatisfy(isInstalled), "needs minisign and jq; see .ci/setup"))
    func `three boxes carry out a night, and the store learns of it`() throws {
        let folder = try TemporaryFolder()
        let result = try run(
            "env",
            [
                "MEDIAPLAN=\(built("mediaplan"))", "MEDIAPLAN_AGENT=\(built("mediaplan-agent"))",
                "sh", Fixtures.url("trial/carry-out").path, folder.path("night"),
            ])
        try #require(result.status == 0, "\(result.output)")
        #expect(result.output.contains("5 wishes completed"))
        for (box, item, film) in [("box-2", "old", 3), ("box-3", "new", 2)] {
            let kept = try folder.read("night/\(box)/items/\(item)@1")
            #expect(kept.count > film * 1_000_000)
            let blobs = try FileManager.default.contentsOfDirectory(
                atPath: folder.path("night/origin/blobs"))
            #expect(
                try blobs.contains { try folder.read("night/origin/blobs/\($0)") == kept })
        }
    }
}

/// A program that was built beside the running tests.
private func built(_ name: String) -> String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: name).path
}

/// What `night.py` prints.
private struct Night: Decodable {
    var boxes: Int
    var wishes: Int
    var missing: [String]
    var wrong: [String]
    var bytes: Int
    var wasteBytes: Int
    var holdings: Int
    var expectedHoldings: Int

    init(_ options: [String]) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = tests.appending(path: "EmulatedNight/night.py").path
        let result = try run(
            "python3",
            [
                script, "--mediaplan", built("mediaplan"), "--agent", built("mediaplan-agent"),
            ] + options)
        try #require(result.status == 0, "\(result.output)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Night.self, from: Data(result.output.utf8))
    }
}
