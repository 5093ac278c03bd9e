import Quantities
import Testing

@testable import Synthesis

/// What holds of the files of every fleet, however small.
struct FilesTests {
    static let sizes: [(Int, Int)] = [
        (1, 1), (1, 5), (7, 3), (7, 60), (300, 1), (300, 60), (700, 300),
    ]

    @Test func `The same seed gives the same bytes`() throws {
        let first = try Written(60, 40, seed: 9)
        let second = try Written(60, 40, seed: 9)
        #expect(first.paths == second.paths)
        #expect(first.bytes == second.bytes)
    }

    @Test func `Another seed gives another fleet`() throws {
        let first = try Written(60, 40, seed: 9)
        let second = try Written(60, 40, seed: 10)
        for path in ["catalogue.xml", "devices.csv", "holdings.csv", "wishes.csv", "accounts.csv"] {
            #expect(first.bytes[path] != second.bytes[path], "\(path)")
        }
    }

    @Test func `Another night moves the dates and nothing else of a box`() throws {
        let first = try Written(60, 40)
        let second = try Written(60, 40, night: CivilDate(dayNumber: first.night.dayNumber + 30))
        #expect(first.bytes["holdings.csv"] == second.bytes["holdings.csv"])
        #expect(first.bytes["devices.csv"] != second.bytes["devices.csv"])
    }

    @Test(arguments: [UInt64(0), 1, 77])
    func `Shuffled files hold the same rows in another order`(number: UInt64) throws {
        let plain = try Written(300, 60)
        let mixed = try Written(300, 60, shuffled: number)
        #expect(plain.paths == mixed.paths)
        for path in plain.paths where path.hasSuffix(".csv") {
            let lines = plain.text(path).split(separator: "\n")
            let others = mixed.text(path).split(separator: "\n")
            #expect(lines.first == others.first, "\(path)")
            #expect(lines.sorted() == others.sorted(), "\(path)")
            if lines.count > 20 { #expect(lines != others, "\(path)") }
        }
        #expect(XML.titles(plain.text("catalogue.xml")) != XML.titles(mixed.text("catalogue.xml")))
        #expect(
            XML.titles(plain.text("catalogue.xml")).sorted()
                == XML.titles(mixed.text("catalogue.xml")).sorted())
    }

    @Test func `Shuffled holdings of a box don't stay together`() throws {
        let devices = try Written(300, 60, shuffled: 4).rows("holdings").map { $0["device"] }
        let borders = zip(devices, devices.dropFirst()).filter { $0 != $1 }.count
        #expect(borders > 2 * 290)
    }

    @Test(arguments: sizes)
    func `Every table is well-formed and keyed once`(devices: Int, titles: Int) throws {
        let written = try Written(devices, titles)
        let keys = [
            "sites": ["site"], "origins": ["origin"], "accounts": ["account"],
            "devices": ["device"], "holdings": ["device", "item"], "wishes": ["device", "title"],
        ]
        for (table, columns) in keys {
            let rows = try written.rows(table).map { row in columns.map { row[$0] } }
            #expect(Set(rows).count == rows.count, "\(table)")
        }
        #expect(try written.rows("devices").count == devices)
        _ = try written.rows("links")
        let ranks = try written.rows("wishes").map { [$0["device"], $0["rank"]] }
        #expect(Set(ranks).count == ranks.count)
    }

    @Test(arguments: sizes)
    func `Every reference leads somewhere`(devices: Int, titles: Int) throws {
        let written = try Written(devices, titles)
        let ids = written.titleIDs
        #expect(ids.count >= titles)
        let sites = Set(try written.rows("sites").compactMap { $0["site"] })
        let accounts = Set(try written.rows("accounts").compactMap { $0["account"] })
        let boxes = Set(try written.rows("devices").compactMap { $0["device"] })
        for row in try written.rows("devices") {
            #expect(sites.contains(row["site"] ?? "") && accounts.contains(row["account"] ?? ""))
            #expect(
                (row["picks"] ?? "").split(separator: " ").allSatisfy { ids.contains(String($0)) })
        }
        for row in try written.rows("origins") { #expect(sites.contains(row["site"] ?? "")) }
        for row in try written.rows("holdings") {
            let known = ids.contains(row["item"] ?? "")
            #expect(boxes.contains(row["device"] ?? "") && known == row["bytes"]?.isEmpty)
        }
        for row in try written.rows("wishes") {
            #expect(boxes.contains(row["device"] ?? "") && ids.contains(row["title"] ?? ""))
        }
        for row in try written.rows("links") {
            let ends = row["kind"] == "capacity" ? sites : boxes
            #expect(ends.contains(row["from"] ?? "") && ends.contains(row["to"] ?? ""))
        }
    }

    @Test(arguments: sizes)
    func `The sites are one tree of four levels with a box at the leaves only`(
        devices: Int, titles: Int
    ) throws {
        let written = try Written(devices, titles)
        var parents: [String: String] = [:]
        for row in try written.rows("sites") { parents[row["site"] ?? ""] = row["parent"] }
        #expect(parents.values.filter(\.isEmpty).count == 1)
        func depth(_ site: String) -> Int {
            var depth = 0
            var here = site
            while let parent = parents[here], !parent.isEmpty, depth < 9 {
                here = parent
                depth += 1
            }
            return parents[here] == nil ? 99 : depth
        }
        #expect(Set(parents.keys.map(depth)) == [0, 1, 2, 3])
        for row in try written.rows("devices") { #expect(depth(row["site"] ?? "") == 3) }
    }

    @Test func `Pieces are about 64 KiB, and an error of the taker stops the writing`() throws {
        struct Full: Error {}
        let night = CivilDate(dayNumber: 20_000)
        let fleet = SyntheticFleet(devices: 700, titles: 60, seed: 1, night: night)
        for file in fleet.files {
            var sizes: [Int] = []
            try file.write { sizes.append($0.count) }
            #expect(sizes.allSatisfy { $0 > 0 && $0 < 80_000 })
            #expect(sizes.dropLast().allSatisfy { $0 >= 65_536 })
            var calls = 0
            #expect(throws: Full.self) {
                try file.write { _ in
                    calls += 1
                    throw Full()
                }
            }
            #expect(calls == 1)
        }
    }

    @Test(arguments: sizes)
    func `Catalogue and packages are well-formed and describe every title once`(
        devices: Int, titles: Int
    ) throws {
        let written = try Written(devices, titles)
        for path in written.paths where path.hasSuffix(".xml") {
            #expect(XML.fault(in: written.text(path)) == nil, "\(path)")
        }
        let packages = written.paths.filter { $0.hasPrefix("adi/") }
        #expect(packages.count == min(50, (titles * 30 + 999) / 1000))
        #expect(XML.titles(written.text("catalogue.xml")).count + packages.count == titles)
    }
}
