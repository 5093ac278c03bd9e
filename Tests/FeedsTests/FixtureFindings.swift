import Foundation
import Quantities
import Testing

/// Fixtures of this module and what is expected of them, beside each in a file `.findings`.
///
/// With the environment variable `MEDIAPLAN_RECORD` set, the files are written
/// anew and the test fails, so that the change is looked at.
enum FixtureFindings {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    /// The fixtures in a folder, by name.
    static func names(in folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: root.appending(path: folder).path)
        return (names ?? []).filter { !$0.hasSuffix(".findings") && !$0.hasPrefix(".") }.sorted()
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appending(path: name)))
    }

    /// Compares `found`, one finding a line, to the file beside the fixture.
    static func expect(_ found: [String], beside name: String) throws {
        let url = root.appending(path: name + ".findings")
        let text = found.map { $0 + "\n" }.joined()
        if ProcessInfo.processInfo.environment["MEDIAPLAN_RECORD"] != nil {
            try text.write(to: url, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name)")
        }
        let expected = (try? String(contentsOf: url, encoding: .utf8)) ?? "no findings file\n"
        #expect(text == expected, "\(name)")
    }

    /// A diagnostic with its advice.
    static func line(_ diagnostic: Diagnostic) -> String {
        diagnostic.description + (diagnostic.hint.map { " (\($0))" } ?? "")
    }
}
