/// Why a line isn't a JSON object that a table can take.
struct JSONFault: Error {
    var code: String
    var message: String
    var hint: String?

    init(_ code: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

/// Reads one line as one JSON value (RFC 8259), strictly, byte by byte.
///
/// Strings and numbers are appended to a buffer of the caller's: numbers as
/// they stand, so that integers stay exact. Recursion is bounded. O(line).
struct JSONLine {
    private static let maxDepth = 32
    private let bytes: [UInt8]
    private let begin: Int
    private let end: Int
    private var at: Int

    /// - Parameters:
    ///   - bytes: hold the line; valid UTF-8 in `range`.
    ///   - range: the line without its end.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        begin = range.lowerBound
        end = range.upperBound
        at = range.lowerBound
    }

    /// The next byte that isn't blank; nil at the end of the line.
    mutating func peek() -> UInt8? {
        while at < end, isBlank(bytes[at]) { at += 1 }
        return at < end ? bytes[at] : nil
    }

    /// Steps over `byte`.
    mutating func expect(_ byte: UInt8) throws(JSONFault) {
        guard peek() == byte else {
            throw fault("'\(Character(Unicode.Scalar(byte)))' is missing")
        }
        at += 1
    }

    /// Steps over `byte` if it comes next.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at += 1
        return true
    }

    func fault(_ message: String) -> JSONFault {
        JSONFault(
            "E_JSON", "\(message) at byte \(at - begin + 1) of the line",
            hint: "each line is one JSON object")
    }

    /// Appends the string that comes next, without its quotes and escapes.
    mutating func string(into content: inout [UInt8]) throws(JSONFault) {
        try expect(quote)
        while true {
            var i = at
            while i < end, bytes[i] != quote, bytes[i] != backslash, bytes[i] >= 32 { i += 1 }
            content.append(contentsOf: bytes[at..<i])
            at = i
            guard at < end else { throw fault("a string isn't closed") }
            if bytes[at] == quote {
                at += 1
                return
            }
            guard bytes[at] == backslash else { throw fault("a control character in a string") }
            at += 1
            try escape(into: &content)
        }
    }

    /// Appends what stands after a backslash.
    private mutating func escape(into content: inout [UInt8]) throws(JSONFault) {
        guard at < end else { throw fault("a string isn't closed") }
        let byte = bytes[at]
        at += 1
        switch byte {
        case quote, backslash, UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(8)
        case UInt8(ascii: "f"): content.append(12)
        case UInt8(ascii: "n"): content.append(10)
        case UInt8(ascii: "r"): content.append(13)
        case UInt8(ascii: "t"): content.append(9)
        case UInt8(ascii: "u"): try content.append(contentsOf: unicodeEscape())
        default: throw fault("an unknown escape")
        }
    }

    /// The UTF-8 of `XXXX`, or of a surrogate pair `XXXX\uXXXX`.
    private mutating func unicodeEscape() throws(JSONFault) -> [UInt8] {
        var code = try hexUnit()
        if (0xD800..<0xDC00).contains(code) {
            guard at + 1 < end, bytes[at] == backslash, bytes[at + 1] == UInt8(ascii: "u") else {
                throw fault("half a surrogate pair")
            }
            at += 2
            let low = try hexUnit()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexUnit() throws(JSONFault) -> UInt32 {
        guard at + 4 <= end,
            bytes[at..<(at + 4)].allSatisfy({ isDigit($0) || (97...102).contains($0 | 0x20) }),
            let unit = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
        else { throw fault("an escape without four hexadecimal digits") }
        at += 4
        return unit
    }

    /// Appends the number that comes next, as it stands.
    mutating func number(into content: inout [UInt8]) throws(JSONFault) {
        let start = at
        _ = skip(UInt8(ascii: "-"))
        if at < end, bytes[at] == UInt8(ascii: "0") { at += 1 } else { try digits() }
        if at < end, bytes[at] == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") {
                at += 1
            }
            try digits()
        }
        content.append(contentsOf: bytes[start..<at])
    }

    private mutating func digits() throws(JSONFault) {
        let start = at
        while at < end, isDigit(bytes[at]) { at += 1 }
        if at == start { throw fault("something that is no JSON value") }
    }

    /// Steps over the word that comes next, one of `true`, `false`, `null`; nil when none does.
    mutating func word() -> String? {
        guard at < end else { return nil }
        let word =
            switch bytes[at] {
            case UInt8(ascii: "t"): "true"
            case UInt8(ascii: "f"): "false"
            case UInt8(ascii: "n"): "null"
            default: ""
            }
        let text = word.utf8
        guard !text.isEmpty, end - at >= text.count,
            bytes[at..<(at + text.count)].elementsEqual(text)
        else { return nil }
        at += text.count
        return word
    }

    /// Steps over any value.
    mutating func skipValue(depth: Int = 0) throws(JSONFault) {
        guard depth < JSONLine.maxDepth else {
            throw fault("more than \(JSONLine.maxDepth) values are nested")
        }
        var dropped: [UInt8] = []
        switch peek() {
        case quote: try string(into: &dropped)
        case UInt8(ascii: "["): try skipList(UInt8(ascii: "]"), named: false, depth)
        case UInt8(ascii: "{"): try skipList(UInt8(ascii: "}"), named: true, depth)
        case .some: if word() == nil { try number(into: &dropped) }
        case nil: throw fault("a value is missing")
        }
    }

    private mutating func skipList(_ close: UInt8, named: Bool, _ depth: Int) throws(JSONFault) {
        at += 1
        if skip(close) { return }
        repeat {
            if named {
                var dropped: [UInt8] = []
                try string(into: &dropped)
                try expect(UInt8(ascii: ":"))
            }
            try skipValue(depth: depth + 1)
        } while skip(UInt8(ascii: ","))
        try expect(close)
    }
}

private let backslash = UInt8(ascii: "\\")
