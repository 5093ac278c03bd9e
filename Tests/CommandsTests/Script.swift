import Foundation
import TestSupport

/// A transcript of what a user types and sees, kept in `Fixtures/scripts` or fenced in the README
/// as `console`, and played against the built program.
///
/// ```
/// # what this shows
/// $ mediaplan init fleet
/// made workspace fleet
/// …
/// $ mediaplan init fleet
/// mediaplan: error: 'fleet' is a workspace already; nothing was changed
/// [1]
/// -- notes.txt --
/// a file that is there before the first command
/// ```
///
/// A line that begins with `$ ` runs in `/bin/sh`, in a folder of its own, with
/// the program on the path; `> ` continues it. The lines below are what it
/// prints on both streams, `…` in a line stands for any text, alone for any
/// lines, and a last `[n]` is its exit status, 0 when absent.
struct Script: Sendable, CustomStringConvertible {
    /// One command and what it says.
    struct Step: Sendable {
        var line: Int
        var command: String
        var expected: [String] = []
        var status: Int32 = 0
    }

    var name: String
    var steps: [Step] = []
    var files: [(name: String, text: String)] = []
    /// Whether its plans need not be good ones.
    var isHasty = false

    var description: String { name }

    init(name: String, text: String) {
        self.name = name
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        if lines.last == "" { lines.removeLast() }
        for (number, line) in lines.enumerated() { read(line, number + 1) }
    }

    private mutating func read(_ line: String, _ number: Int) {
        if line.hasPrefix("-- "), line.hasSuffix(" --") {
            files.append((String(line.dropFirst(3).dropLast(3)), ""))
        } else if !files.isEmpty {
            files[files.count - 1].text += line + "\n"
        } else if line.hasPrefix("$ ") {
            steps.append(Step(line: number, command: String(line.dropFirst(2))))
        } else if line.hasPrefix("> "), !steps.isEmpty {
            steps[steps.count - 1].command += "\n" + line.dropFirst(2)
        } else if let status = Script.status(line), !steps.isEmpty {
            steps[steps.count - 1].status = status
        } else if !steps.isEmpty, !line.hasPrefix("#"),
            !line.isEmpty || !steps[steps.count - 1].expected.isEmpty
        {
            steps[steps.count - 1].expected.append(line)
        }
    }

    private static func status(_ line: String) -> Int32? {
        line.hasPrefix("[") && line.hasSuffix("]") ? Int32(line.dropFirst().dropLast()) : nil
    }
}

extension Script {
    /// Every script of the repository, by name.
    static let all: [Script] = {
        let folder = Fixtures.url("scripts")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let scripts = names.filter { $0.hasSuffix(".txt") }.sorted().compactMap { name in
            let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return text.map { Script(name: name, text: $0) }
        }
        return scripts + [readme]
    }()

    /// What the README has a user type, in order.
    static let readme: Script = {
        let url = Fixtures.root.appending(path: "README.md")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        let blocks = text.components(separatedBy: "```console\n").dropFirst().map { block in
            block.components(separatedBy: "```")[0]
        }
        var script = Script(name: "README.md", text: blocks.joined())
        script.isHasty = true
        return script
    }()

    /// Plays the script in a fresh folder.
    ///
    /// - Returns: what differs from the transcript, one entry a command.
    func differences() throws -> [String] {
        try Fixtures.withFolder { folder in
            for file in files {
                let url = folder.appending(path: file.name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url)
            }
            let hasty = isHasty ? "PATH=\(try Program.hasty(in: folder).path):$PATH; " : ""
            return try steps.compactMap { step in
                let result = try Program.shell(hasty + step.command, in: folder)
                return difference(step, result)
            }
        }
    }

    private func difference(_ step: Step, _ result: Program.Result) -> String? {
        var made = result.output.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        if made.last == "" { made.removeLast() }
        var expected = step.expected
        while expected.last == "" { expected.removeLast() }
        guard step.status != result.status || !Script.matches(made[...], expected[...]) else {
            return nil
        }
        let status = result.status == 0 ? "" : "\n[\(result.status)]"
        return "\(name):\(step.line): $ \(step.command)\nprinted:\n"
            + made.joined(separator: "\n") + status
    }

    /// Whether lines match a transcript's.
    static func matches(_ lines: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return lines.isEmpty }
        if first == "…" {
            return (0...lines.count).contains { matches(lines.dropFirst($0), pattern.dropFirst()) }
        }
        guard let line = lines.first, matches(line: line, first) else { return false }
        return matches(lines.dropFirst(), pattern.dropFirst())
    }

    private static func matches(line: String, _ pattern: String) -> Bool {
        let parts = pattern.components(separatedBy: "…")
        guard parts.count > 1 else { return line == pattern }
        guard line.hasPrefix(parts[0]) else { return false }
        var rest = line.dropFirst(parts[0].count)
        for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
            guard let found = rest.range(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}
