import Quantities

/// The header line of a CSV file: which of a table's columns stand where.
struct CSVHeader {
    let delimiter: UInt8
    /// For each column of the table, then for `op`: its place in the file, -1 when it isn't there.
    let positions: [Int]
    /// How many fields a row has.
    let count: Int
    /// Columns that the table doesn't know, one warning each up to a number.
    let warnings: [Diagnostic]

    private static let delimiters = Array(",;\t|".utf8)

    /// - Parameters:
    ///   - bytes: the line without its end.
    ///   - line: its number, for messages.
    ///   - name: the file, for messages.
    ///   - table: the table's name, for messages.
    ///   - columns: the table's columns.
    ///   - options: whether it is a delta, which delimiter.
    /// - Throws: `FeedError` when a required column is missing or a column is named twice.
    init(
        _ bytes: [UInt8], line: Int, of name: String, table: String, columns: [TableColumn],
        options: TableOptions
    ) throws {
        let refusal = Refusal(file: name, line: line)
        guard !bytes.contains(carriageReturn) else {
            throw refusal.error(
                "E_LINE_END", "the header line holds a carriage return",
                "end lines with LF or CR LF")
        }
        let known = columns.map(\.name) + ["op"]
        let (delimiter, names) = try CSVHeader.split(bytes, known, options, refusal)
        let found = try CSVHeader.places(names, known, refusal)
        try CSVHeader.check(found, names, table, columns, options, refusal)
        self.delimiter = delimiter
        self.positions = found
        self.count = names.count
        self.warnings = unknownColumnWarnings(
            names.enumerated().filter { !known.contains($0.element) },
            Diagnostic(.warning, code: "W_COLUMN", file: name, line: line, message: ""))
    }

    /// The delimiter that makes most known names of the line (ties: most names), with the names.
    private static func split(
        _ bytes: [UInt8], _ known: [String], _ options: TableOptions, _ refusal: Refusal
    ) throws -> (UInt8, [String]) {
        var best: (score: (Int, Int), delimiter: UInt8, names: [String])?
        for delimiter in options.delimiter.map({ [$0] }) ?? delimiters {
            guard let names = names(in: bytes, delimiter, options.limits) else { continue }
            let score = (names.filter(known.contains).count, names.count)
            if best.map({ score > $0.score }) ?? true { best = (score, delimiter, names) }
        }
        guard let best else {
            throw refusal.error("E_QUOTE", "the header line has a stray quote", nil)
        }
        guard best.names.count <= options.limits.columns else {
            throw refusal.error(
                "E_HEADER", "the header line has more than \(options.limits.columns) columns", nil)
        }
        return (best.delimiter, best.names)
    }

    /// Where each known column is, -1 when nowhere.
    private static func places(_ names: [String], _ known: [String], _ refusal: Refusal)
        throws -> [Int]
    {
        var seen: [String: Int] = [:]
        for (i, name) in names.enumerated() where !name.isEmpty {
            if let first = seen.updateValue(i, forKey: name) {
                throw refusal.error(
                    "E_HEADER_TWICE", "columns \(first + 1) and \(i + 1) are both named '\(name)'",
                    "name each column once", column: i + 1)
            }
        }
        return known.map { seen[$0] ?? -1 }
    }

    private static func check(
        _ positions: [Int], _ names: [String], _ table: String, _ columns: [TableColumn],
        _ options: TableOptions, _ refusal: Refusal
    ) throws {
        let named = "the header names: " + names.prefix(30).joined(separator: ", ")
        let missing = columns.filter { $0.isRequired && positions[$0.index] < 0 }
        guard positions.contains(where: { $0 >= 0 }) else {
            throw refusal.error(
                "E_COLUMN", "the first line names no column of a table of \(table)",
                "a header line comes first: " + columns.map(\.name).joined(separator: ","))
        }
        guard missing.isEmpty else {
            let list = missing.map { "'\($0.name)'" }.joined(separator: ", ")
            throw refusal.error(
                "E_COLUMN", "a table of \(table) lacks \(list)", named)
        }
        let hasOperation = positions[columns.count] >= 0
        if options.delta, !hasOperation {
            throw refusal.error("E_COLUMN", "a delta needs the column 'op' (add or remove)", named)
        }
        if !options.delta, hasOperation {
            throw refusal.error(
                "E_DELTA", "the column 'op' makes this a delta, and it is imported as a snapshot",
                "holdings and wishes are imported as deltas with --delta; a snapshot has no such column"
            )
        }
    }

    /// The names, trimmed and case-folded; nil when they can't be cut.
    private static func names(in bytes: [UInt8], _ delimiter: UInt8, _ limits: TableLimits)
        -> [String]?
    {
        var tokenizer = CSVTokenizer(delimiter: delimiter, fieldBytes: limits.fieldBytes)
        guard case .row = tokenizer.scan(bytes, from: 0, isWhole: true) else { return nil }
        return tokenizer.fields.map {
            folded(String(decoding: bytes[$0.start..<$0.end], as: UTF8.self))
        }
    }
}

/// Builds errors of one file at one line.
struct Refusal {
    let file: String
    let line: Int

    func error(_ code: String, _ message: String, _ hint: String?, column: Int = 0) -> FeedError {
        FeedError(
            code: code, file: file, line: line, column: column, message: message, hint: hint)
    }
}

/// A column's name without blanks around it, in lower case.
func folded(_ name: String) -> String {
    let trimmed = name.utf8.drop { $0 == 32 || $0 == 9 }.reversed().drop { $0 == 32 || $0 == 9 }
    return String(decoding: trimmed.reversed(), as: UTF8.self).lowercased()
}

/// One warning for each column, the first twenty of them, shaped like `form`.
func unknownColumnWarnings(
    _ unknown: [(offset: Int, element: String)], _ form: Diagnostic
) -> [Diagnostic] {
    var warnings = unknown.prefix(20).map { column in
        var warning = form
        warning.column = column.offset + 1
        warning.message =
            column.element.isEmpty
            ? "column \(column.offset + 1) has no name and is ignored"
            : "the column '\(column.element)' isn't known and is ignored"
        return warning
    }
    if unknown.count > 20 {
        var warning = form
        warning.message = "\(unknown.count - 20) more columns aren't known and are ignored"
        warnings.append(warning)
    }
    return warnings
}
