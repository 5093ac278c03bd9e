import Foundation
import Testing

/// Rejected rows within the limits: the good ones are taken, the others wait to be mended.
@Suite struct BadInputMendedTests {
    /// What is done to some rows of a table, and what brings them back.
    struct Fault: Sendable, CustomTestStringConvertible {
        var table: String
        /// Commands of `sed` that break rows.
        var breaking: String
        /// Commands of `sed` that mend them where they were put.
        var mending: String
        var rejected: Int

        var testDescription: String { table }
        var delta: String { ["wishes", "holdings"].contains(table) ? "--delta" : "" }
    }

    static let faults = [
        Fault(
            table: "accounts", breaking: "6s/active/sleeping/", mending: "s/sleeping/active/",
            rejected: 1),
        Fault(
            table: "devices", breaking: "6s/,2000,/,-2000,/; 8s/,leaf,/,loaf,/",
            mending: "s/-2000/2000/; s/loaf/leaf/", rejected: 2),
        Fault(
            table: "holdings", breaking: "6s/0-3/3-0/; 8s/^box-/bix-/; 9s/,0-3//",
            mending: "s/3-0/0-3/; s/bix-/box-/; s/^add,box-8,t4$/&,0-3/", rejected: 3),
        Fault(
            table: "wishes", breaking: "6s/,1$/,none/; 8s/^box-/bix-/",
            mending: "s/,none/,1/; s/bix-/box-/", rejected: 2),
        Fault(
            table: "links", breaking: "6s/,900/,9e2/; 8s/$/,x/", mending: "s/9e2/900/; s/,x$//",
            rejected: 2),
    ]

    @Test(arguments: faults)
    func `mended rows lead to the same store as a file without faults`(fault: Fault) throws {
        let right = try Scenario()
        try SmallFleet().write(to: right)
        for table in SmallFleet.tables { try right.succeed(SmallFleet.import(table)) }
        let scenario = try Scenario()
        try SmallFleet().write(to: scenario)
        try scenario.succeed("sed -i '\(fault.breaking)' \(fault.table).csv")
        for table in SmallFleet.tables {
            if table == fault.table {
                try mend(fault, in: scenario)
            } else {
                try scenario.succeed(SmallFleet.import(table))
            }
        }
        #expect(try scenario.tables() == right.tables())
    }

    private func mend(_ fault: Fault, in scenario: Scenario) throws {
        try scenario.end(
            SmallFleet.import(fault.table), with: 2, saying: ", \(fault.rejected) rejected; ",
            "mediaplan: note: mend rejected rows and import them again: mediaplan import"
                + " \(fault.table)")
        let reasons = try scenario.succeed("cat w/rejects/\(fault.table).*.jsonl")
        #expect(reasons.split(separator: "\n").count == fault.rejected)
        let again =
            "mediaplan import \(fault.table) -w w \(fault.delta) w/rejects/\(fault.table).*.bad"
        try scenario.succeed("sed -i '\(fault.mending)' w/rejects/\(fault.table).*.bad && \(again)")
        let twice = try scenario.succeed(again)
        #expect(twice.contains("nothing to do") || twice.contains("1 as before"))
    }
}

/// What is known is left alone, and what would take much away is refused.
@Suite struct BadInputGuardTests {
    @Test func `the same file twice is a no-op that says so`() throws {
        let scenario = try Scenario()
        try SmallFleet().write(to: scenario)
        for table in SmallFleet.tables { try scenario.succeed(SmallFleet.import(table)) }
        let before = try scenario.store()
        for table in SmallFleet.tables {
            let said = try scenario.succeed(SmallFleet.import(table))
            #expect(said.hasSuffix(": imported before, nothing to do\n"))
        }
        #expect(try scenario.store() == before)
    }

    @Test func `a full feed that shrank is refused without --force`() throws {
        let scenario = try Scenario()
        try scenario.write("feed.xml", SmallFleet.catalogue(titles: 20, extent: "full"))
        try scenario.succeed("mediaplan import catalogue -w w feed.xml")
        let before = try scenario.store()
        try scenario.write("feed.xml", SmallFleet.catalogue(titles: 15, extent: "full"))
        try scenario.end(
            "mediaplan import catalogue -w w feed.xml", with: 3,
            saying: "feed.xml: it would take away 5 of 20 catalogue",
            "`import.shrink_percent` allows; nothing of it was taken", "give --force")
        #expect(try scenario.store() == before)
        try scenario.write("feed.xml", SmallFleet.catalogue(titles: 16, extent: "full"))
        try scenario.succeed("mediaplan import catalogue -w w feed.xml")
        try scenario.write("feed.xml", SmallFleet.catalogue(titles: 2, extent: "full"))
        try scenario.succeed("mediaplan import catalogue -w w --force feed.xml")
        let titles = try scenario.succeed("mediaplan show titles -w w --format csv --columns title")
        #expect(titles == "title\nt1\nt2\n")
    }

    @Test(arguments: ["devices", "links"])
    func `a whole table that shrank is refused without --force`(table: String) throws {
        let scenario = try Scenario()
        try SmallFleet().write(to: scenario)
        for table in SmallFleet.tables { try scenario.succeed(SmallFleet.import(table)) }
        let before = try scenario.store()
        try scenario.succeed("head -101 \(table).csv > few.csv")
        let left = table == "devices" ? 200 : 50
        try scenario.end(
            "mediaplan import \(table) -w w --whole few.csv", with: 3,
            saying: "few.csv: it would take away \(left) of \(left + 100) \(table), more than")
        #expect(try scenario.store() == before)
        let said = try scenario.succeed("mediaplan import \(table) -w w --whole --force few.csv")
        #expect(said.contains("100 as before, \(left) gone"))
    }
}
