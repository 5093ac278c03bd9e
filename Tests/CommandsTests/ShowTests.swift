import Console
import Foundation
import TestSupport
import Testing

@testable import Commands

/// How many rows are printed, and what the manual says of their columns.
@Suite struct ShowTests {
    private let screen = Terminal(isInteractive: true, hasColour: false, width: 80)

    /// Offers `rows` rows; gives how many were looked at and how many of them taken.
    private func offer(_ rows: Int, to count: inout RowCount) -> (offered: Int, taken: Int) {
        var taken = 0
        for row in 0..<rows {
            guard count.takes() else { return (row + 1, taken) }
            taken += 1
            if count.isFull { return (row + 1, taken) }
        }
        return (rows, taken)
    }

    @Test func `only a terminal's table is cut, and says so when there is more`() {
        var cut = RowCount(limit: nil, format: .table, terminal: screen)
        #expect(offer(5000, to: &cut) == (1001, 1000))
        #expect(
            cut.note == "these are the first 1,000 rows; narrow them down, or give --limit")
        var fits = RowCount(limit: nil, format: .table, terminal: screen)
        #expect(offer(1000, to: &fits) == (1000, 1000))
        #expect(fits.note == nil)
        for (format, terminal) in [
            (RowFormat.table, Terminal.plain), (.csv, screen), (.json, screen), (.jsonl, .plain),
        ] {
            var whole = RowCount(limit: nil, format: format, terminal: terminal)
            #expect(offer(5000, to: &whole) == (5000, 5000))
            #expect(whole.note == nil)
        }
    }

    @Test(arguments: RowFormat.allCases)
    func `a limit is kept without looking at a further row`(format: RowFormat) {
        for terminal in [screen, .plain] {
            var count = RowCount(limit: 2000, format: format, terminal: terminal)
            #expect(offer(5000, to: &count) == (2000, 2000))
            #expect(count.note == nil)
        }
    }

    @Test func `says that a table has no rows, and nothing to programs`() {
        #expect(RowCount(limit: nil, format: .table, terminal: .plain).note == "no rows")
        #expect(RowCount(limit: 5, format: .csv, terminal: screen).note == nil)
        #expect(RowCount(limit: nil, format: .jsonl, terminal: .plain).note == nil)
    }

    /// The tables that no other page describes.
    private let described: [(table: String, columns: [String])] = [
        ("titles", ShowColumns.titles.map(\.name)), ("items", ShowColumns.items.map(\.name)),
        ("imports", ShowColumns.imports.map(\.name)), ("nights", ShowColumns.nights.map(\.name)),
        ("plan", ShowColumns.loads.map(\.name)),
        ("settings", ["setting", "value", "default", "meaning"]),
    ]

    @Test func `the manual has every column, in order`() throws {
        let page = try String(
            contentsOf: Fixtures.root.appending(path: "man/mediaplan-show.1"), encoding: .utf8)
        for (table, columns) in described {
            let section = try #require(page.components(separatedBy: "\n.Ss \(table)\n").last)
                .components(separatedBy: "\n.S")[0]
            let names = section.split(separator: "\n").filter { $0.hasPrefix(".It Cm ") }
                .flatMap { $0.dropFirst(7).components(separatedBy: " , ") }
            #expect(names == columns, "\(table)")
        }
    }

    @Test func `no table has two columns of one name`() {
        let tables =
            described.map(\.columns) + [
                ShowColumns.sites.map(\.name), ShowColumns.origins.map(\.name),
                ShowColumns.accounts.map(\.name), ShowColumns.devices.map(\.name),
                ShowColumns.holdings.map(\.name), ShowColumns.wishes.map(\.name),
                ShowColumns.links.map(\.name), ShowColumns.transfers.map(\.name),
                ShowColumns.removals.map(\.name), ShowColumns.outcomes.map(\.name),
            ]
        #expect(tables.count == 16)
        for columns in tables { #expect(Set(columns).count == columns.count, "\(columns)") }
    }
}
