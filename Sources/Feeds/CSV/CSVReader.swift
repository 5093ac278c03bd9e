import Quantities

/// Reads the rows of a CSV file, from its first line on.
struct CSVReader<Row: TableRow>: ~Copyable {
    private var run: TableRun<Row>
    private var buffer: InputBuffer
    private var tokenizer: CSVTokenizer
    private var fields: TableFields
    private let fieldCount: Int
    /// Number of the line that comes next, from 1.
    private var line: Int

    /// Reads the header.
    ///
    /// - Throws: `FeedError` when the file has no usable header.
    init(
        _ run: consuming TableRun<Row>, _ buffer: consuming InputBuffer, device: String?,
        options: TableOptions
    ) throws {
        var line = 1
        let bytes = try CSVReader.headerLine(&buffer, run, &line)
        var columns = Row.columns
        if device != nil { columns = columns.map { $0.name == "device" ? $0.asOptional : $0 } }
        let header = try CSVHeader(
            bytes, line: line, of: run.name, table: Row.table, columns: columns, options: options)
        run.summary.header = bytes
        run.summary.warnings = header.warnings
        self.run = run
        self.buffer = buffer
        self.tokenizer = CSVTokenizer(
            delimiter: header.delimiter, fieldBytes: run.limits.fieldBytes)
        self.fields = TableFields(positions: header.positions, device: device)
        self.fieldCount = header.count
        self.line = line + 1
    }

    /// The first line that isn't blank, without its end.
    private static func headerLine(
        _ buffer: inout InputBuffer, _ run: borrowing TableRun<Row>, _ line: inout Int
    ) throws -> [UInt8] {
        while true {
            let (head, isTerminated) = try buffer.takeLine(keeping: run.limits.rowBytes, run.read)
            guard !head.contains(0) else { throw run.notText(line) }
            guard head.count < run.limits.rowBytes else {
                throw Refusal(file: run.name, line: line).error(
                    "E_HEADER", "the header line is longer than \(head.count) bytes", nil)
            }
            guard isValidUTF8(head) else {
                throw Refusal(file: run.name, line: line).error(
                    "E_UTF8", "the header line isn't UTF-8", "export the file as UTF-8")
            }
            if head.contains(where: { !isBlank($0) }) { return head }
            guard isTerminated else { throw emptyFile(run.name) }
            line += 1
        }
    }

    /// Reads all rows.
    ///
    /// - Returns: the counts.
    /// - Throws: `FeedError` when the file must be refused, and what the caller's closures throw.
    consuming func rows() throws -> TableSummary {
        while true {
            switch tokenizer.scan(buffer.bytes, from: buffer.start, isWhole: buffer.isWhole) {
            case .incomplete where buffer.unread > run.limits.rowBytes:
                try rejectLine("E_LENGTH", 0, "the row is longer than \(run.limits.rowBytes) bytes")
            case .incomplete:
                try buffer.fill(from: run.read)
            case .fault(let message, let field):
                try rejectLine("E_QUOTE", field, message)
            case .row(_, 0, _):
                return run.summary
            case .row(let length, let lengthWithEnd, let traits):
                try take(length, lengthWithEnd, traits)
            }
        }
    }

    /// Passes on the row that was scanned, or rejects its first line.
    private mutating func take(_ length: Int, _ lengthWithEnd: Int, _ traits: RowTraits) throws {
        guard !traits.hasNUL else { throw run.notText(line) }
        guard length <= run.limits.rowBytes else {
            return try rejectLine(
                "E_LENGTH", 0, "the row is longer than \(run.limits.rowBytes) bytes")
        }
        load(length)
        if traits.hasHighBytes, !isValidUTF8(fields.content) {
            return try rejectLine(
                "E_UTF8", 0, "the row isn't UTF-8", hint: "export the file as UTF-8")
        }
        if traits.hasEscapes { fields.undoubleQuotes() }
        if !isEmptyRow {
            guard fields.fields.count == fieldCount else {
                return try rejectLine(
                    "E_FIELDS", 0,
                    "the row has \(fields.fields.count) fields, the header \(fieldCount)")
            }
            if let fault = try run.take(&fields, line: line) { return try rejectLine(fault) }
            if !traits.isTerminated { noteMissingEnd() }
        }
        buffer.consume(lengthWithEnd)
        line += 1 + traits.innerLines
    }

    /// Copies the row's bytes.
    private mutating func load(_ length: Int) {
        fields.content.removeAll(keepingCapacity: true)
        fields.content.append(
            contentsOf: buffer.bytes[buffer.start..<(buffer.start + length)])
        fields.fields = tokenizer.fields
    }

    /// Nothing but blanks between delimiters, as spreadsheets leave at the end.
    private var isEmptyRow: Bool {
        fields.fields.allSatisfy { field in
            fields.content[field.start..<field.end].allSatisfy(isBlank)
        }
    }

    private mutating func rejectLine(_ fault: FieldFault) throws {
        try rejectLine(
            fault.code, fields.positions[fault.column.index] + 1, fault.message, hint: fault.hint)
    }

    /// Rejects the line that comes next; the one after it may begin a row.
    private mutating func rejectLine(
        _ code: String, _ field: Int, _ message: String, hint: String? = nil
    ) throws {
        let (bytes, isTerminated) = try buffer.takeLine(keeping: run.limits.rowBytes, run.read)
        guard !bytes.contains(0) else { throw run.notText(line) }
        try run.refuse(
            bytes, run.diagnostic(code, line, field, message, hint: hint),
            isTerminated: isTerminated)
        line += 1
    }

    private mutating func noteMissingEnd() {
        run.summary.warnings.append(
            Diagnostic(
                .note, code: "W_LAST_LINE", file: run.name, line: line,
                message: "the last line has no line break, so the file may have been cut off"))
    }
}

extension TableColumn {
    /// The same column, not required.
    var asOptional: TableColumn { TableColumn(index, name, required: false, list: isList) }
}

extension TableFields {
    /// Makes one quote of each doubled one; between fields, bytes without a meaning are left over.
    mutating func undoubleQuotes() {
        for i in fields.indices {
            var end = fields[i].start
            var skip = false
            for position in fields[i].start..<fields[i].end {
                skip = content[position] == quote && !skip
                if skip { continue }
                content[end] = content[position]
                end += 1
            }
            fields[i].end = end
        }
    }
}
