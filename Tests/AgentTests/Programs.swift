import Foundation

/// How a program ended and all it printed.
struct ProgramResult: Sendable {
    var status: Int32
    var output: String
}

/// The program under test: built beside the running tests.
let agentProgram: String = {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appending(path: "mediaplan-agent").path
}()

/// Runs a program to its end; output and errors together.
func run(_ program: String, _ arguments: [String]) throws -> ProgramResult {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    return ProgramResult(
        status: process.terminationStatus + (isSignal ? 128 : 0),
        output: String(decoding: output, as: UTF8.self))
}

/// Runs the agent to its end.
func agent(_ arguments: String...) throws -> ProgramResult { try run(agentProgram, arguments) }

/// A program that goes on until it is told to end, or its owner goes.
final class RunningProgram {
    private let process = Process()
    private let log: URL

    /// Starts it; output and errors are written to the file `log`, `environment` is added to ours.
    init(
        _ program: String, _ arguments: [String], log: String, environment: [String: String] = [:]
    ) throws {
        self.log = URL(filePath: log)
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let file = try FileHandle(forWritingTo: self.log)
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file
        process.standardError = file
        try process.run()
    }

    deinit { kill() }

    var isRunning: Bool { process.isRunning }

    /// What it printed so far.
    var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Ends it at once, as a power cut does.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Sends it a signal.
    func send(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }

    /// Asks it to end, and waits until it has.
    ///
    /// - Returns: its exit status; above 128 when a signal ended it.
    func terminate() -> Int32 {
        if process.isRunning { process.terminate() }
        return wait()
    }

    /// Waits until it has ended.
    func wait() -> Int32 {
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        return process.terminationStatus + (isSignal ? 128 : 0)
    }

    /// Holds it, as a link that is cut without a word does; `resume` lets it go on.
    func suspend() { Foundation.kill(process.processIdentifier, SIGSTOP) }
    func resume() { Foundation.kill(process.processIdentifier, SIGCONT) }
}

/// Waits until something is so, at most for so many seconds; whether it came to be.
func eventually(seconds: Int = 30, _ isSo: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<(seconds * 20) {
        if try isSo() { return true }
        Thread.sleep(forTimeInterval: 0.05)
    }
    return try isSo()
}
