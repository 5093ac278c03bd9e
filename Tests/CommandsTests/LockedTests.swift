import Foundation
import Testing

/// Two runs at once: one of them works, the other waits or says who does.
@Suite struct LockedTests {
    private let scenario: Scenario

    init() throws {
        scenario = try Scenario(devices: 12, titles: 8)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
    }

    /// A command that holds the lock until its standard input ends.
    private func holder() throws -> (process: Process, input: Pipe) {
        let process = Program.process("exec mediaplan import wishes -w w -", in: scenario.folder)
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let start = "\(process.processIdentifier) "
        while process.isRunning, try !scenario.text("w/lock").hasPrefix(start) { usleep(2000) }
        try #require(process.isRunning)
        return (process, input)
    }

    private func end(_ holder: (process: Process, input: Pipe)) throws {
        try holder.input.fileHandleForWriting.write(contentsOf: Data("device,title,rank\n".utf8))
        try holder.input.fileHandleForWriting.close()
        holder.process.waitUntilExit()
        #expect(holder.process.terminationStatus == 0)
    }

    @Test func `a second run ends with 75 and says who holds the lock`() throws {
        let holder = try holder()
        let before = try scenario.files(below: "w/published")
        let pid = holder.process.processIdentifier
        for command in [
            "nightly", "nightly --dry-run", "nightly --lock-timeout 0.2", "plan", "publish",
            "import sites w/drop/sites",
        ] {
            try scenario.end(
                "mediaplan \(command) -w w", with: 75,
                saying: "mediaplan: error: another run holds the lock (process \(pid), since 20",
                "hint: wait for it to end, or give --lock-timeout SECONDS")
        }
        try scenario.end(
            "mediaplan nightly -w w --json 2>/dev/null", with: 75,
            saying: "{\"message_type\":\"summary\",\"command\":\"nightly\"",
            "\"error\":\"another run holds the lock", "\"exit_code\":75}")
        #expect(try scenario.files(below: "w/published") == before)
        try end(holder)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
    }

    @Test func `a store that is none is told in the summary and the metrics`() throws {
        try scenario.set("metrics_file", "night.prom")
        try scenario.write("w/store.sqlite", String(repeating: "no store ", count: 200))
        try scenario.end(
            "mediaplan nightly -w w --json", with: 78, saying: "\"message_type\":\"summary\"",
            "\"exit_code\":78}", "mediaplan: error: ")
        #expect(try scenario.text("w/night.prom").contains("_last_run_exit_code 78\n"))
    }

    @Test func `a night that is running is not replaced unasked`() throws {
        let before = try scenario.current
        try scenario.end(
            "mediaplan nightly -w w --now 2026-11-24T22:10:00Z", with: 3,
            saying: "the night of 2026-11-24 is published and lasts until 2026-11-25T06:00:00Z",
            "--night 2026-11-25")
        #expect(try scenario.current == before)
    }

    @Test func `what only reads needs no lock`() throws {
        let holder = try holder()
        for command in ["show devices", "audit", "export plan", "show nights", "show transfers"] {
            try scenario.succeed("mediaplan \(command) -w w")
        }
        try end(holder)
    }

    @Test func `waits for the lock as long as it is told`() throws {
        let holder = try holder()
        let second = Program.process(
            "exec mediaplan nightly -w w --now \(Scenario.now) --lock-timeout 100",
            in: scenario.folder)
        second.standardOutput = FileHandle.nullDevice
        try second.run()
        usleep(300_000)
        #expect(second.isRunning)
        try end(holder)
        second.waitUntilExit()
        #expect(second.terminationStatus == 0)
    }

    @Test func `a holder that is killed leaves no lock`() throws {
        let holder = try holder()
        kill(holder.process.processIdentifier, SIGKILL)
        holder.process.waitUntilExit()
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        #expect(try scenario.paths(below: "w").allSatisfy { !$0.hasPrefix(".stdin") })
    }
}
