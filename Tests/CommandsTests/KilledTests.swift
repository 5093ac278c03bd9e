import Foundation
import Quantities
import Testing

/// A night's run that is killed at any moment: what is published stays whole, and the next run does
/// what is left to do.
@Suite struct KilledTests {
    private static let isSlow = ProcessInfo.processInfo.environment["MEDIAPLAN_SLOW"] == "1"

    @Test func `killed at a few random moments`() throws {
        var trial = try KilledRuns(devices: 14, titles: 10, seed: 3)
        try trial.run(times: 8)
    }

    @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
    func `asked to end, it ends at once with the signal's status`(signal: Int32, status: Int32)
        throws
    {
        let scenario = try Scenario(devices: 14, titles: 10)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        let before = try PublishedNight(scenario)
        let process = Program.process("exec mediaplan import wishes -w w -", in: scenario.folder)
        process.standardInput = Pipe()
        try process.run()
        let start = "\(process.processIdentifier) "
        while process.isRunning, try !scenario.text("w/lock").hasPrefix(start) { usleep(2000) }
        kill(process.processIdentifier, signal)
        for _ in 0..<6000 where process.isRunning { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == status)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        #expect(try PublishedNight(scenario) == before)
    }

    @Test func `closed standard streams end up in no file`() throws {
        let scenario = try Scenario(devices: 14, titles: 10)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now) <&- >&- 2>&-")
        _ = try PublishedNight(scenario)
        #expect(try scenario.text("w/lock").split(separator: " ").count == 2)
        let again = try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        #expect(again.contains("all as published before"))
    }

    @Test(.enabled(if: isSlow, "fifty kills take a minute or two: set MEDIAPLAN_SLOW=1"))
    func `killed at fifty random moments`() throws {
        var trial = try KilledRuns(devices: 40, titles: 20, seed: 11)
        try trial.run(times: 50)
    }
}

/// Nights that are killed and run again, one after another, in one workspace.
private struct KilledRuns {
    private let scenario: Scenario
    private let devices: Int
    private let titles: Int
    private var random: SplitMix64
    /// Devices that have wishes.
    private let wishers: [String]
    /// Titles of the catalogue.
    private var known: [String] = []
    /// How long a whole run takes.
    private var seconds = 0.0
    private var killed = 0

    init(devices: Int, titles: Int, seed: UInt64) throws {
        scenario = try Scenario(devices: devices, titles: titles)
        (self.devices, self.titles) = (devices, titles)
        random = SplitMix64(seed: seed)
        let rows = try scenario.text("w/drop/wishes/wishes.csv").split(separator: "\n").dropFirst()
        wishers = Set(rows.map { String($0.prefix { $0 != "," }) }).sorted()
        try scenario.set("wishes", "100")
        try scenario.set("metrics_file", "metrics/mediaplan.prom")
        try scenario.succeed("mediaplan import catalogue -w w w/drop/catalogue")
        known = try scenario.succeed("mediaplan show titles -w w --format csv --columns title")
            .split(separator: "\n").dropFirst().map { String($0) }
        try wish(round: 0)
        let start = Date()
        try finish(round: 0)
        seconds = Date().timeIntervalSince(start)
    }

    mutating func run(times: Int) throws {
        var last = try PublishedNight(scenario)
        for round in 1...times {
            try wish(round: round)
            try cut(round: round)
            let cut = try PublishedNight(scenario)
            #expect(cut == last || cut.sequence == last.sequence + 1)
            #expect(cut.manifests == last.manifests)
            try finish(round: round)
            let whole = try PublishedNight(scenario)
            #expect(whole.sequence == last.sequence + 1)
            #expect(whole.manifests == last.manifests)
            #expect(whole.plan != last.plan)
            try expectNoLeftovers()
            last = whole
        }
        #expect(killed > times / 2, "most runs ended before they were killed")
        try expectUndisturbed(last, round: times)
    }

    /// Drops another wish list: one wish for each device, so that it replaces the list before as a
    /// whole, and a row that is rejected.
    private func wish(round: Int) throws {
        let rows = wishers.enumerated().map { number, device in
            "\(device),\(known[(number * 5 + round * 3) % known.count]),1"
        }
        try scenario.write(
            "w/drop/wishes/wishes.csv",
            (["device,title,rank"] + rows + ["nobody,x,1"]).map { $0 + "\n" }.joined())
    }

    private func night(_ round: Int) -> String {
        "mediaplan nightly -w w --now 2026-11-24T\(10 + round / 50):\(10 + round % 50):00Z"
    }

    /// A run that is left alone: 0 when the one that was killed had imported all there is. What was
    /// rejected is kept, whoever imported the rest.
    private func finish(round: Int) throws {
        let result = try scenario.run(night(round))
        #expect([0, 2].contains(result.status), "\(result.output)")
        #expect(result.output.contains("Published in"))
        let rejects = try scenario.paths(below: "w/rejects").filter { $0.hasSuffix(".bad") }
        #expect(rejects.count == round + 1)
    }

    /// A run that is killed: at any moment, or every other time while manifests are written.
    private mutating func cut(round: Int) throws {
        let process = Program.process("exec \(night(round))", in: scenario.folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        if round.isMultiple(of: 2) {
            while process.isRunning, try !isPublishing() { usleep(500) }
            usleep(UInt32(random.below(40_000)))
        } else {
            usleep(UInt32(random.below(Int(seconds * 1_000_000))))
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { killed += 1 }
    }

    private func isPublishing() throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: scenario.url("w/published").path)
            .contains { $0.hasSuffix(".new") }
    }

    /// What a run that was cut short left is gone after the next.
    private func expectNoLeftovers() throws {
        let found = try scenario.succeed(
            "find w -name '*.tmp' -o -name '*.new' -o -name '.re*' -o -name '.st*'")
        #expect(found == "")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: scenario.url("w/published").path)
        #expect(names.count <= 8)
    }

    /// A workspace in which nothing was ever killed comes to the same plan.
    private func expectUndisturbed(_ last: PublishedNight, round: Int) throws {
        let other = try Scenario(devices: devices, titles: titles)
        try other.set("wishes", "100")
        try other.write(
            "w/drop/wishes/wishes.csv", try scenario.bytes("w/drop/wishes/wishes.csv"))
        try other.end(night(round), with: 2, saying: "Published in")
        #expect(try PublishedNight(other).plan == last.plan)
        #expect(try other.tables() == scenario.tables())
    }
}
