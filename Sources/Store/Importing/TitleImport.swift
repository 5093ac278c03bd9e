package import Catalogue
import GRDB

/// What became of one title record.
package struct TitleVerdict: Hashable, Sendable {
    /// What it came to.
    package enum Outcome: Hashable, Sendable {
        /// It is new, or was deleted before.
        case added
        /// It replaces what was known at this lower version.
        case updated(from: TitleRecord.Version)
        /// All of it was known.
        case unchanged
        /// A higher version is known: only its item is noted.
        case outdated(by: TitleRecord.Version)
        /// The same version was known with other content: the later wins.
        case contradicted
        case deleted
        /// Nothing was known of it; lower versions that come later will be outdated.
        case deletedUnknown
        /// A text in it can't be stored (it holds a NUL): it was not taken.
        case refused
    }

    package var outcome: Outcome
    /// The files, chunk size or index of a major version differ from what was known: boxes hold
    /// other bytes by that name.
    package var filesChanged: Bool

    package init(_ outcome: Outcome, filesChanged: Bool = false) {
        self.outcome = outcome
        self.filesChanged = filesChanged
    }
}

/// Title records of one import session, merged one by one.
///
/// A higher version wins whatever the order; a deletion stays behind as a
/// mark, so that a lower version which comes after it doesn't bring the title
/// back. Only two records of one version with other content depend on order.
struct TitleImport {
    private let rows: TitleRows
    private let feed: String
    private let before: Set<Identifier>
    private var named: Set<Identifier> = []
    /// Named by records that don't count.
    private var passed: Set<Identifier> = []

    init(_ database: Database, feed: String) throws {
        rows = TitleRows(database: database)
        self.feed = feed
        before = Set(try TitleImport.live(of: feed, in: database).map { Identifier($0) })
    }

    private static func live(of feed: String, in database: Database) throws -> [String] {
        try String.fetchAll(
            database, sql: "SELECT id FROM title WHERE feed = ? AND NOT deleted ORDER BY id",
            arguments: [feed])
    }

    /// Merges one record.
    mutating func put(_ record: TitleRecord, report: inout ImportReport) throws -> TitleVerdict {
        guard !record.texts.contains(where: \.holdsNUL) else {
            report.refused += 1
            return TitleVerdict(.refused)
        }
        named.insert(Identifier(record.id))
        var record = record
        record.line = 0
        record.aliases = Set(record.aliases.map { Identifier($0) }).sorted().map(\.text)
        let verdict = try record.verb == .put ? merge(record) : delete(record)
        switch verdict.outcome {
        case .added: report.added += 1
        case .updated, .contradicted: report.changed += 1
        case .unchanged: report.unchanged += 1
        case .outdated: report.ignored += 1
        case .deleted: report.removed += 1
        case .deletedUnknown, .refused: break
        }
        return verdict
    }

    private func merge(_ record: TitleRecord) throws -> TitleVerdict {
        guard let known = try rows.head(of: record.id) else {
            try rows.put(record, feed: feed)
            return TitleVerdict(.added, filesChanged: try mergeItem(record))
        }
        if record.version < known.version {
            return TitleVerdict(
                .outdated(by: known.version), filesChanged: try mergeItem(record))
        }
        if record.version == known.version, !known.deleted {
            return try mergeSame(record)
        }
        try rows.put(record, feed: feed)
        return TitleVerdict(
            known.deleted ? .added : .updated(from: known.version),
            filesChanged: try mergeItem(record))
    }

    private func mergeSame(_ record: TitleRecord) throws -> TitleVerdict {
        var stored = try rows.record(of: record.id)
        if record.files.isEmpty {
            stored?.files = []
            stored?.chunkBytes = record.chunkBytes
            stored?.indexDigest = record.indexDigest
        }
        guard stored != record else { return TitleVerdict(.unchanged) }
        try rows.put(record, feed: feed)
        return TitleVerdict(.contradicted, filesChanged: try mergeItem(record))
    }

    /// Notes the item that a record has; true when another was known by that name.
    private func mergeItem(_ record: TitleRecord) throws -> Bool {
        guard !record.files.isEmpty else { return false }
        let known = try rows.item(of: record.id, major: record.version.major)
        guard let known else {
            try rows.putItem(record)
            return false
        }
        guard known.minor <= record.version.minor else { return false }
        let files = try rows.files(of: record.id, major: record.version.major)
        let same =
            files == record.files && known.chunkBytes == record.chunkBytes
            && known.indexDigest == record.indexDigest
        if !same || known.minor < record.version.minor { try rows.putItem(record) }
        return !same
    }

    private func delete(_ record: TitleRecord) throws -> TitleVerdict {
        guard let known = try rows.head(of: record.id) else {
            try rows.put(record, feed: feed)
            return TitleVerdict(.deletedUnknown)
        }
        guard record.version >= known.version else {
            return TitleVerdict(.outdated(by: known.version))
        }
        try rows.delete(record.id, version: record.version)
        return TitleVerdict(known.deleted ? .unchanged : .deleted)
    }

    /// Takes these for all that was named.
    mutating func name(_ titles: [String]) {
        passed.formUnion(named)
        named = Set(titles.map { Identifier($0) })
    }

    /// Titles of this feed that were there before and that no record named, and how many there
    /// were.
    func notNamed() -> (titles: [String], of: Int) {
        (before.subtracting(named).sorted().map(\.text), before.count)
    }

    /// Deletes those, and what only records named that don't count.
    func removeNotNamed(report: inout ImportReport) throws {
        for id in before.union(passed).subtracting(named).sorted() {
            guard let head = try rows.head(of: id.text), !head.deleted, head.feed == feed
            else { continue }
            try rows.delete(id.text, version: head.version)
            if before.contains(id) { report.removed += 1 } else { report.added -= 1 }
        }
    }

    /// Resolves what is held under names that the catalogue didn't know and now does, for good.
    func finish(_ database: Database) throws {
        let catalogue = try CatalogueNames(database)
        let pin = try database.makeStatement(
            sql: "UPDATE held_name SET pinned_title = ?, pinned_major = ? WHERE id = ?")
        let unpinned = try Row.fetchAll(
            database, sql: "SELECT id, name, version FROM held_name WHERE pinned_title IS NULL")
        for row in unpinned {
            let (name, version): (String, String) = (row[1], row[2])
            guard let item = catalogue.item(name, version: version) else { continue }
            let title = catalogue.titles[Int(item.title)].id
            if Identifier(title) == Identifier(name), version == String(item.major) { continue }
            try pin.execute(arguments: [title, item.major, row[0] as Int64])
        }
    }
}

extension TitleRecord {
    /// All texts in it.
    fileprivate var texts: [String] {
        [id, name] + aliases + files.flatMap { [$0.name, $0.kind, $0.checksum ?? "", $0.id] }
    }
}
