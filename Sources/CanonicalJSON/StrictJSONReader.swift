// A strict reader of JSON (RFC 8259, I-JSON of RFC 7493).
//
// Problem: readers differ in what they make of duplicate keys, broken UTF-8,
// lone surrogates, huge numbers and deep nesting, and an attacker lives on such
// differences. Idea: refuse all of it. What is accepted here means the same to
// every reader. Fractions and exponents are refused too: a manifest's numbers
// are integers. Cost: O(n log m) for n bytes and m members in one object;
// recursion is bounded by `depthLimit`.

/// Why a text isn't JSON as a manifest may be.
package struct JSONFault: Error, Hashable, Sendable {
    /// Offset in bytes of the place.
    package var offset: Int
    /// What is wrong there, without a full stop.
    package var message: String
}

/// Reads one JSON text.
package struct StrictJSONReader {
    /// Arrays and objects within each other, at most.
    package static let depthLimit = 16

    private let bytes: [UInt8]
    private var at = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value of a whole text; blanks are allowed round it, nothing else is.
    package static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        var reader = StrictJSONReader(bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.at == bytes.count else { throw reader.fault("something follows the value") }
        return value
    }

    private func fault(_ message: String) -> JSONFault { JSONFault(offset: at, message: message) }

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipBlanks() {
        while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
    }

    private mutating func skip(_ expected: Character) -> Bool {
        guard byte == expected.asciiValue else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        skipBlanks()
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            return try integer()
        case nil: throw fault("the text ends where a value should stand")
        default: throw fault("no value begins like this")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[at...].starts(with: word.utf8) else { throw fault("expected \(word)") }
        at += word.utf8.count
        return value
    }

    private mutating func integer() throws(JSONFault) -> JSONValue {
        let start = at
        let negative = skip("-")
        var magnitude: Int64 = 0
        let first = at
        while let byte, (48...57).contains(byte) {
            magnitude = magnitude * 10 + Int64(byte - 48)
            guard magnitude <= CanonicalWriter.integerLimit else {
                at = start
                throw fault("a number is beyond 2⁵³ - 1")
            }
            at += 1
        }
        guard at > first else { throw fault("a number without digits") }
        guard at == first + 1 || bytes[first] != 48 else { throw fault("a number begins with 0") }
        guard !(negative && magnitude == 0) else { throw fault("minus zero") }
        if let byte, [0x2E, 0x45, 0x65].contains(byte) { throw fault("a number isn't an integer") }
        return .integer(negative ? -magnitude : magnitude)
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= StrictJSONReader.depthLimit else { throw fault("nested too deeply") }
        at += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if skip("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth))
            skipBlanks()
            if skip("]") { return .array(elements) }
            guard skip(",") else { throw fault("expected a comma or ]") }
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= StrictJSONReader.depthLimit else { throw fault("nested too deeply") }
        at += 1
        var members: [JSONMember] = []
        skipBlanks()
        if skip("}") { return .object(members) }
        while true {
            skipBlanks()
            guard byte == UInt8(ascii: "\"") else { throw fault("expected a key") }
            let key = try text()
            skipBlanks()
            guard skip(":") else { throw fault("expected a colon") }
            members.append(JSONMember(key: key, value: try value(depth: depth)))
            skipBlanks()
            if skip("}") { break }
            guard skip(",") else { throw fault("expected a comma or }") }
        }
        let keys = members.map { Array($0.key.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        if let twice = zip(keys, keys.dropFirst()).first(where: { $0 == $1 }) {
            throw fault("the key \"\(String(decoding: twice.0, as: UTF8.self))\" stands twice")
        }
        return .object(members)
    }
}

// Text

extension StrictJSONReader {
    private mutating func text() throws(JSONFault) -> String {
        at += 1
        var decoded: [UInt8] = []
        while true {
            guard let byte else { throw fault("the text ends inside a string") }
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw fault("a control character in a string") }
            at += 1
            if byte == UInt8(ascii: "\\") {
                decoded.append(contentsOf: try escaped())
            } else {
                decoded.append(byte)
            }
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw fault("a string that isn't UTF-8")
        }
        at += 1
        return text
    }

    /// The bytes for what follows a backslash.
    private mutating func escaped() throws(JSONFault) -> [UInt8] {
        guard let letter = byte else { throw fault("the text ends inside a string") }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            guard let scalar = Unicode.Scalar(try codePoint()) else {
                throw fault("a surrogate without its partner")
            }
            return Array(String(Character(scalar)).utf8)
        default: throw fault("an unknown escape")
        }
    }

    /// The code point of `\uXXXX` or of a pair of them, the first `\u` read already.
    private mutating func codePoint() throws(JSONFault) -> UInt32 {
        let high = try fourDigits()
        guard (0xD800...0xDBFF).contains(high), skip("\\"), skip("u") else { return high }
        let low = try fourDigits()
        guard (0xDC00...0xDFFF).contains(low) else {
            throw fault("a surrogate without its partner")
        }
        return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func fourDigits() throws(JSONFault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("an escape without four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }
}
