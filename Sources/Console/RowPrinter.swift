/// The forms in which rows are printed.
package enum RowFormat: String, Sendable, CaseIterable {
    /// Aligned columns for people.
    case table
    /// RFC 4180 with a header and line feeds.
    case csv
    /// One JSON array of objects.
    case json
    /// JSON Lines: one object a line.
    case jsonl
}

/// Prints rows of one kind, one after the other, in any of the forms.
///
/// A table's widths come from its first 1,000 rows, so that a million rows need
/// no memory; a later, wider cell pushes its row out of line and is not cut.
package final class RowPrinter {
    private static let measuredRows = 1000

    private let columns: [String]
    private let format: RowFormat
    private let output: Output
    private let terminal: Terminal
    private var waiting: [[Cell]] = []
    private var widths: [Int] = []
    private var printed = 0

    /// - Parameters:
    ///   - columns: names in lower snake case with their unit, such as `size_bytes`.
    ///   - format: the form.
    ///   - output: where the rows go.
    ///   - terminal: what `output` can show; used by tables.
    package init(columns: [String], format: RowFormat, output: Output, terminal: Terminal) {
        self.columns = columns
        self.format = format
        self.output = output
        self.terminal = terminal
        if format == .csv { output.line(columns.map(csvField).joined(separator: ",")) }
    }

    /// False when nobody reads any more.
    package var isOpen: Bool { output.isOpen }

    /// Prints one row, which must have as many cells as there are columns.
    package func print(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row has a cell for each column")
        switch format {
        case .table: measure(row)
        case .csv: output.line(row.map { csvField($0.plain) }.joined(separator: ","))
        case .json: output.write((printed == 0 ? "[\n" : ",\n") + object(row))
        case .jsonl: output.line(object(row))
        }
        printed += 1
    }

    /// Prints what is still held back and closes an array.
    package func finish() {
        switch format {
        case .table: if widths.isEmpty { printMeasured() }
        case .json: output.line(printed == 0 ? "[]" : "\n]")
        case .csv, .jsonl: break
        }
    }

    private func object(_ row: [Cell]) -> String {
        JSONValue.members(zip(columns, row).map { ($0, $1.json) }).compact
    }

    private func measure(_ row: [Cell]) {
        guard widths.isEmpty else { return output.line(aligned(row)) }
        waiting.append(row)
        if waiting.count == RowPrinter.measuredRows { printMeasured() }
    }

    private func printMeasured() {
        let titles = columns.map(RowPrinter.title)
        widths = columns.indices.map { column in
            waiting.reduce(titles[column].count) { max($0, $1[column].human.count) }
        }
        guard !waiting.isEmpty else { return }
        let header = aligned(zip(titles, waiting[0]).map { (title: $0, like: $1) })
        output.line(Emphasis.bold.applied(to: header, on: terminal))
        for row in waiting { output.line(aligned(row)) }
        waiting = []
    }

    private func aligned(_ row: [Cell]) -> String {
        aligned(row.map { (title: $0.human, like: $0) })
    }

    private func aligned(_ row: [(title: String, like: Cell)]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            let pad = String(repeating: " ", count: max(0, widths[column] - cell.title.count))
            line +=
                (column == 0 ? "" : "  ")
                + (cell.like.isNumber ? pad + cell.title : cell.title + pad)
        }
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// `size_bytes` is `SIZE`, `up_kbps` is `UP KBPS`.
    static func title(_ column: String) -> String {
        let name = column.hasSuffix("_bytes") ? column.dropLast(6) : column[...]
        return String(name.map { $0 == "_" ? " " : $0 }).uppercased()
    }
}

/// A field of RFC 4180, quoted when it must be.
package func csvField(_ text: String) -> String {
    let special: Set<UInt8> = [
        UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
    ]
    guard text.utf8.contains(where: special.contains) else { return text }
    return "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
}
