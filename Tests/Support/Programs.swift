package import Foundation

/// A folder that is deleted when its owner goes.
package final class TemporaryFolder {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    package func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url.appending(path: name)))
    }

    package func path(_ name: String) -> String { url.appending(path: name).path }
}

/// What a program said.
package struct ProgramResult {
    package var status: Int32
    package var output: String
}

/// Whether a program is installed: tests that need one are skipped without it.
package func isInstalled(_ program: String) -> Bool { pathOf(program) != nil }

private func pathOf(_ program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Runs a program to its end; output and errors together.
package func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws
    -> ProgramResult
{
    let process = Process()
    let output = Pipe()
    guard let path = pathOf(program) else { throw CocoaError(.fileNoSuchFile) }
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    let standardInput = Pipe()
    process.standardInput = standardInput
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
    try standardInput.fileHandleForWriting.close()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return ProgramResult(
        status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
}
