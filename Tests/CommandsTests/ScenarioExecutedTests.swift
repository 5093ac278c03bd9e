import Foundation
import Quantities
import TestSupport
import Testing

/// A planned night carried out byte by byte between folders, by a script that knows the manifests
/// alone.
@Suite(
    .enabled(if: isInstalled("python3"), "carrying manifests out needs python3"))
struct ScenarioExecutedTests {
    @Test(arguments: ["balanced", "min-origin", "min-time"])
    func `what the plan says comes whole equals the origin's copy in the end`(profile: String)
        throws
    {
        let scenario = try Scenario(devices: 30, titles: 16)
        try TinyFleet(scenario).shrink()
        for (name, value) in [
            ("slot", "\"5m\""), ("length", "\"120m\""), ("start", "\"23:00\""),
        ] {
            try scenario.set(name, value)
        }
        try scenario.succeed(
            "mediaplan nightly -w w --now \(Scenario.now) --profile \(profile) --json > night.jsonl"
        )
        let disks = try Disks(scenario)
        try disks.write()
        let key = isInstalled("minisign") ? "w/keys/manifest.pub" : ""
        let said = try scenario.succeed(
            "python3 '\(Fixtures.url("agents/execute.py").path)' w/published/current devices origin \(key)"
        )
        let outcomes = try rows(
            "mediaplan show outcomes -w w --format csv --columns outcome,device,item", scenario)
        #expect(Set(outcomes.map { $0[0] }) == ["served", "part", "unserved"])
        let served = outcomes.filter { $0[0] == "served" }
        #expect(served.count > 10)
        let transfers = try rows(
            "mediaplan export plan -w w --format csv", scenario)
        #expect(said.hasPrefix("\(transfers.count) transfers, "))
        #expect(said.hasSuffix(" bytes, \(served.count) items\n"))
        for row in served {
            let (device, item) = (row[1], row[2])
            let made = try scenario.bytes("devices/\(device)/\(item)")
            #expect(try made == scenario.bytes("origin/\(item)"), "\(device) lacks \(item)")
        }
        let between = transfers.filter { $0[5] == "device" }
        #expect(between.count > transfers.count / 4)
        try expectHops(transfers)
    }

    /// Something came to a box and went on from it in the same night.
    private func expectHops(_ transfers: [[String]]) throws {
        let received = Set(transfers.map { "\($0[7]) \($0[10])" })
        let relayed = transfers.filter {
            $0[5] == "device" && received.contains("\($0[6]) \($0[10])")
        }
        #expect(!relayed.isEmpty)
    }

    private func rows(_ command: String, _ scenario: Scenario) throws -> [[String]] {
        try scenario.succeed(command).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        }
    }
}

/// The made-up fleet in the drop folders, small enough that its bytes can be laid out: sizes by
/// 4096, rates by 1000.
private struct TinyFleet {
    private let scenario: Scenario

    init(_ scenario: Scenario) { self.scenario = scenario }

    func shrink() throws {
        try change("w/drop/catalogue/catalogue.xml") { text in
            text.replacing(#/ size="(\d+)"/#) { " size=\"\(smaller($0.output.1, by: 4096))\"" }
                .replacing("chunk-bytes=\"4194304\"", with: "chunk-bytes=\"65536\"")
        }
        for path in try scenario.paths(below: "w/drop/catalogue/adi") {
            try change("w/drop/catalogue/adi/\(path)") { text in
                text.replacing(#/("Content_FileSize" Value=")(\d+)"/#) {
                    "\($0.output.1)\(smaller($0.output.2, by: 4096))\""
                }
            }
        }
        try columns("devices", ["wish_bytes": 4096, "cache_bytes": 4096])
        try columns("devices", ["up_kbps": 1000, "down_kbps": 1000])
        try columns("sites", ["up_kbps": 1000, "down_kbps": 1000])
        try columns("origins", ["egress_kbps": 1000])
        try columns("links", ["kbps": 1000])
        // One chunk now has the bytes of 64: a share of an item stays about the same share.
        try change("w/drop/holdings/holdings.csv") { text in
            text.replacing(#/"?\d+-\d+(,\d+(-\d+)?)*"?/#) { _ in "0-1" }
        }
    }

    private func smaller(_ digits: Substring, by divisor: Int) -> Int {
        Int(digits).map { $0 == 0 ? 0 : max(1, $0 / divisor) } ?? 0
    }

    private func change(_ path: String, _ change: (String) -> String) throws {
        try scenario.write(path, change(try scenario.text(path)))
    }

    private func columns(_ table: String, _ divisors: [String: Int]) throws {
        try change("w/drop/\(table)/\(table).csv") { text in
            let rows = text.split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            let names = rows[0]
            let changed = rows.dropFirst().map { row in
                zip(names, row).map { name, field in
                    guard let divisor = divisors[String(name)], !field.isEmpty else {
                        return String(field)
                    }
                    return String(smaller(field, by: divisor))
                }.joined(separator: ",")
            }
            return ([names.joined(separator: ",")] + changed).joined(separator: "\n") + "\n"
        }
    }
}

/// Folders for the origin's items and what each box holds at dusk, as far as manifests name it.
private struct Disks {
    private let scenario: Scenario
    /// Item keys, with the bytes of each file and of a chunk.
    private var items: [String: (files: [Int], chunk: Int)] = [:]

    init(_ scenario: Scenario) throws {
        self.scenario = scenario
        for manifest in try scenario.manifests().values {
            for item in try #require(manifest["items"] as? [[String: Any]]) {
                let cut = try #require(item["cut"] as? [Int])
                items[try #require(item["key"] as? String)] = (Array(cut.dropFirst()), cut[0])
            }
        }
    }

    func write() throws {
        for (key, item) in items {
            let size = item.files.reduce(0, +)
            var random = SplitMix64(seed: key.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
            try scenario.write(
                "origin/\(key)", (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        }
        let held = try scenario.succeed("mediaplan show holdings -w w --format jsonl")
        for line in held.split(separator: "\n") {
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            try place(try #require(row))
        }
        for name in try scenario.manifests().keys {
            let device = try #require(name.split(separator: "/").last?.dropLast(5))
            try FileManager.default.createDirectory(
                at: scenario.url("devices/\(device)"), withIntermediateDirectories: true)
        }
    }

    /// Lays out what one box holds of one item: its chunks, zeros between them.
    private func place(_ row: [String: Any]) throws {
        let device = try #require(row["device"] as? String)
        let title = try #require(row["item"] as? String)
        guard let version = row["version"] as? String else { return }
        let key = title.replacing("/", with: "~2F") + "@\(version)"
        guard let item = items[key] else { return }
        let chunks = row["chunks"] as? String ?? "all"
        let whole = try scenario.bytes("origin/\(key)")
        var bytes = [UInt8](repeating: 0, count: whole.count)
        for (number, range) in chunkRanges(item).enumerated()
        where chunks == "all" || covers(chunks, number) {
            bytes.replaceSubrange(range, with: whole[range])
        }
        try scenario.write("devices/\(device)/\(key)", bytes)
    }

    /// Each file begins a chunk; its last one is shorter.
    private func chunkRanges(_ item: (files: [Int], chunk: Int)) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for size in item.files {
            for offset in stride(from: 0, to: size, by: item.chunk) {
                ranges.append(start + offset..<start + min(offset + item.chunk, size))
            }
            start += size
        }
        return ranges
    }

    private func covers(_ chunks: String, _ number: Int) -> Bool {
        chunks.split(separator: ",").contains { part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            return ends.count > 0 && (ends[0]...ends[ends.count - 1]).contains(number)
        }
    }
}
