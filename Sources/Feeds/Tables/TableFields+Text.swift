// Text out of fields: names, words, addresses.

extension TableFields {
    /// The longest identifier, in bytes.
    static let identifierBytes = 1024

    /// A name that must be there.
    package mutating func identifier(_ column: TableColumn) throws(FieldFault) -> String {
        guard let text = try text(column) else { throw missing(column) }
        return text
    }

    /// A name, nil when the field is empty.
    package mutating func text(_ column: TableColumn) throws(FieldFault) -> String? {
        let range = bytes(column)
        guard !range.isEmpty else { return nil }
        guard kind(column) != .boolean else {
            throw fault("E_TYPE", column, "is a JSON boolean, not text")
        }
        try check(range, column)
        return string(range, column)
    }

    /// Names separated by blanks; empty when the field is.
    package func list(_ column: TableColumn) throws(FieldFault) -> [String] {
        let range = bytes(column)
        guard kind(column) != .boolean else {
            throw fault("E_TYPE", column, "is a JSON boolean, not text")
        }
        var names: [String] = []
        for part in content[range].split(whereSeparator: { $0 == 32 || $0 == 9 }) {
            try check(part.startIndex..<part.endIndex, column)
            names.append(String(decoding: part, as: UTF8.self))
        }
        return names
    }

    /// The device of the row: the field, or what the file's name gives; they must not contradict.
    package mutating func device(_ column: TableColumn) throws(FieldFault) -> String {
        guard let device else { return try identifier(column) }
        guard let stated = try text(column) else { return device }
        guard stated == device else {
            throw FieldFault(
                code: "E_DEVICE", column: column,
                message: "the row is for device '\(stated)', the file's name for '\(device)'",
                hint: "a file named after a device holds the rows of that device only")
        }
        return device
    }

    /// One of `words`, case-folded; nil when the field is empty.
    package func word<Word: RawRepresentable>(_ column: TableColumn, _ words: [Word])
        throws(FieldFault) -> Word? where Word.RawValue == String
    {
        let range = bytes(column)
        guard !range.isEmpty else { return nil }
        guard let word = words.first(where: { holds(range, $0.rawValue) }) else {
            throw fault(
                "E_WORD", column, "is \(shown(range))",
                hint: "it is one of: " + words.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    /// `yes` or `no`; nil when the field is empty.
    package func yesOrNo(_ column: TableColumn) throws(FieldFault) -> Bool? {
        let range = bytes(column)
        if range.isEmpty { return nil }
        if holds(range, "yes") { return true }
        if holds(range, "no") { return false }
        throw fault("E_WORD", column, "is \(shown(range))", hint: "it is yes or no")
    }

    /// Whether the bytes in `range` are `word`, which is in lower case, in upper or lower case.
    func holds(_ range: Range<Int>, _ word: String) -> Bool {
        guard range.count == word.utf8.count else { return false }
        var i = range.lowerBound
        for letter in word.utf8 {
            let byte = content[i]
            guard byte == letter || (isLetter(byte) && byte | 0x20 == letter) else { return false }
            i += 1
        }
        return true
    }

    /// A fault of `column`: its name, then `message`.
    func fault(_ code: String, _ column: TableColumn, _ message: String, hint: String? = nil)
        -> FieldFault
    {
        FieldFault(code: code, column: column, message: "'\(column.name)' \(message)", hint: hint)
    }

    /// Refuses what no identifier can be: too long, with control characters, or damaged by a
    /// spreadsheet.
    private func check(_ range: Range<Int>, _ column: TableColumn) throws(FieldFault) {
        guard range.count <= TableFields.identifierBytes else {
            throw fault(
                "E_LENGTH", column, "is longer than \(TableFields.identifierBytes) bytes")
        }
        for i in range where content[i] < 32 || content[i] == 127 {
            throw fault("E_CONTROL", column, "holds a control character or a line break")
        }
        if looksRewritten(content[range]) {
            throw fault(
                "E_SPREADSHEET", column, "is \(shown(range)), which a spreadsheet made of a number",
                hint: "export the column as text")
        }
    }

    /// `1.23E+15`: digits, a point or comma, digits, `E+`, digits.
    private func looksRewritten(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let e = bytes.firstIndex(of: UInt8(ascii: "E")), e + 1 < bytes.endIndex,
            bytes[e + 1] == UInt8(ascii: "+"), let first = bytes.first, isDigit(first)
        else { return false }
        return bytes[..<e].allSatisfy { isDigit($0) || $0 == 44 || $0 == 46 }
            && bytes[(e + 2)...].allSatisfy(isDigit) && e + 2 < bytes.endIndex
    }
}

/// Whether `byte` is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
