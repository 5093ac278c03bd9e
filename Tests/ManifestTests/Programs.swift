import Foundation
import Manifest
import Testing

/// A key that everyone may know.
func exampleKey(_ salt: UInt8 = 1) throws -> SigningKey {
    try SigningKey(random: (0..<40).map { $0 &* 7 &+ salt })
}

/// A folder that is deleted when its owner goes.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url.appending(path: name)))
    }

    func path(_ name: String) -> String { url.appending(path: name).path }
}

/// What a program said.
struct ProgramResult {
    var status: Int32
    var output: String
}

/// Whether a program is installed: tests that need one are skipped without it.
func isInstalled(_ program: String) -> Bool { pathOf(program) != nil }

private func pathOf(_ program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Runs a program to its end; output and errors together.
func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> ProgramResult {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(pathOf(program)))
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

/// Any text and comment as `minisign -S -l` signs them.
func sign(_ json: [UInt8], comment: String, with key: SigningKey) throws -> SignedManifest {
    let signature = try key.signature(of: json)
    let first = Data(Array("Ed".utf8) + key.publicKey.keyID + signature)
    let second = Data(try key.signature(of: signature + Array(comment.utf8)))
    let text =
        "untrusted comment: test\n\(first.base64EncodedString())\n"
        + "trusted comment: \(comment)\n\(second.base64EncodedString())\n"
    return SignedManifest(json: json, minisig: Array(text.utf8))
}
