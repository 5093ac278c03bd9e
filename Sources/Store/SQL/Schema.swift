import GRDB

/// The tables, as numbered steps; `PRAGMA user_version` says which were taken.
///
/// A released step is never edited: a change is a further step. What there is
/// little of is rows; holdings and wishes are packed, one row per device
/// (``PackedHolding``, ``PackedWish``). Instants are seconds since 1970 in UTC,
/// days are counted from 1970-01-01, money is millionths, digests are hexadecimal.
enum Schema {
    /// `PRAGMA application_id` of every store: "MPln".
    static let applicationID: Int32 = 0x4D50_6C6E

    /// The version that this program reads and writes.
    static var version: Int { steps.count }

    private static let steps: [String] = [
        catalogue + fleet + nights, ingested, reported,
    ]

    /// Takes the steps that `database` still lacks, all in one transaction.
    ///
    /// - Throws: ``StoreError`` when a newer program wrote it or it isn't a store.
    static func migrate(_ database: Database) throws {
        let found = try check(database)
        guard found < version else { return }
        try database.inTransaction {
            for step in steps[found...] { try database.execute(sql: step) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// The version of a database that may be a store (0 when it is empty).
    static func check(_ database: Database) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard application == applicationID || (application == 0 && found == 0 && tables == 0) else {
            throw StoreError(.notAStore, "the file is an SQLite database of something else")
        }
        guard found <= version else {
            throw StoreError(
                .newerSchema,
                "the store has schema version \(found), this program knows up to \(version)",
                hint: "use the mediaplan that wrote it, or a later one")
        }
        return found
    }

    private static let catalogue = """
        CREATE TABLE title (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            licence_start INTEGER,
            licence_end INTEGER,
            territory_rule TEXT NOT NULL CHECK (territory_rule IN ('everywhere', 'only', 'except')),
            territories TEXT NOT NULL,
            peer_to_peer INTEGER NOT NULL,
            version_major INTEGER NOT NULL,
            version_minor INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            feed TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE alias (
            alias TEXT NOT NULL,
            title TEXT NOT NULL REFERENCES title (id) ON DELETE CASCADE,
            PRIMARY KEY (alias, title)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX alias_by_title ON alias (title);
        CREATE TABLE item (
            title TEXT NOT NULL REFERENCES title (id),
            major INTEGER NOT NULL,
            minor INTEGER NOT NULL,
            chunk_bytes INTEGER,
            index_digest TEXT,
            PRIMARY KEY (title, major)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE file (
            title TEXT NOT NULL,
            major INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            size_bytes INTEGER,
            checksum TEXT,
            file_id TEXT NOT NULL,
            PRIMARY KEY (title, major, position),
            FOREIGN KEY (title, major) REFERENCES item (title, major) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        """

    /// What was ingested: not a part of the catalogue, so that no feed can take it away.
    private static let ingested = """
        CREATE TABLE ingested (
            title TEXT NOT NULL,
            major INTEGER NOT NULL,
            chunk_bytes INTEGER NOT NULL,
            index_digest TEXT NOT NULL,
            blob_digest TEXT NOT NULL,
            ingested_at INTEGER NOT NULL,
            PRIMARY KEY (title, major)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ingested_file (
            title TEXT NOT NULL,
            major INTEGER NOT NULL,
            position INTEGER NOT NULL,
            plain_bytes INTEGER NOT NULL,
            stored_bytes INTEGER NOT NULL,
            PRIMARY KEY (title, major, position),
            FOREIGN KEY (title, major) REFERENCES ingested (title, major) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        """

    private static let fleet = """
        CREATE TABLE site (
            id TEXT NOT NULL PRIMARY KEY,
            parent TEXT REFERENCES site (id) DEFERRABLE INITIALLY DEFERRED,
            territory TEXT,
            timezone TEXT,
            cidr TEXT NOT NULL,
            up_kbps INTEGER,
            down_kbps INTEGER,
            cost_per_gb INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX site_by_parent ON site (parent);
        CREATE TABLE origin (
            id TEXT NOT NULL PRIMARY KEY,
            site TEXT NOT NULL REFERENCES site (id),
            egress_kbps INTEGER NOT NULL,
            base_url TEXT NOT NULL,
            cost_per_gb INTEGER NOT NULL,
            nightly_bytes INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX origin_by_site ON origin (site);
        CREATE TABLE account (
            id TEXT NOT NULL PRIMARY KEY,
            status TEXT NOT NULL,
            territory TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE device (
            id TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL REFERENCES account (id),
            site TEXT NOT NULL REFERENCES site (id),
            wish_bytes INTEGER NOT NULL,
            cache_bytes INTEGER NOT NULL,
            up_kbps INTEGER NOT NULL,
            down_kbps INTEGER NOT NULL,
            window_from INTEGER,
            window_until INTEGER,
            accepts INTEGER NOT NULL,
            address TEXT NOT NULL,
            public_key TEXT NOT NULL,
            last_served INTEGER,
            last_sent INTEGER,
            state TEXT NOT NULL,
            picks TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX device_by_account ON device (account);
        CREATE INDEX device_by_site ON device (site);
        CREATE TABLE link (
            from_end TEXT NOT NULL,
            to_end TEXT NOT NULL,
            capacity INTEGER NOT NULL,
            paced INTEGER NOT NULL,
            capacity_kbps INTEGER NOT NULL,
            measured_kbps INTEGER NOT NULL,
            measured_at INTEGER,
            bytes INTEGER,
            failures INTEGER NOT NULL,
            PRIMARY KEY (from_end, to_end, capacity, paced, capacity_kbps)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE held_name (
            id INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            pinned_title TEXT,
            pinned_major INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX held_name_by_name ON held_name (name, version)
            WHERE pinned_title IS NULL;
        CREATE TABLE wished_name (
            id INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE holding (
            device TEXT NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            packed BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE wish (
            device TEXT NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            packed BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    private static let nights = """
        CREATE TABLE import (
            sequence INTEGER NOT NULL PRIMARY KEY,
            session INTEGER NOT NULL,
            table_name TEXT NOT NULL,
            feed TEXT NOT NULL,
            file_name TEXT NOT NULL,
            size_bytes INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            digest TEXT NOT NULL,
            imported_at INTEGER NOT NULL,
            row_count INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            added INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            unchanged INTEGER NOT NULL,
            removed INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX import_by_digest ON import (digest, table_name);
        CREATE INDEX import_by_table ON import (table_name, feed, session, digest);
        CREATE INDEX import_by_name ON import (table_name, file_name, sequence);
        CREATE TABLE night (
            date INTEGER NOT NULL PRIMARY KEY,
            state TEXT NOT NULL CHECK (state IN ('planned', 'audited', 'published')),
            starts_at INTEGER NOT NULL,
            slot_seconds INTEGER NOT NULL,
            slot_count INTEGER NOT NULL,
            profile TEXT NOT NULL,
            snapshot_digest TEXT NOT NULL,
            plan_digest TEXT NOT NULL,
            planned_at INTEGER NOT NULL,
            audited_at INTEGER,
            value INTEGER NOT NULL,
            wished_value INTEGER NOT NULL,
            objective INTEGER NOT NULL,
            bound INTEGER NOT NULL,
            origin_bytes INTEGER NOT NULL,
            peer_bytes INTEGER NOT NULL,
            carried_cost INTEGER NOT NULL,
            origin_floor_bytes INTEGER NOT NULL,
            finish_slot INTEGER NOT NULL,
            served_wishes INTEGER NOT NULL,
            part_wishes INTEGER NOT NULL,
            unserved_wishes INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE publication (
            sequence INTEGER NOT NULL PRIMARY KEY,
            night INTEGER NOT NULL,
            folder TEXT NOT NULL,
            plan_digest TEXT NOT NULL,
            published_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX publication_by_night ON publication (night, sequence);

        """

    /// A device's mark says up to where its reports were taken, and what they and its neighbours'
    /// told of it.
    private static let reported = """
        CREATE TABLE report_mark (
            device TEXT NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            night INTEGER,
            at INTEGER,
            last_served INTEGER,
            last_sent INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE report_night (
            night INTEGER NOT NULL PRIMARY KEY,
            devices INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            peer_bytes INTEGER NOT NULL,
            origin_bytes INTEGER NOT NULL,
            local_bytes INTEGER NOT NULL,
            waste_bytes INTEGER NOT NULL,
            completed_wishes INTEGER NOT NULL,
            failures INTEGER NOT NULL
        ) STRICT;

        """
}
