package import Fleet

/// The fields of one row, as bytes, with the parsers that turn them into values.
///
/// One instance serves a whole file: a row costs one copy of its bytes and
/// nothing for each field but what its value needs. The parsers of values are
/// in `TableFields+Values.swift` and `TableFields+Text.swift`.
package struct TableFields {
    /// What a field was in its source.
    enum Kind: UInt8 {
        /// CSV, or a JSON string.
        case text
        /// A JSON number, as it stood.
        case number
        /// `true` or `false` of JSON, as `yes` or `no`.
        case boolean
    }

    /// Where a field lies in ``content``.
    struct Field {
        var start: Int
        var end: Int
        var kind = Kind.text
    }

    /// The row's bytes, unquoted; valid UTF-8.
    var content: [UInt8] = []
    /// The row's fields, in the order of the file.
    var fields: [Field] = []
    /// For each column of the table: the position in ``fields``, -1 when the file doesn't have it;
    /// last the column `op`.
    let positions: [Int]
    /// The device that the file's name gives; nil: none.
    let device: String?
    /// The last text taken from each column, since neighbouring rows often repeat one.
    private var remembered: [String]

    init(positions: [Int], device: String?) {
        self.positions = positions
        self.device = device
        remembered = [String](repeating: "", count: positions.count)
    }

    /// The column that a delta file has beside the table's own.
    var operationColumn: TableColumn { TableColumn(positions.count - 1, "op", required: true) }

    /// The field's bytes without blanks around it; empty when the file doesn't have the column.
    func bytes(_ column: TableColumn) -> Range<Int> {
        let position = positions[column.index]
        guard position >= 0 else { return 0..<0 }
        var (start, end) = (fields[position].start, fields[position].end)
        while start < end, content[start] == 32 || content[start] == 9 { start += 1 }
        while end > start, content[end - 1] == 32 || content[end - 1] == 9 { end -= 1 }
        return start..<end
    }

    /// Whether nothing stands in the field.
    func isEmpty(_ column: TableColumn) -> Bool { bytes(column).isEmpty }

    /// What the field was; text when the file doesn't have the column.
    func kind(_ column: TableColumn) -> Kind {
        positions[column.index] < 0 ? .text : fields[positions[column.index]].kind
    }

    /// A string of `range` in ``content``, the same one as last time if the bytes are.
    mutating func string(_ range: Range<Int>, _ column: TableColumn) -> String {
        if isRemembered(range, column) { return remembered[column.index] }
        let text = String(decoding: content[range], as: UTF8.self)
        remembered[column.index] = text
        return text
    }

    private func isRemembered(_ range: Range<Int>, _ column: TableColumn) -> Bool {
        let last = remembered[column.index].utf8
        guard last.count == range.count else { return false }
        var i = range.lowerBound
        for byte in last {
            if byte != content[i] { return false }
            i += 1
        }
        return true
    }

    /// What the row does; rows of a snapshot add.
    package func operation() throws(FieldFault) -> RowOperation {
        let column = operationColumn
        guard positions[column.index] >= 0 else { return .add }
        guard let operation = try word(column, [RowOperation.add, .remove]) else {
            throw missing(column)
        }
        return operation
    }

    func missing(_ column: TableColumn) -> FieldFault {
        FieldFault(
            code: "E_MISSING", column: column, message: "'\(column.name)' is empty",
            hint: "a row needs it")
    }

    /// The field as it stood, cut to what a message can hold.
    func shown(_ range: Range<Int>) -> String {
        let text = String(decoding: content[range.prefix(60)], as: UTF8.self)
        let clean = String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 ? " " : $0 }))
        return range.count > 60 ? "'\(clean)…'" : "'\(clean)'"
    }
}
