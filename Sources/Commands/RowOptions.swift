import ArgumentParser
import Console
import Nightly

/// How rows are printed.
struct RowOptions: ParsableArguments {
    /// Rows of a table that a terminal shows unless told otherwise.
    static let terminalRows = 1000

    @Option(help: "table, csv, json (one array) or jsonl (an object a line).")
    var format: RowFormat?

    @Flag(help: "Prints JSON Lines: --format jsonl.")
    var json = false

    @Option(help: ArgumentHelp("Prints so many rows at most.", valueName: "rows"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Prints these columns in this order, or all of them.", valueName: "names"))
    var columns: String?

    func validate() throws {
        guard !json || format == nil || format == .jsonl else {
            throw ValidationError("--json and --format exclude each other")
        }
        guard (limit ?? 1) >= 1 else { throw ValidationError("--limit must be at least 1") }
    }

    private var chosenFormat: RowFormat { json ? .jsonl : format ?? .table }

    /// Prints the rows that `read` gives, as long as somebody reads them and the limit allows.
    func print<Row>(
        _ columns: [ShowColumn<Row>], _ shell: Shell,
        read: (_ body: (Row) throws -> Bool) throws -> Void
    ) throws {
        let columns = try chosen(columns)
        let printer = RowPrinter(
            columns: columns.map(\.name), format: chosenFormat, output: shell.output,
            terminal: shell.terminal)
        var count = RowCount(limit: limit, format: chosenFormat, terminal: shell.terminal)
        try read { row in
            guard count.takes() else { return false }
            printer.print(columns.map { $0.cell(row) })
            return printer.isOpen && !count.isFull
        }
        printer.finish()
        if let note = count.note { shell.messages.note(note) }
    }

    private func chosen<Row>(_ columns: [ShowColumn<Row>]) throws -> [ShowColumn<Row>] {
        let names = self.columns?.split(separator: ",").map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        switch names {
        case nil:
            return columns.filter { $0.isShown(chosenFormat == .table) }
        case ["all"]: return columns
        case let names?:
            guard !names.isEmpty else {
                throw NightlyError(.usage, "--columns names no column")
            }
            return try names.map { name in
                guard let column = columns.first(where: { $0.name == name }) else {
                    throw NightlyError(
                        .usage, "no column '\(name)' is known",
                        hint: "there are " + columns.map(\.name).joined(separator: ", "))
                }
                return column
            }
        }
    }
}

/// Counts rows up to a limit.
struct RowCount {
    private let limit: Int?
    /// Whether the user didn't choose the limit, so that one has to say that there is more.
    private let isSilent: Bool
    private let isTable: Bool
    private var taken = 0
    private var hasMore = false

    init(limit: Int?, format: RowFormat, terminal: Terminal) {
        isTable = format == .table
        let isCut = limit == nil && isTable && terminal.isInteractive
        self.limit = isCut ? RowOptions.terminalRows : limit
        isSilent = !isCut
    }

    /// Whether one more row may be printed; counts it.
    mutating func takes() -> Bool {
        if let limit, taken == limit {
            hasMore = true
            return false
        }
        taken += 1
        return true
    }

    /// Whether nobody needs to know if there is a further row.
    var isFull: Bool { isSilent && taken == limit }

    /// What a person should be told in the end.
    var note: String? {
        if hasMore, !isSilent {
            return "these are the first \(taken.grouped) rows; narrow them down, or give --limit"
        }
        return taken == 0 && isTable ? "no rows" : nil
    }
}
