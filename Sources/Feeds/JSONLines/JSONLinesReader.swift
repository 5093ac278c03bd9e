import Quantities

/// Reads the rows of a JSON Lines file: one object a line, its members named as the columns are.
struct JSONLinesReader<Row: TableRow>: ~Copyable {
    private var run: TableRun<Row>
    private var buffer: InputBuffer
    private var fields: TableFields
    private var members: JSONMembers
    private let isDelta: Bool
    /// Number of the line that comes next, from 1.
    private var line = 1

    init(
        _ run: consuming TableRun<Row>, _ buffer: consuming InputBuffer, device: String?,
        options: TableOptions
    ) {
        let count = Row.columns.count
        run.summary.format = .jsonLines
        self.run = run
        self.buffer = buffer
        self.isDelta = options.delta
        fields = TableFields(
            positions: Array(0..<count) + [options.delta ? count : -1], device: device)
        members = JSONMembers(Row.columns + [TableColumn(count, "op")])
    }

    /// Reads all rows.
    ///
    /// - Returns: the counts.
    /// - Throws: `FeedError` when the file must be refused, and what the caller's closures throw.
    consuming func rows() throws -> TableSummary {
        while true {
            let unread = buffer.bytes[buffer.start...]
            if let end = unread.firstIndex(of: lineFeed) {
                try take(buffer.start..<end, isTerminated: true)
            } else if unread.count > run.limits.rowBytes {
                try refuse(tooLong, isTerminated: true)
            } else if !buffer.isWhole {
                try buffer.fill(from: run.read)
            } else if !unread.isEmpty {
                try take(buffer.start..<buffer.bytes.count, isTerminated: false)
            } else {
                noteUnknown()
                return run.summary
            }
        }
    }

    /// Passes on the row in `range`, or rejects it.
    private mutating func take(_ range: Range<Int>, isTerminated: Bool) throws {
        if range.count > run.limits.rowBytes { return try refuse(tooLong, isTerminated: true) }
        let (isBlankLine, isText) = try look(at: range)
        if !isBlankLine {
            guard isText else {
                let fault = JSONFault(
                    "E_UTF8", "the row isn't UTF-8", hint: "export the file as UTF-8")
                return try refuse(fault, isTerminated: isTerminated)
            }
            if let fault = try parse(range) {
                return try refuse(fault, isTerminated: isTerminated || fault.code != "E_JSON")
            }
        }
        buffer.consume(range.count + (isTerminated ? 1 : 0))
        line += 1
    }

    /// Whether the line holds nothing, and whether it is UTF-8.
    private func look(at range: Range<Int>) throws -> (isBlankLine: Bool, isText: Bool) {
        var bits: UInt8 = 0
        var isBlankLine = true
        for i in range {
            let byte = buffer.bytes[i]
            guard byte != 0 else { throw run.notText(line) }
            bits |= byte
            isBlankLine = isBlankLine && isBlank(byte)
        }
        return (isBlankLine, bits < 0x80 || isValidUTF8(Array(buffer.bytes[range])))
    }

    /// Parses and passes on a row; returns why it can't be taken.
    ///
    /// The first object stands for a header: when it lacks a required member, the file is refused.
    private mutating func parse(_ range: Range<Int>) throws -> JSONFault? {
        var line = JSONLine(buffer.bytes, range)
        do throws(JSONFault) { try members.read(&line, into: &fields) } catch { return error }
        guard isDelta || !members.hasOperation else {
            throw FeedError(
                code: "E_DELTA", file: run.name, line: self.line,
                message: "the member 'op' makes this a delta, and it is imported as a snapshot",
                hint: "holdings and wishes are imported as deltas with --delta; "
                    + "a snapshot has no such member")
        }
        guard let fault = try run.take(&fields, line: self.line) else { return nil }
        if run.summary.rows == 0, fault.code == "E_MISSING", !members.hasNamed(fault.column) {
            throw FeedError(
                code: "E_COLUMN", file: run.name, line: self.line,
                message: "a table of \(Row.table) lacks '\(fault.column.name)'",
                hint: "each object needs the member")
        }
        return JSONFault(fault.code, fault.message, hint: fault.hint)
    }

    private mutating func refuse(_ fault: JSONFault, isTerminated: Bool) throws {
        let (bytes, isEnded) = try buffer.takeLine(keeping: run.limits.rowBytes, run.read)
        let diagnostic = run.diagnostic(fault.code, line, 0, fault.message, hint: fault.hint)
        try run.refuse(bytes, diagnostic, isTerminated: isTerminated || isEnded)
        line += 1
    }

    private var tooLong: JSONFault {
        JSONFault("E_LENGTH", "the row is longer than \(run.limits.rowBytes) bytes")
    }

    /// One warning for each member that no column has.
    private mutating func noteUnknown() {
        let messages =
            members.unknown.map { "the member '\($0)' isn't known and is ignored" }
            + (members.hasMoreUnknown ? ["more members aren't known and are ignored"] : [])
        run.summary.warnings += messages.map {
            Diagnostic(.warning, code: "W_COLUMN", file: run.name, message: $0)
        }
    }
}
