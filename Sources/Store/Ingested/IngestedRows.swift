import GRDB
import Quantities

/// Reads and writes of the tables of what was ingested.
enum IngestedRows {
    /// What was ingested of an item, nil for nothing.
    static func form(of title: String, major: Int32, _ database: Database) throws -> IngestedForm? {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT chunk_bytes, index_digest, blob_digest, ingested_at FROM ingested
                    WHERE title = ? AND major = ?
                    """),
            arguments: [title, major])
        guard let row else { return nil }
        guard let index = Digest(hex: row[1] as String), let blob = Digest(hex: row[2] as String)
        else { throw damaged(title, major) }
        let files = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT plain_bytes, stored_bytes FROM ingested_file
                    WHERE title = ? AND major = ? ORDER BY position
                    """),
            arguments: [title, major]
        ).map { IngestedForm.File(plainBytes: $0[0], storedBytes: $0[1]) }
        let form = IngestedForm(
            title: title, major: major, chunkBytes: row[0], indexDigest: index, blobDigest: blob,
            files: files, at: Instant(seconds: row[3]))
        guard form.chunkBytes > 0, !files.isEmpty,
            files.allSatisfy({ $0.storedBytes > 0 && $0.storedBytes < 1 << 53 })
        else { throw damaged(title, major) }
        return form
    }

    private static func damaged(_ title: String, _ major: Int32) -> StoreError {
        StoreError(
            .corrupt, "the ingested form of '\(title)' version \(major) is damaged",
            hint: "ingest its files again", names: [title])
    }

    static func put(_ form: IngestedForm, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM ingested WHERE title = ? AND major = ?",
            arguments: [form.title, form.major])
        try database.execute(
            sql: "INSERT INTO ingested VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                form.title, form.major, form.chunkBytes, form.indexDigest.hex, form.blobDigest.hex,
                form.at.seconds,
            ])
        for (position, file) in form.files.enumerated() {
            try database.execute(
                sql: "INSERT INTO ingested_file VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    form.title, form.major, position, file.plainBytes, file.storedBytes,
                ])
        }
    }
}

extension Store {
    /// Notes the form in which an item lies at the origin, in place of what was noted before.
    ///
    /// - Returns: whether anything changed; noting the same again keeps its time.
    @discardableResult
    package func noteIngested(_ form: IngestedForm) throws -> Bool {
        guard !form.title.holdsNUL else {
            throw StoreError(.misuse, "a title's identifier holds a NUL")
        }
        return try write { database in
            var known = try IngestedRows.form(of: form.title, major: form.major, database)
            known?.at = form.at
            if known == form { return false }
            try IngestedRows.put(form, database)
            return true
        }
    }

    /// What was ingested, by title and version; of one title only when it is stated.
    package func ingested(_ title: String? = nil) throws -> [IngestedForm] {
        try read { database in
            let condition = title == nil ? "" : "WHERE title = ?"
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT title, major FROM ingested \(condition) ORDER BY title, major",
                arguments: title.map { [$0] } ?? [])
            return try rows.compactMap { try IngestedRows.form(of: $0[0], major: $0[1], database) }
        }
    }
}
