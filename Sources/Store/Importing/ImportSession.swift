package import Catalogue
package import Fleet
import GRDB

/// An open import: takes rows in any order and batches, and commits nothing until its closure
/// returns.
///
/// A session is of one table (``ImportSource/table``); rows of another are a
/// misuse. It lives inside the closure of ``Store/importing(_:_:)`` only.
package final class ImportSession {
    /// What the session is for.
    package let source: ImportSource
    let database: Database
    private var report = ImportReport()
    private var finished = false
    private var staged: StagedTable?
    private var holdings: HoldingImport?
    private var wishes: WishImport?
    private var titles: TitleImport?
    private var reports: ReportImport?
    private let sites: Set<Identifier>
    private let accounts: Set<Identifier>

    init(_ source: ImportSource, in database: Database, limitBytes: Int) throws {
        self.source = source
        self.database = database
        let isDelta = source.extent == .delta
        var sites: Set<Identifier> = []
        var accounts: Set<Identifier> = []
        switch source.table {
        case .catalogue: titles = try TitleImport(database, feed: source.feed)
        case .sites: staged = try StagedTable(.site, in: database)
        case .origins: staged = try StagedTable(.origin, in: database)
        case .accounts: staged = try StagedTable(.account, in: database)
        case .devices: staged = try StagedTable(.device, in: database)
        case .links: staged = try StagedTable(.link, in: database)
        case .holdings:
            holdings = try HoldingImport(
                database, kind: isDelta ? .delta : .snapshot, limitBytes: limitBytes)
        case .wishes: wishes = try WishImport(database, isDelta: isDelta, limitBytes: limitBytes)
        case .reports:
            reports = try ReportImport(database, now: source.at, limitBytes: limitBytes)
        }
        if source.table == .origins || source.table == .devices {
            sites = try ImportSession.identifiers(of: "site", in: database)
            accounts = try ImportSession.identifiers(of: "account", in: database)
        }
        self.sites = sites
        self.accounts = accounts
    }

    private static func identifiers(of table: String, in database: Database) throws
        -> Set<Identifier>
    {
        Set(try String.fetchAll(database, sql: "SELECT id FROM \(table)").map { Identifier($0) })
    }

    // MARK: Lookups

    /// Whether the store has this site. For sessions of origins and devices.
    package func knowsSite(_ id: String) -> Bool { sites.contains(Identifier(id)) }

    /// Whether the store has this account. For sessions of devices.
    package func knowsAccount(_ id: String) -> Bool { accounts.contains(Identifier(id)) }

    /// Whether the store has this device. For sessions of holdings, wishes and reports.
    package func knowsDevice(_ id: String) -> Bool {
        holdings?.knows(device: id) ?? wishes?.knows(device: id)
            ?? reports?.knows(device: id) ?? false
    }

    // MARK: Rows

    /// Takes sites. Whether they are a tree is told by ``finish()``, when all are there.
    package func put(sites records: [SiteRecord]) throws -> [RowRefusal] {
        try stage(records, of: .sites, texts: \.texts, row: \.row) { _ in nil }
    }

    /// Takes origins; a row whose site isn't known is refused.
    package func put(origins records: [OriginRecord]) throws -> [RowRefusal] {
        try stage(records, of: .origins, texts: \.texts, row: \.row) { [self] in
            knowsSite($0.site) ? nil : ImportSession.unknown("site", $0.site)
        }
    }

    /// Takes accounts.
    package func put(accounts records: [Account]) throws -> [RowRefusal] {
        try stage(records, of: .accounts, texts: \.texts, row: \.row) { _ in nil }
    }

    /// Takes devices; a row whose site or account isn't known is refused.
    package func put(devices records: [DeviceRecord]) throws -> [RowRefusal] {
        try stage(records, of: .devices, texts: \.texts, row: \.row) { [self] in
            knowsSite($0.site)
                ? knowsAccount($0.account) ? nil : ImportSession.unknown("account", $0.account)
                : ImportSession.unknown("site", $0.site)
        }
    }

    /// Takes links. Ends are resolved when they are read: one that isn't known yet is kept.
    package func put(links records: [LinkRecord]) throws -> [RowRefusal] {
        try stage(records, of: .links, texts: \.texts, row: \.row) { _ in nil }
    }

    /// Takes holdings; a row whose device isn't known is refused, and what is beyond
    /// ``DeviceRows/Limit``.
    package func put(holdings records: [HoldingRecord]) throws -> [RowRefusal] {
        try open(.holdings)
        let bad: (HoldingRecord) -> Bool = { $0.item.holdsNUL || $0.version?.holdsNUL == true }
        return try refusals(of: records, bad: bad) {
            try holdings?.put($0, in: database, report: &report)
        }
    }

    /// Takes wishes; a row whose device isn't known is refused, and what is beyond
    /// ``DeviceRows/Limit``.
    package func put(wishes records: [WishRecord]) throws -> [RowRefusal] {
        try open(.wishes)
        return try refusals(of: records, bad: \.title.holdsNUL) {
            try wishes?.put($0, in: database, report: &report)
        }
    }

    /// Takes what devices report; a row is refused whose device isn't known or whose time can't be
    /// true. Rows of a device come in their order.
    package func put(reports records: [ReportRecord]) throws -> [RowRefusal] {
        try open(.reports)
        let bad: (ReportRecord) -> Bool = { row in
            [row.item, row.version ?? "", row.source].contains { $0.holdsNUL }
        }
        return try refusals(of: records, bad: bad) {
            try reports?.put($0, in: database, report: &report)
        }
    }

    /// Says that a device's holdings or wishes are exactly those given, even if none are: an empty
    /// drop.
    ///
    /// - Returns: false when the device isn't known.
    package func name(device: String) throws -> Bool {
        try open(source.table)
        return try holdings?.name(device: device, in: database)
            ?? wishes?.name(device: device, in: database) ?? false
    }

    /// Merges titles into the catalogue; a verdict for each, in order.
    package func put(titles records: [TitleRecord]) throws -> [TitleVerdict] {
        try open(.catalogue)
        report.rows += records.count
        return try records.compactMap { try titles?.put($0, report: &report) }
    }

    /// Says which titles count as named, whatever other records there were: those of the document
    /// that decides.
    package func name(titles ids: [String]) throws {
        try open(.catalogue)
        titles?.name(ids)
    }

    /// The titles which this feed had before and which no record of the session named, and how many
    /// it had.
    package func titlesNotNamed() -> (titles: [String], of: Int) {
        titles?.notNamed() ?? ([], 0)
    }

    /// Deletes the titles that ``titlesNotNamed()`` gives: for a feed that is always whole.
    package func removeTitlesNotNamed() throws {
        try open(.catalogue)
        try titles?.removeNotNamed(report: &report)
    }

    // MARK: The end

    /// Merges what was gathered, and says what that did: a guard may still throw and so undo all of
    /// it.
    ///
    /// - Throws: ``StoreError`` with `siteTree` or `unknownParent` when the sites that result are
    ///   not one tree.
    @discardableResult
    package func finish() throws -> ImportReport {
        guard !finished else { return report }
        finished = true
        let whole = source.extent == .whole
        try staged?.merge(into: database, whole: whole, report: &report)
        if source.table == .sites { try SiteRows.check(database) }
        try holdings?.finish(database, report: &report)
        try wishes?.finish(database, report: &report)
        try titles?.finish(database)
        try reports?.finish(database, report: &report)
        return report
    }

    private func open(_ table: ImportTable) throws {
        guard source.table == table, !finished else {
            throw StoreError(
                .misuse,
                finished
                    ? "the session of \(source.table.rawValue) is finished"
                    : "a session of \(source.table.rawValue) was given \(table.rawValue)")
        }
    }

    private func stage<Record>(
        _ records: [Record], of table: ImportTable, texts: (Record) -> [String],
        row: (Record) -> StatementArguments, check: (Record) -> (String, String)?
    ) throws -> [RowRefusal] {
        try open(table)
        let bad: (Record) -> Bool = { texts($0).contains(where: \.holdsNUL) }
        return try refusals(of: records, bad: bad) { record in
            if let refusal = check(record) { return refusal }
            try staged?.put(row(record), in: database, report: &report)
            return nil
        }
    }

    private func refusals<Record>(
        of records: [Record], bad: (Record) -> Bool,
        take: (Record) throws -> (String, String)?
    ) throws -> [RowRefusal] {
        report.rows += records.count
        var refusals: [RowRefusal] = []
        for (position, record) in records.enumerated() {
            let refusal =
                bad(record) ? ("E_TEXT", "a text holds a NUL character") : try take(record)
            if let (code, message) = refusal {
                refusals.append(RowRefusal(row: position, code: code, message: message))
            }
        }
        report.refused += refusals.count
        return refusals
    }

    static func unknown(_ kind: String, _ id: String) -> (String, String) {
        ("E_UNKNOWN_\(kind.uppercased())", "no \(kind) '\(id)' is known")
    }
}
