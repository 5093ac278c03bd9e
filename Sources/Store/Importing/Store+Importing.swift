import GRDB
package import Quantities

extension Store {
    /// Imports one source in one transaction: all of it when `body` returns, nothing when it
    /// throws.
    ///
    /// `body` puts rows into the session, may call ``ImportSession/finish()`` to
    /// see what they do, and may throw to undo it. Files are recorded, so that
    /// ``lastImport(digest:table:)`` knows them.
    ///
    /// - Returns: what was done.
    @discardableResult
    package func importing(_ source: ImportSource, _ body: (ImportSession) throws -> Void) throws
        -> ImportReport
    {
        try importing(source, limitBytes: 128 << 20, body)
    }

    /// As above, holding at most about `limitBytes` of rows in memory.
    @discardableResult
    func importing(
        _ source: ImportSource, limitBytes: Int, _ body: (ImportSession) throws -> Void
    ) throws -> ImportReport {
        try write { database in
            let session = try ImportSession(source, in: database, limitBytes: limitBytes)
            try body(session)
            let report = try session.finish()
            try ImportRows.record(source, report, in: database)
            return report
        }
    }

    /// The last import of a file with these bytes into `table`, nil when there was none.
    package func lastImport(digest: Digest, table: ImportTable) throws -> ImportEntry? {
        try read { database in
            try ImportRows.entries(
                database, where: "digest = ? AND table_name = ?",
                arguments: [digest.hex, table.rawValue]
            ).last
        }
    }

    /// The last import under each file name into `table`, the first one first.
    ///
    /// For folders of many drops: it costs a step for each import, and a row for each name.
    package func lastImportsByName(table: ImportTable) throws -> [ImportEntry] {
        try read { database in
            try ImportRows.entries(
                database,
                where: """
                    sequence IN (
                        SELECT max(sequence) FROM import WHERE table_name = ? GROUP BY file_name)
                    """, arguments: [table.rawValue])
        }
    }

    /// The imports that are kept, the first one first: the last 1,000 files, and of those before
    /// the last of each table, feed and name.
    package func imports(table: ImportTable? = nil) throws -> [ImportEntry] {
        try read { database in
            guard let table else { return try ImportRows.entries(database) }
            return try ImportRows.entries(
                database, where: "table_name = ?", arguments: [table.rawValue])
        }
    }
}

/// One file that was imported.
package struct ImportEntry: Hashable, Sendable {
    /// Counts all files ever imported, from 1.
    package var sequence: Int64
    package var table: ImportTable
    package var feed: String
    package var file: ImportFile
    package var importedAt: Instant
    /// Whether no import of other bytes into the table (of a catalogue: from the same feed) came
    /// later: then a further import of the file can't change anything.
    package var isNewest: Bool
    /// Of the whole import that the file was part of.
    package var report: ImportReport
}

/// Reads and writes of the table of imports.
enum ImportRows {
    /// How many of the last imports are kept whatever came later; of those before, the last of each
    /// table, feed and name. So a delta that is imported again is known for so long.
    private static let keptImports: Int64 = 1_000

    static func record(_ source: ImportSource, _ report: ImportReport, in database: Database)
        throws
    {
        let last = try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM import") ?? 0
        let forget = try database.makeStatement(
            sql: """
                DELETE FROM import
                WHERE table_name = ? AND file_name = ? AND feed = ? AND sequence <= ?
                """)
        for file in source.files {
            try forget.execute(arguments: [
                source.table.rawValue, file.name, source.feed, last - keptImports,
            ])
            try database.execute(
                sql: """
                    INSERT INTO import (session, table_name, feed, file_name, size_bytes,
                        modified_at, digest, imported_at, row_count, refused, added, changed,
                        unchanged, removed)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    last + 1, source.table.rawValue, source.feed, file.name, file.sizeBytes,
                    file.modifiedAt.seconds, file.digest.hex, source.at.seconds, report.rows,
                    report.refused, report.added, report.changed, report.unchanged, report.removed,
                ])
        }
    }

    /// Entries in order of their sequence.
    static func entries(
        _ database: Database, where condition: String = "true",
        arguments: StatementArguments = []
    ) throws -> [ImportEntry] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT *, NOT EXISTS (
                    SELECT 1 FROM import later
                    WHERE later.table_name = import.table_name AND later.feed = import.feed
                        AND later.session > import.session AND later.digest <> import.digest
                    ) AS newest
                FROM import WHERE \(condition) ORDER BY sequence
                """, arguments: arguments
        ).compactMap { row in entry(row) }
    }

    private static func entry(_ row: Row) -> ImportEntry? {
        guard let table = ImportTable(rawValue: row["table_name"]),
            let digest = Digest(hex: row["digest"] as String)
        else { return nil }
        var report = ImportReport()
        report.rows = row["row_count"]
        report.refused = row["refused"]
        report.added = row["added"]
        report.changed = row["changed"]
        report.unchanged = row["unchanged"]
        report.removed = row["removed"]
        return ImportEntry(
            sequence: row["sequence"], table: table, feed: row["feed"],
            file: ImportFile(
                name: row["file_name"], sizeBytes: row["size_bytes"],
                modifiedAt: Instant(seconds: row["modified_at"]), digest: digest),
            importedAt: Instant(seconds: row["imported_at"]), isNewest: row["newest"],
            report: report)
    }
}
