import Foundation
import Nightly
import TestSupport
import Testing

/// The manual, held to the code.
@Suite struct ManualTests {
    private let folder = Fixtures.root.appending(path: "man")

    @Test func `every page passes mandoc's checks`() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "command -v mandoc >/dev/null || exit 77; mandoc -Tlint *.[0-9]",
        ]
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let findings = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus != 77 else { return }
        #expect(findings == "")
        #expect(process.terminationStatus == 0)
    }

    @Test func `mediaplan.yaml(5) tells every setting with its default`() throws {
        let page = try String(
            contentsOf: folder.appending(path: "mediaplan.yaml.5"), encoding: .utf8)
        let defaults = Configuration()
        for setting in Setting.all
        where !["whole", "max_rejects", "max_reject_percent"].contains(setting.group) {
            let value = setting.print(defaults).replacing("\"\"", with: "Qq \\&")
            let shown = value.hasPrefix("\"") ? "Qq " + value.dropFirst().dropLast() : value
            #expect(
                page.contains(".It Li \(setting.name) : \(shown)\n"), "\(setting.path): \(shown)")
        }
        for setting in Setting.all {
            #expect(page.contains(".Ss \(setting.group)") || page.contains(", \(setting.group)\n"))
        }
        for setting in Setting.all where setting.group == "max_rejects" {
            let percent = try #require(
                Setting.all.first { $0.path == "max_reject_percent.\(setting.name)" })
            #expect(
                page.contains(
                    ".It \(setting.name) Ta \(setting.print(defaults)) Ta \(percent.print(defaults))\n"
                ))
        }
    }

    @Test func `mediaplan.yaml(5) tells the bounds of every number`() throws {
        let page = try String(
            contentsOf: folder.appending(path: "mediaplan.yaml.5"), encoding: .utf8)
        var count = 0
        for setting in Setting.all {
            var configuration = Configuration()
            let refusal = setting.read(&configuration, "?") ?? ""
            guard let bounds = refusal.firstMatch(of: #/from (\d+) to (\d+)/#)?.output else {
                continue
            }
            let isLimit = setting.group.hasPrefix("max_reject")
            let start = isLimit ? ".Ss max_rejects" : ".It Li \(setting.name) :"
            let entry = try #require(page.components(separatedBy: start).last)
                .components(separatedBy: isLimit ? ".Bl" : "\n.It")[0]
            let words = Set(entry.split { " \n,;.".contains($0) })
            #expect(words.isSuperset(of: [bounds.1, bounds.2]), "\(setting.path): \(refusal)")
            count += 1
        }
        #expect(count > 20)
    }

    @Test func `mediaplan-nightly(1) tells every metric`() throws {
        let page = try String(
            contentsOf: folder.appending(path: "mediaplan-nightly.1"), encoding: .utf8)
        var trial = try TrialNight()
        trial.workspace.configuration.metricsFile = "m.prom"
        try NightMetrics.write(
            try trial.run(), exitCode: 0, now: TrialNight.now, in: trial.workspace)
        let text = String(decoding: try Files.read(trial.workspace.path("m.prom")), as: UTF8.self)
        let names = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE mediaplan_") }
            .map { $0.dropFirst("# TYPE mediaplan_".count).dropLast(" gauge".count) }
        #expect(names.count > 10)
        for name in names { #expect(page.contains(name), "mediaplan_\(name)") }
    }
}
