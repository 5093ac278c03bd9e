import GRDB

/// A table of rows that an import replaces: its name, its columns, and what refers to it.
struct TableShape {
    let name: String
    /// Columns that make a row one; a second row with the same replaces the first.
    let key: [String]
    /// The other columns.
    let values: [String]
    /// Columns by which stored rows give way to an import's; nil: those of ``key``, and then rows
    /// are updated in place.
    var group: [String]?
    /// SQL of the identifiers that must stay; nil: any row may go.
    var referred: String?
    /// A column of ``values`` by which the later of two rows is told where both state it; nil: the
    /// order alone tells.
    var time: String?

    var columns: [String] { key + values }
}

/// Rows of one import, gathered in a temporary table and then merged in the order of their keys.
///
/// So neither their order nor how often one is repeated leaves a trace.
struct StagedTable {
    let shape: TableShape
    private let insert: Statement
    private let replace: Statement

    init(_ shape: TableShape, in database: Database) throws {
        self.shape = shape
        let columns = shape.columns.joined(separator: ", ")
        let marks = shape.columns.map { _ in "?" }.joined(separator: ", ")
        try database.execute(
            sql: """
                CREATE TEMP TABLE staged (\(columns), PRIMARY KEY (\(shape.key.joined(separator: ", "))))
                WITHOUT ROWID
                """)
        insert = try database.makeStatement(
            sql: "INSERT OR IGNORE INTO temp.staged (\(columns)) VALUES (\(marks))")
        let assignments = shape.values.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let later = shape.time.map { "WHERE ifnull(excluded.\($0) >= \($0), true)" } ?? ""
        replace = try database.makeStatement(
            sql: """
                INSERT INTO temp.staged (\(columns)) VALUES (\(marks))
                ON CONFLICT DO UPDATE SET \(assignments) \(later)
                """)
    }

    /// Adds a row, its values in the order of the shape's columns.
    func put(_ row: StatementArguments, in database: Database, report: inout ImportReport) throws {
        try insert.execute(arguments: row)
        guard database.changesCount == 0 else { return }
        report.duplicates += 1
        try replace.execute(arguments: row)
    }

    /// Merges into the table itself; when `whole`, rows that are not named go, unless they are
    /// referred to.
    func merge(into database: Database, whole: Bool, report: inout ImportReport) throws {
        try count(in: database, report: &report)
        if let group = shape.group {
            try replaceGroups(group, in: database, whole: whole, report: &report)
        } else {
            try update(database)
            if whole { try remove(from: database, report: &report) }
        }
        try database.execute(sql: "DROP TABLE temp.staged")
    }

    private var sameKey: String {
        shape.key.map { "s.\($0) = t.\($0)" }.joined(separator: " AND ")
    }

    private var sameValues: String {
        shape.values.map { "s.\($0) IS t.\($0)" }.joined(separator: " AND ")
    }

    private func count(in database: Database, report: inout ImportReport) throws {
        let joined = "temp.staged s JOIN main.\(shape.name) t ON \(sameKey)"
        let staged = try Int.fetchOne(database, sql: "SELECT count(*) FROM temp.staged") ?? 0
        let known = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(joined)") ?? 0
        let same =
            try Int.fetchOne(database, sql: "SELECT count(*) FROM \(joined) WHERE \(sameValues)")
            ?? 0
        report.added += staged - known
        report.unchanged += same
        report.changed += known - same
    }

    private func update(_ database: Database) throws {
        let columns = shape.columns.joined(separator: ", ")
        let assignments = shape.values.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let differs = shape.values.map { "\($0) IS NOT excluded.\($0)" }.joined(separator: " OR ")
        let key = shape.key.joined(separator: ", ")
        try database.execute(
            sql: """
                INSERT INTO main.\(shape.name) (\(columns))
                SELECT \(columns) FROM temp.staged WHERE true ORDER BY \(key)
                ON CONFLICT (\(key)) DO UPDATE SET \(assignments) WHERE \(differs)
                """)
    }

    private func remove(from database: Database, report: inout ImportReport) throws {
        let unnamed = "id NOT IN (SELECT id FROM temp.staged)"
        if let referred = shape.referred {
            report.kept = try String.fetchAll(
                database,
                sql: """
                    SELECT id FROM main.\(shape.name) WHERE \(unnamed) AND id IN (\(referred))
                    ORDER BY id
                    """)
        }
        let unless = shape.referred.map { "AND id NOT IN (\($0))" } ?? ""
        try database.execute(sql: "DELETE FROM main.\(shape.name) WHERE \(unnamed) \(unless)")
        report.removed += database.changesCount
    }

    private func replaceGroups(
        _ group: [String], in database: Database, whole: Bool, report: inout ImportReport
    ) throws {
        let sameGroup = group.map { "s.\($0) = t.\($0)" }.joined(separator: " AND ")
        let named = "EXISTS (SELECT 1 FROM temp.staged s WHERE \(sameGroup))"
        let staged = "EXISTS (SELECT 1 FROM temp.staged s WHERE \(sameKey))"
        try database.execute(
            sql: """
                DELETE FROM main.\(shape.name) AS t
                WHERE NOT \(staged) \(whole ? "" : "AND \(named)")
                """)
        report.removed += database.changesCount
        try update(database)
    }
}
