import Catalogue
import Feeds
import Fleet
import Foundation
import Testing

/// The pages of section 5 say what the code does.
struct ManualTests {
    private let tables: String
    private let catalogue: String
    private let reports: String

    init() throws {
        let manuals = FixtureFindings.root.deletingLastPathComponent().appending(path: "man")
        tables = try String(
            contentsOf: manuals.appending(path: "mediaplan-tables.5"), encoding: .utf8)
        reports = try String(
            contentsOf: manuals.appending(path: "mediaplan-reports.5"), encoding: .utf8)
        catalogue = try String(
            contentsOf: manuals.appending(path: "mediaplan-catalogue.5"), encoding: .utf8)
    }

    @Test func `each table has its columns, in order, and what is required`() throws {
        try check(SiteRecord.self)
        try check(OriginRecord.self)
        try check(Account.self)
        try check(DeviceRecord.self)
        try check(HoldingRecord.self)
        try check(WishRecord.self)
        try check(LinkRecord.self)
        try check(ReportRecord.self, in: reports.components(separatedBy: ".Ss ")[0])
    }

    private func check<Row: TableRow>(_ row: Row.Type) throws {
        let section = try #require(tables.components(separatedBy: ".Ss \(Row.table)\n").last)
            .components(separatedBy: ".Ss ")[0]
        try check(row, in: section)
    }

    private func check<Row: TableRow>(_ row: Row.Type, in section: String) throws {
        var columns: [TableColumn] = []
        for entry in section.components(separatedBy: ".It Cm ").dropFirst() {
            let lines = entry.split(separator: "\n")
            for name in lines[0].split(separator: " , ") {
                columns.append(
                    TableColumn(
                        columns.count, String(name), required: lines[1].hasPrefix("required"),
                        list: lines[1].contains("separated by blanks")))
            }
        }
        #expect(columns == Row.columns, "\(Row.table)")
    }

    @Test func `each column is at its own index`() {
        let all = [
            SiteRecord.columns, OriginRecord.columns, Account.columns, DeviceRecord.columns,
            HoldingRecord.columns, WishRecord.columns, LinkRecord.columns,
            ReportRecord.columns,
        ]
        for columns in all { #expect(columns.map(\.index) == Array(columns.indices)) }
    }

    @Test func `every code is explained, and nothing that is no code`() throws {
        let sources = FixtureFindings.root.deletingLastPathComponent()
            .appending(path: "Sources/Feeds")
        let files = try #require(FileManager.default.enumerator(atPath: sources.path))
        var codes: Set<String> = []
        for case let file as String in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            for match in text.matches(of: #/"([EW]_[A-Z_0-9]+)"/#) { codes.insert(String(match.1)) }
        }
        let explained = Set(
            (tables + catalogue).matches(of: #/\b[EW]_[A-Z_0-9]+\b/#).map { String($0.0) })
        #expect(codes == explained)
    }

    @Test func `the examples are read without a finding`() throws {
        let examples = try [tables, catalogue].flatMap { page in
            try #require(page.components(separatedBy: ".Sh EXAMPLES").last)
                .components(separatedBy: ".Bd -literal -offset indent\n").dropFirst()
                .map { $0.components(separatedBy: ".Ed")[0] }
        }
        try #require(examples.count == 3)
        let holdings = try table(HoldingRecord.self, examples[0])
        #expect(holdings.rows.count == 2 && holdings.summary?.rejected == 0)
        let wishes = try table(WishRecord.self, examples[1])
        #expect(wishes.rows.map(\.rank) == [1, 2] && wishes.summary?.rejected == 0)
        let titles = try feed(examples[2])
        #expect(titles.records.map(\.verb) == [.put, .delete] && titles.findings.isEmpty)
    }

    @Test func `every name of the schema is explained`() {
        let names = CatalogueSchema.xsd.matches(of: #/<xs:(?:attribute|element) name="([^"]+)"/#)
        #expect(names.count > 20)
        for match in names {
            let name = String(match.1)
            #expect(
                catalogue.contains(".Ss \(name)\n") || catalogue.contains("\n.It Cm \(name)\n")
                    || catalogue.contains(" \(name) ") || catalogue.contains(", \(name)\n"),
                "\(name)")
        }
    }

    @Test func `the refusal of a file without its device says so to callers`() throws {
        let outcome = try table(WishRecord.self, "title,rank\nt,1\n")
        #expect(outcome.error?.code == "E_COLUMN")
        #expect(outcome.error?.message == "a table of wishes lacks 'device'")
        let json = try table(WishRecord.self, #"{"title":"t","rank":1}"# + "\n")
        #expect(json.error?.code == "E_COLUMN")
        #expect(json.error?.message == "a table of wishes lacks 'device'")
    }
}
