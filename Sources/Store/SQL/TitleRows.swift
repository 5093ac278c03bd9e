import Catalogue
import GRDB
import Quantities

/// Reads and writes of the tables that make up the catalogue.
///
/// A title's row is what its newest version says; each major version that had
/// files keeps an item with them, also when the title is deleted.
struct TitleRows {
    let database: Database

    /// The head of a stored title.
    struct Head {
        var version: TitleRecord.Version
        var deleted: Bool
        var feed: String
    }

    /// What is stored of a title, nil for nothing.
    func head(of id: String) throws -> Head? {
        try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT version_major, version_minor, deleted, feed FROM title WHERE id = ?
                    """),
            arguments: [id]
        ).map {
            Head(
                version: TitleRecord.Version(major: $0[0], minor: $0[1]), deleted: $0[2],
                feed: $0[3])
        }
    }

    /// The whole of a stored title with the files of its version, as a record.
    func record(of id: String) throws -> TitleRecord? {
        guard
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM title WHERE id = ?"), arguments: [id])
        else { return nil }
        var record = TitleRows.record(row)
        record.aliases = try String.fetchAll(
            database.cachedStatement(
                sql: "SELECT alias FROM alias WHERE title = ? ORDER BY alias"),
            arguments: [id])
        record.files = try files(of: id, major: record.version.major)
        if let item = try item(of: id, major: record.version.major) {
            record.chunkBytes = item.chunkBytes
            record.indexDigest = item.indexDigest
        }
        return record
    }

    /// A row of `title` without aliases and files.
    static func record(_ row: Row) -> TitleRecord {
        TitleRecord(
            verb: row["deleted"] ? .delete : .put, id: row["id"], name: row["name"],
            licence: LicenceWindow(
                start: (row["licence_start"] as Int64?).map { Instant(seconds: $0) },
                end: (row["licence_end"] as Int64?).map { Instant(seconds: $0) }),
            territories: territories(rule: row["territory_rule"], list: row["territories"]),
            peerToPeer: row["peer_to_peer"],
            version: TitleRecord.Version(major: row["version_major"], minor: row["version_minor"]))
    }

    private static func territories(rule: String, list: String) -> Territories {
        let countries = list.split(separator: " ").map { String($0) }
        switch rule {
        case "only": return .only(countries)
        case "except": return .except(countries)
        default: return .everywhere
        }
    }

    /// What is stored of an item beside its files.
    func item(of title: String, major: Int32) throws
        -> (minor: Int32, chunkBytes: Int64?, indexDigest: Digest?)?
    {
        try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT minor, chunk_bytes, index_digest FROM item WHERE title = ? AND major = ?
                    """),
            arguments: [title, major]
        ).map { ($0[0], $0[1], ($0[2] as String?).flatMap { Digest(hex: $0) }) }
    }

    /// An item's files in order.
    func files(of title: String, major: Int32) throws -> [FileRecord] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT name, kind, size_bytes, checksum, file_id FROM file
                    WHERE title = ? AND major = ? ORDER BY position
                    """),
            arguments: [title, major]
        ).map {
            FileRecord(name: $0[0], kind: $0[1], sizeBytes: $0[2], checksum: $0[3], id: $0[4])
        }
    }

    /// Writes a title's row and aliases.
    func put(_ record: TitleRecord, feed: String) throws {
        let (rule, list) = TitleRows.columns(of: record.territories)
        try database.cachedStatement(
            sql: """
                INSERT INTO title VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    name = excluded.name, licence_start = excluded.licence_start,
                    licence_end = excluded.licence_end, territory_rule = excluded.territory_rule,
                    territories = excluded.territories, peer_to_peer = excluded.peer_to_peer,
                    version_major = excluded.version_major, version_minor = excluded.version_minor,
                    deleted = excluded.deleted, feed = excluded.feed
                """
        ).execute(arguments: [
            record.id, record.name, record.licence.start?.seconds, record.licence.end?.seconds,
            rule, list.joined(separator: " "), record.peerToPeer, record.version.major,
            record.version.minor, record.verb == .delete, feed,
        ])
        try database.cachedStatement(sql: "DELETE FROM alias WHERE title = ?")
            .execute(arguments: [record.id])
        for alias in record.aliases {
            try database.cachedStatement(sql: "INSERT OR IGNORE INTO alias VALUES (?, ?)")
                .execute(arguments: [alias, record.id])
        }
    }

    private static func columns(of territories: Territories) -> (String, [String]) {
        switch territories {
        case .everywhere: ("everywhere", [])
        case .only(let list): ("only", list)
        case .except(let list): ("except", list)
        }
    }

    /// Marks a title as deleted as of a version; its items and what else is known of it stay.
    func delete(_ id: String, version: TitleRecord.Version) throws {
        try database.cachedStatement(
            sql: """
                UPDATE title SET deleted = true, version_major = ?, version_minor = ? WHERE id = ?
                """
        ).execute(arguments: [version.major, version.minor, id])
    }

    /// Writes an item and its files.
    func putItem(_ record: TitleRecord) throws {
        let (id, major) = (record.id, record.version.major)
        try database.cachedStatement(sql: "DELETE FROM item WHERE title = ? AND major = ?")
            .execute(arguments: [id, major])
        try database.cachedStatement(sql: "INSERT INTO item VALUES (?, ?, ?, ?, ?)").execute(
            arguments: [
                id, major, record.version.minor, record.chunkBytes, record.indexDigest?.hex,
            ])
        for (position, file) in record.files.enumerated() {
            try database.cachedStatement(sql: "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .execute(arguments: [
                    id, major, position, file.name, file.kind, file.sizeBytes, file.checksum,
                    file.id,
                ])
        }
    }
}
