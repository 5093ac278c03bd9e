import Foundation
import Testing

/// The same input, configuration, keys and `--now` give the same bytes, wherever and however.
@Suite struct DeterminismTests {
    /// A night's plan, its tables and all that is published.
    private func results(_ scenario: Scenario) throws -> [String: [UInt8]] {
        var results = try scenario.files(below: "w/published/current")
        results["plan"] = try scenario.bytes("w/nights/\(Scenario.night)/plan")
        results["current"] = Array(try scenario.current.utf8)
        for table in ["transfers", "removals", "outcomes"] {
            results[table] = Array(
                try scenario.succeed("mediaplan export plan -w w --table \(table) --format csv")
                    .utf8)
        }
        return results
    }

    private struct Variant {
        var synthesis = ""
        var environment = ""
        var options = ""
        /// Run before the night.
        var before = ":"
    }

    private let variants = [
        Variant(
            synthesis: "--shuffled 99",
            environment: "TZ=America/New_York LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8",
            options: "--threads 2"),
        Variant(
            synthesis: "--shuffled 5",
            environment: "TZ=Asia/Kathmandu LC_ALL=tr_TR.UTF-8 NO_COLOR=1",
            options: "--threads 1 --json", before: "gzip w/drop/*/*.csv; umask 077"),
        Variant(
            environment: "TZ= LC_ALL= MEDIAPLAN_WORKSPACE=$PWD/w", options: "--threads 7",
            before: "cd /"),
    ]

    @Test func `shuffled rows, threads, time zone and locale leave no trace`() throws {
        let first = try Scenario(devices: 30, titles: 16)
        try first.set("effort", "200")
        try first.succeed("mediaplan nightly -w w --threads 1 --now \(Scenario.now)")
        let expected = try results(first)
        #expect(expected.count > 60)
        for variant in variants {
            let other = try Scenario(devices: 30, titles: 16, options: variant.synthesis)
            try other.set("effort", "200")
            try other.succeed("rm -r w/keys && cp -a '\(first.url("w/keys").path)' w/keys")
            let workspace = variant.before == "cd /" ? "" : "-w w"
            try other.succeed(
                "export \(variant.environment); \(variant.before)\n"
                    + "mediaplan nightly \(workspace) --now \(Scenario.now) \(variant.options)")
            let made = try results(other)
            #expect(made.keys.sorted() == expected.keys.sorted())
            for (name, bytes) in expected {
                #expect(made[name] == bytes, "\(name) differs: \(variant)")
            }
        }
    }

    @Test func `importing table by table, in another order, gives the same night`() throws {
        let first = try Scenario(devices: 20, titles: 12)
        try first.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        let other = try Scenario(devices: 20, titles: 12, options: "--shuffled 3")
        try other.succeed("rm -r w/keys && cp -a '\(first.url("w/keys").path)' w/keys")
        try other.succeed("mv w/drop drop; mkdir w/drop")
        for table in ["links", "sites", "accounts", "origins", "devices", "wishes", "holdings"] {
            try other.succeed("mediaplan import \(table) -w w drop/\(table)")
        }
        try other.succeed("mediaplan import catalogue -w w drop/catalogue")
        let night = "-w w --now \(Scenario.now)"
        try other.succeed(
            "mediaplan plan --night \(Scenario.night) \(night) && mediaplan audit -w w"
                + " && mediaplan publish \(night)")
        #expect(try results(other) == results(first))
    }
}
