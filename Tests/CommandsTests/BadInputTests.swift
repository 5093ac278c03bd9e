import Foundation
import TestSupport
import Testing

/// Bad input, file by file: a message with file and line, the documented status, the store as it
/// was.
@Suite struct BadInputTests {
    private static let fixtures =
        "tables='\(Fixtures.url("tables").path)'; feeds='\(Fixtures.url("feeds").path)'; "

    /// A store with a bit of everything.
    private func scenario() throws -> Scenario {
        let scenario = try Scenario()
        try SmallFleet().write(to: scenario)
        for table in SmallFleet.tables { try scenario.succeed(SmallFleet.import(table)) }
        try scenario.succeed("cp wishes.csv good.csv")
        return scenario
    }

    private func check(_ inputs: [BadInput], in scenario: Scenario) throws {
        let before = try scenario.store()
        for input in inputs {
            try scenario.succeed(BadInputTests.fixtures + input.make)
            let result = try scenario.run("mediaplan import \(input.table) -w w \(input.file)")
            let told = input.says.filter { !result.output.contains($0) }
            #expect(
                result.status == input.status && told.isEmpty
                    && result.output.contains("nothing was taken")
                    && result.output.contains("mediaplan: error: "),
                "\(input): \(result.output.prefix(2000))[\(result.status)]; lacking \(told)")
            #expect(try scenario.store() == before, "\(input): the store was changed")
        }
    }

    @Test func `refuses a file that can't be read to its end`() throws {
        try check(BadInput.unreadable, in: try scenario())
    }

    @Test func `refuses sites that are no tree`() throws {
        try check(BadInput.noTrees, in: try scenario())
    }

    @Test func `refuses a feed that is no plain document`() throws {
        try check(BadInput.feeds, in: try scenario())
    }

    @Test func `refuses more rejected records than the limits allow, and keeps them`() throws {
        let scenario = try scenario()
        try check(BadInput.rejected, in: scenario)
        let kept = try scenario.paths(below: "w/rejects").map { $0.split(separator: ".")[0] }
        #expect(Set(kept) == Set(BadInput.rejected.map { Substring($0.table) }))
    }

    @Test func `takes a file with a byte-order mark as one without`() throws {
        let scenario = try scenario()
        try scenario.succeed(#"printf '\357\273\277device,title,rank\nbox-1,t9,1\n' > mark.csv"#)
        try scenario.succeed("mediaplan import wishes -w w mark.csv")
        let rows = try scenario.succeed("mediaplan show wishes -w w --device box-1 --format csv")
        #expect(rows.hasSuffix("\nbox-1,t9,1,\n"))
    }

    @Test(arguments: [
        "adi/size-absent.xml", "adi/size-zero.xml", "native/sizes-absent-or-zero.xml",
    ])
    func `takes a title without a size with a warning, and plans nothing of it`(feed: String) throws
    {
        let scenario = try scenario()
        try scenario.succeed("cp '\(Fixtures.url("feeds").path)/\(feed)' in.xml")
        let said = try scenario.succeed("mediaplan import catalogue -w w in.xml")
        #expect(said.contains(#/in\.xml:\d+:\d+: warning: the size of '.*' is/#))
        let id = feed.hasPrefix("adi") ? "cinema.example/CINT0000000000000001" : "a"
        try scenario.write("wish.csv", "device,title,rank\nbox-1,\(id),1\n")
        try scenario.succeed("mediaplan import wishes -w w wish.csv")
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        let outcome = try scenario.succeed(
            "mediaplan show outcomes -w w --device box-1 --format csv --columns title,cause")
        #expect(outcome == "title,cause\n\(id),no-item\n")
    }

    @Test func `takes what a pipe gives, which can be read once only`() throws {
        let scenario = try scenario()
        try scenario.succeed(
            "mkfifo pipe; (printf 'device,title,rank\nbox-1,t9,1\n' > pipe &)"
                + " ; mediaplan import wishes -w w pipe")
        let rows = try scenario.succeed("mediaplan show wishes -w w --device box-1 --format csv")
        #expect(rows.hasSuffix("\nbox-1,t9,1,\n"))
        try scenario.succeed("printf 'device,title,rank\n' | mediaplan import wishes -w w -")
    }

    @Test func `names a file whose name can't be read`() throws {
        let scenario = try scenario()
        try scenario.succeed("mkdir in; cp links.csv in")
        try scenario.succeed("cp links.csv \"$(printf 'in/l\\351.csv')\"")
        let before = try scenario.tables()
        let said = try scenario.run("mediaplan import links -w w in")
        #expect(
            said.status == 2 && said.output.contains(#/in/l.*\.csv: error: .* \[E_FILE_NAME\]/#))
        #expect(try scenario.tables() == before)
    }

    @Test func `leaves a bad file of a folder out, and takes it when it is mended`() throws {
        let scenario = try scenario()
        for device in 1...150 {
            try scenario.write("in/box-\(device).csv", "title,rank\nt1,1\n")
        }
        try scenario.write("in/box-7.csv", "title,rank\nt1,1\nt2,")
        let before = try scenario.succeed("mediaplan show wishes -w w --device box-7 --format csv")
        try scenario.end(
            "mediaplan import wishes -w w in", with: 2,
            saying: "in/box-7.csv:3:2: error: the file stops in the middle of a row", "1 rejected")
        let after = try scenario.succeed("mediaplan show wishes -w w --device box-7 --format csv")
        #expect(after == before)
        try scenario.write("in/box-7.csv", "title,rank\nt1,1\nt2,2\n")
        let said = try scenario.succeed("mediaplan import wishes -w w in")
        #expect(said.contains("2 rows; devices: 1 changed (149 files known)"))
    }

    @Test func `a night goes on without the bad files, says so and takes them when mended`() throws
    {
        let scenario = try Scenario(devices: 14, titles: 10)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        let tables = try scenario.tables()
        let good = try scenario.text("w/drop/wishes/wishes.csv")
        try scenario.write("w/drop/wishes/wishes.csv", String(good.dropLast(40)))
        try scenario.write("w/drop/sites/sites.csv", "site,parent\na,\nb,\n")
        try scenario.end(
            "mediaplan nightly -w w --now \(Scenario.now)", with: 2,
            saying: "w/drop/wishes/wishes.csv:", "error: the file stops in the middle of a row",
            "w/drop/sites/sites.csv:3: error: the sites 'a' and 'b' are both without a parent",
            "all as published before")
        #expect(try scenario.tables() == tables)
        try scenario.end(
            "mediaplan nightly -w w --now \(Scenario.now) --strict", with: 1,
            saying: "Not published; what was published before stands")
        try scenario.write("w/drop/wishes/wishes.csv", good)
        try scenario.succeed(
            "rm w/drop/sites/sites.csv; mediaplan nightly -w w --now \(Scenario.now)")
        #expect(try scenario.tables() == tables)
    }
}
