/// Fills a row's fields from the members of JSON objects.
struct JSONMembers {
    private let columns: [TableColumn]
    private let names: [[UInt8]]
    /// Which columns the object at hand has named.
    private var seen: [Bool]
    private let noFields: [TableFields.Field]
    /// The member's name at hand, in lower case.
    private var name: [UInt8] = []
    /// Names of the object at hand that no column has.
    private var strangers: Set<[UInt8]> = []
    /// Names that no column has, the first twenty of the file.
    private(set) var unknown: [String] = []
    /// There were more than twenty.
    private(set) var hasMoreUnknown = false
    /// A member `op` was there.
    private(set) var hasOperation = false

    /// - Parameter columns: those of the table, then `op`.
    init(_ columns: [TableColumn]) {
        self.columns = columns
        names = columns.map { Array($0.name.utf8) }
        seen = columns.map { _ in false }
        noFields = columns.map { _ in TableFields.Field(start: 0, end: 0) }
    }

    /// Reads the line's object into `fields`: the column with index `i` becomes field `i`.
    ///
    /// - Throws: `JSONFault` when the line is no object, names a member twice, or has a value of
    ///   the wrong kind.
    mutating func read(_ line: inout JSONLine, into fields: inout TableFields) throws(JSONFault) {
        for i in seen.indices { seen[i] = false }
        if !strangers.isEmpty { strangers.removeAll(keepingCapacity: true) }
        fields.content.removeAll(keepingCapacity: true)
        fields.fields.removeAll(keepingCapacity: true)
        fields.fields.append(contentsOf: noFields)
        try line.expect(UInt8(ascii: "{"))
        if !line.skip(UInt8(ascii: "}")) {
            repeat {
                try member(&line, &fields)
            } while line.skip(UInt8(ascii: ","))
            try line.expect(UInt8(ascii: "}"))
        }
        guard line.peek() == nil else { throw line.fault("something after the object") }
    }

    private mutating func member(_ line: inout JSONLine, _ fields: inout TableFields)
        throws(JSONFault)
    {
        name.removeAll(keepingCapacity: true)
        try line.string(into: &name)
        for i in name.indices where name[i] >= 65 && name[i] <= 90 { name[i] |= 0x20 }
        try line.expect(UInt8(ascii: ":"))
        guard let index = names.firstIndex(of: name) else {
            guard strangers.insert(name).inserted else { throw twice(name) }
            try line.skipValue()
            return note(name)
        }
        guard !seen[index] else { throw twice(name) }
        seen[index] = true
        if index == columns.count - 1 { hasOperation = true }
        try value(&line, columns[index], &fields)
    }

    /// Whether the object read last names the column.
    func hasNamed(_ column: TableColumn) -> Bool { seen[column.index] }

    private func twice(_ name: [UInt8]) -> JSONFault {
        JSONFault("E_NAMED_TWICE", "the object has two members '\(shownName(name))'")
    }

    private mutating func note(_ name: [UInt8]) {
        let text = shownName(name)
        if unknown.contains(text) { return }
        if unknown.count < 20 { unknown.append(text) } else { hasMoreUnknown = true }
    }

    private func shownName(_ name: [UInt8]) -> String {
        displayName(String(decoding: name.prefix(60), as: UTF8.self))
    }

    private func value(
        _ line: inout JSONLine, _ column: TableColumn, _ fields: inout TableFields
    ) throws(JSONFault) {
        var field = TableFields.Field(start: fields.content.count, end: 0)
        switch line.peek() {
        case quote:
            try line.string(into: &fields.content)
        case UInt8(ascii: "[") where column.isList:
            try list(&line, column, &fields.content)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            try line.skipValue()
            throw JSONFault("E_TYPE", "'\(column.name)' is a list or an object")
        case .some:
            switch line.word() {
            case "true":
                field.kind = .boolean
                fields.content += "yes".utf8
            case "false":
                field.kind = .boolean
                fields.content += "no".utf8
            case nil:
                field.kind = .number
                try line.number(into: &fields.content)
            default: break
            }
        case nil:
            throw line.fault("a value is missing")
        }
        field.end = fields.content.count
        fields.fields[column.index] = field
    }

    /// Appends a list of strings, separated by blanks as in CSV.
    private func list(
        _ line: inout JSONLine, _ column: TableColumn, _ content: inout [UInt8]
    ) throws(JSONFault) {
        try line.expect(UInt8(ascii: "["))
        if line.skip(UInt8(ascii: "]")) { return }
        repeat {
            guard line.peek() == quote else {
                try line.skipValue()
                throw JSONFault("E_TYPE", "'\(column.name)' is a list of something else than text")
            }
            let start = content.count
            try line.string(into: &content)
            guard !content[start...].contains(32) else {
                throw JSONFault("E_TYPE", "'\(column.name)' has a blank in one of its values")
            }
            content.append(32)
        } while line.skip(UInt8(ascii: ","))
        try line.expect(UInt8(ascii: "]"))
    }
}
