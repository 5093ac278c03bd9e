import Foundation
import Testing

/// What publishing again changes, and what it leaves.
@Suite struct ScenarioPublishedTests {
    private let scenario: Scenario
    private static let nightly = "mediaplan nightly -w w --now \(Scenario.now)"

    init() throws {
        scenario = try Scenario(devices: 20, titles: 12)
        try scenario.succeed(ScenarioPublishedTests.nightly)
    }

    /// Where each published file lies on the disk, and when it was written.
    private func stamps() throws -> String {
        try scenario.succeed("find -L w/published -type f -printf '%p %i %T@\\n' | sort")
    }

    /// What each device is told to do, without what identifies the publication and who stands in
    /// for whom.
    private func orders() throws -> [String: [UInt8]] {
        try scenario.manifests().mapValues { manifest in
            let others = ["sequence", "plan", "issued", "standby", "caps", "items", "ends"]
            var orders = manifest.filter { !others.contains($0.key) }
            let items = try #require(manifest["items"] as? [[String: Any]])
            let ends = try #require(manifest["ends"] as? [[String: Any]])
            for member in ["fetch", "serve", "remove"] {
                let rows = try #require(manifest[member] as? [[Int]])
                orders[member] = rows.map { row in
                    let item = items[row[1]].filter { $0.key != "fallbacks" }
                    let isMoved = member != "remove"
                    let named: [Any] = isMoved ? [item, ends[row[2]]] : [item]
                    return [row[0], named, Array(row.dropFirst(isMoved ? 3 : 2))] as [Any]
                }
            }
            return Array(try JSONSerialization.data(withJSONObject: orders, options: .sortedKeys))
        }
    }

    private func difference() throws -> [String: Any] {
        let lines = try scenario.succeed("\(ScenarioPublishedTests.nightly) --dry-run --json")
        let line = try #require(
            lines.split(separator: "\n").first { $0.contains(#""message_type":"difference""#) })
        return try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func `the same night again leaves every file untouched`() throws {
        let before = try stamps()
        for command in [
            ScenarioPublishedTests.nightly, "mediaplan nightly -w w --now 2026-11-24T21:30:00Z",
            "mediaplan publish -w w --now \(Scenario.now)",
            "mediaplan nightly -w w --threads 3 --now \(Scenario.now)",
            "touch w/drop/*/*.csv && \(ScenarioPublishedTests.nightly)",
            "\(ScenarioPublishedTests.nightly) --force",
        ] {
            let said = try scenario.succeed(command)
            #expect(said.contains("all as published before"), "\(command)")
            #expect(try stamps() == before, "\(command)")
        }
    }

    @Test func `a changed wish changes what the rehearsal says, and the number`() throws {
        let rows = try scenario.text("w/drop/wishes/wishes.csv").split(separator: "\n")
        let victim = try #require(
            try scenario.succeed(
                "mediaplan show outcomes -w w --format csv --columns outcome,device"
            ).split(separator: "\n").first { $0.hasPrefix("served,") }
        ).dropFirst(7)
        let kept = rows.filter { !$0.hasPrefix("\(victim),") } + ["\(victim),none,1,"]
        try scenario.write("w/drop/wishes/wishes.csv", kept.joined(separator: "\n") + "\n")
        let before = try orders()
        let told = try difference()
        #expect(told["new_devices"] as? Int == 0 && told["gone_devices"] as? Int == 0)
        let said = try scenario.succeed(ScenarioPublishedTests.nightly)
        #expect(said.contains("(sequence 2)"))
        let after = try orders()
        #expect(after.keys.sorted() == before.keys.sorted())
        let changed = after.filter { before[$0.key] != $0.value }.keys
        #expect(changed.contains { $0.hasSuffix("/\(victim).json") })
        #expect(told["changed_devices"] as? Int == changed.count)
        #expect(try difference()["changed_devices"] as? Int == 0)
        _ = try PublishedNight(scenario)
    }

    @Test func `a wish that nobody can serve leaves what each box is told to do`() throws {
        let before = try orders()
        let device = try #require(
            try scenario.text("w/drop/wishes/wishes.csv").split(separator: "\n").last?.split(
                separator: ","
            ).first)
        try scenario.succeed("echo '\(device),none,99,' >> w/drop/wishes/wishes.csv")
        try scenario.succeed(ScenarioPublishedTests.nightly)
        #expect(try orders() == before)
    }

    @Test func `old nights are kept to the limit`() throws {
        try scenario.set("kept_nights", "2")
        for day in 25...27 {
            try scenario.succeed("mediaplan nightly -w w --now 2026-11-\(day)T20:00:00Z")
        }
        let published = try scenario.succeed("ls w/published")
        #expect(published == "2026-11-26.000003\n2026-11-27.000004\ncurrent\n")
        #expect(try scenario.succeed("ls w/nights") == "2026-11-26\n2026-11-27\n")
        #expect(try PublishedNight(scenario).sequence == 4)
        try scenario.succeed("mediaplan audit -w w --night 2026-11-26")
        try scenario.end("mediaplan audit -w w --night 2026-11-24", with: 1, saying: "no plan for")
    }
}
