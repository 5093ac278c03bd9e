import Foundation
import TestSupport
import Testing

/// A night in network namespaces, by the built programs: see `Tests/EmulatedNight/night.py`.
@Suite(.serialized) struct EmulatedNightTests {
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
        // Built beside the running tests.
        let built = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let result = try run(
            "python3",
            [
                script, "--mediaplan", built.appending(path: "mediaplan").path, "--agent",
                built.appending(path: "mediaplan-agent").path,
            ] + options)
        try #require(result.status == 0, "\(result.output)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Night.self, from: Data(result.output.utf8))
    }
}
