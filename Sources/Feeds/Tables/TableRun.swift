import Quantities

/// What the readers of both table formats share while they run: where rows go, and the count.
struct TableRun<Row: TableRow> {
    /// The file's path as given, for messages.
    let name: String
    let limits: TableLimits
    let read: ReadBytes
    let emit: (Row, Int) throws -> Void
    let reject: (RejectedRow) throws -> Void
    var summary = TableSummary()

    /// Counts and passes on a row; returns its fault when its fields make none.
    mutating func take(_ fields: inout TableFields, line: Int) throws -> FieldFault? {
        let row: Row
        do throws(FieldFault) { row = try Row(&fields) } catch { return error }
        summary.rows += 1
        summary.accepted += 1
        try emit(row, line)
        return nil
    }

    /// Counts and passes on a row that isn't taken; at the end of an input that stops in mid-line
    /// it refuses the file.
    mutating func refuse(
        _ bytes: [UInt8], _ diagnostic: Diagnostic, isTerminated: Bool
    ) throws {
        guard isTerminated else {
            throw FeedError(
                code: "E_TRUNCATED", file: name, line: diagnostic.line, column: diagnostic.column,
                message: "the file stops in the middle of a row: \(diagnostic.message)",
                hint: "export it again; if it is complete, end its last line with a line break")
        }
        summary.rows += 1
        summary.rejected += 1
        try reject(RejectedRow(diagnostic: diagnostic, bytes: bytes))
    }

    func diagnostic(
        _ code: String, _ line: Int, _ column: Int = 0, _ message: String, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            .error, code: code, file: name, line: line, column: column, message: message,
            hint: hint)
    }

    /// UTF-16, or no text at all.
    func notText(_ line: Int) -> FeedError {
        FeedError(
            code: "E_ENCODING", file: name, line: line,
            message: "the file holds NUL bytes, as UTF-16 text or a binary file does",
            hint: "export it as UTF-8")
    }
}
