import Foundation
import TestSupport
import Testing

/// The night over the shipped fleet, which the README's first command ends with.
@Suite struct DemonstrationTests {
    private let script = Fixtures.url("fleet").appending(path: "night").path

    private func night(in folder: URL, _ arguments: String) throws -> Program.Result {
        try Program.shell(
            "MEDIAPLAN=\(try Program.hasty(in: folder).path)/mediaplan sh '\(script)' \(arguments)",
            in: folder)
    }

    @Test func `ends with a summary and a manifest to look at`() throws {
        try Fixtures.withFolder { folder in
            let run = try night(in: folder, "one")
            #expect(run.status == 0)
            #expect(run.output.contains(": every rule holds, the bound is proved\n"))
            try checkManifest(run.output, in: folder)
            try checkFigures(in: folder)
        }
    }

    /// The last line is a command that shows what a box fetches and serves.
    private func checkManifest(_ output: String, in folder: URL) throws {
        let command = try #require(output.split(separator: "\n").last)
        #expect(command.hasPrefix("  jq -r "))
        let rows = try Program.shell(String(command), in: folder)
        #expect(rows.status == 0)
        let kinds = Set(
            rows.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first })
        #expect(kinds == ["fetch", "serve"])
    }

    /// Nothing was rejected, the fleet is scarce and the plan close to the best.
    private func checkFigures(in folder: URL) throws {
        let run = try Program.shell(
            "mediaplan audit -w one --json | jq -r '[.served_share, .gap, .breaches] | @tsv';"
                + " mediaplan show imports -w one --json | jq -s 'map(.refused) | add'",
            in: folder)
        let numbers = run.output.split { "\t\n".contains($0) }.compactMap { Double($0) }
        try #require(numbers.count == 4, "\(run.output)")
        #expect((0.35...0.65).contains(numbers[0]))
        #expect((0...0.05).contains(numbers[1]))
        #expect(numbers[2] == 0)
        #expect(numbers[3] == 0)
    }

    @Test func `leaves a folder alone that is there already`() throws {
        try Fixtures.withFolder { folder in
            let run = try Program.shell("mkdir mine && echo x > mine/file", in: folder)
            #expect(run.status == 0)
            let refused = try night(in: folder, "mine")
            #expect(refused.status == 1)
            #expect(refused.output.hasPrefix("night: 'mine' is there already"))
            #expect(try Program.shell("ls mine", in: folder).output == "file\n")
        }
    }

    @Test func `says what to do when the program isn't built`() throws {
        try Fixtures.withFolder { folder in
            let run = try Program.shell(
                "mkdir -p copy/Fixtures && cp -R '\(Fixtures.url("fleet").path)' copy/Fixtures/"
                    + " && PATH=/usr/bin:/bin sh copy/Fixtures/fleet/night", in: folder)
            #expect(run.status == 1)
            #expect(run.output.contains("swift build -c release --product mediaplan"))
        }
    }
}
