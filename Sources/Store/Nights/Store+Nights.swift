import GRDB
package import Quantities
package import Schedule

extension Store {
    /// Remembers a plan, in place of an earlier one for the same night; its publications stay.
    ///
    /// The entry's state, audit and publication are not taken: a new plan is `planned`.
    package func recordPlan(_ entry: NightEntry) throws {
        let row = NightRows.row(of: entry)
        let columns = NightRows.columns.joined(separator: ", ")
        let marks = NightRows.columns.map { _ in "?" }.joined(separator: ", ")
        try write { database in
            try database.execute(
                sql: "REPLACE INTO night (\(columns)) VALUES (\(marks))", arguments: row)
        }
    }

    /// Remembers that the audit found nothing, and what it says the plan is worth.
    ///
    /// Throws `misuse` when no plan of that date with these bytes is remembered.
    package func recordAudit(of date: CivilDate, planDigest: Digest, figures: Figures, at: Instant)
        throws
    {
        try write { database in
            let assignments = NightRows.figureColumns.map { "\($0) = ?" }.joined(separator: ", ")
            try database.execute(
                sql: """
                    UPDATE night SET \(assignments), audited_at = ?,
                        state = CASE state WHEN 'published' THEN state ELSE 'audited' END
                    WHERE date = ? AND plan_digest = ?
                    """,
                arguments: NightRows.arguments(figures)
                    + [at.seconds, date.dayNumber, planDigest.hex])
            try NightRows.requireChange(database, date, "audited")
        }
    }

    /// Remembers that a night's manifests are out.
    ///
    /// Throws `misuse` when the sequence isn't above all earlier ones, or no
    /// plan of that date with these bytes is remembered.
    package func recordPublished(_ publication: Publication) throws {
        try write { database in
            let last = try NightRows.lastSequence(database)
            guard publication.sequence > last else {
                throw StoreError(
                    .misuse,
                    "sequence \(publication.sequence) is not above \(last), which was published")
            }
            try database.execute(
                sql: """
                    UPDATE night SET state = 'published' WHERE date = ? AND plan_digest = ?
                    """, arguments: [publication.date.dayNumber, publication.planDigest.hex])
            try NightRows.requireChange(database, publication.date, "published")
            try database.execute(
                sql: """
                    INSERT INTO publication (sequence, night, folder, plan_digest, published_at)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    publication.sequence, publication.date.dayNumber, publication.folder,
                    publication.planDigest.hex, publication.publishedAt.seconds,
                ])
        }
    }

    /// Remembers that the last publication is of this plan, though others were made in between.
    ///
    /// Throws `misuse` when no plan of that date with these bytes is remembered.
    package func recordPublishedAgain(_ date: CivilDate, planDigest: Digest) throws {
        try write { database in
            try database.execute(
                sql: "UPDATE night SET state = 'published' WHERE date = ? AND plan_digest = ?",
                arguments: [date.dayNumber, planDigest.hex])
            try NightRows.requireChange(database, date, "published")
        }
    }

    /// The highest sequence number that was published; 0 when none was.
    package func lastPublishedSequence() throws -> Int64 {
        try read { try NightRows.lastSequence($0) }
    }

    /// All planned nights by date.
    package func nights() throws -> [NightEntry] { try read { try NightRows.entries($0) } }

    /// The night of that date, nil when none was planned.
    package func night(_ date: CivilDate) throws -> NightEntry? {
        try read {
            try NightRows.entries($0, where: "night.date = ?", arguments: [date.dayNumber]).first
        }
    }

    /// All publications by sequence.
    package func publications() throws -> [Publication] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM publication ORDER BY sequence").map {
                try NightRows.publication($0)
            }
        }
    }
}
