import Quantities

/// Writes JSON that is in the canonical form of RFC 8785 (JCS) by construction.
///
/// The form asks for UTF-8, no blanks, members ordered by UTF-16 code units,
/// ECMAScript numbers and the shortest escapes. This writer takes ASCII keys in
/// ascending order (where bytes and code units order alike) and integers below
/// 2⁵³ (whose ECMAScript form is their digits), and traps on anything else, so
/// that the bytes that are signed never depend on who prints them.
///
/// Cost: linear in the bytes written.
struct CanonicalWriter {
    /// The greatest integer that every JSON reader keeps exact: 2⁵³ - 1.
    static let integerLimit: Int64 = 9_007_199_254_740_991

    /// What was written so far.
    private(set) var bytes: [UInt8] = []
    private var needsComma = false
    /// The last key of the open object; empty when it has none.
    private var lastKey = ""

    init(reservingBytes capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Forgets what was written and keeps its storage.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
        lastKey = ""
    }

    /// Adds bytes as they are, between two values: a line break of JSON Lines.
    mutating func rawByte(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = false
        lastKey = ""
    }
}

// Values

extension CanonicalWriter {
    mutating func value(_ integer: Int64) {
        precondition(
            integer.magnitude <= CanonicalWriter.integerLimit.magnitude,
            "an integer of a manifest is below 2⁵³")
        separate()
        bytes.append(contentsOf: String(integer).utf8)
    }

    mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func value(_ text: String) {
        separate()
        quote(text)
    }

    mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// RFC 3339 in UTC, to the second, quoted.
    mutating func value(_ instant: Instant) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(instant: instant)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func object(_ members: (inout CanonicalWriter) -> Void) {
        separate()
        let outerKey = lastKey
        lastKey = ""
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
        lastKey = outerKey
    }

    mutating func array<Element>(
        _ elements: [Element], _ write: (inout CanonicalWriter, Element) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        for element in elements { write(&self, element) }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }
}

// Members of the open object, in ascending order of their keys

extension CanonicalWriter {
    mutating func member(_ key: String, _ integer: Int64) {
        name(key)
        value(integer)
    }

    mutating func member(_ key: String, _ integer: Int32) { member(key, Int64(integer)) }

    mutating func member(_ key: String, _ flag: Bool) {
        name(key)
        value(flag)
    }

    mutating func member(_ key: String, _ text: String) {
        name(key)
        value(text)
    }

    mutating func member(_ key: String, _ instant: Instant) {
        name(key)
        value(instant)
    }

    mutating func member(_ key: String, object members: (inout CanonicalWriter) -> Void) {
        name(key)
        object(members)
    }

    mutating func member<Element>(
        _ key: String, array: [Element], _ write: (inout CanonicalWriter, Element) -> Void
    ) {
        name(key)
        self.array(array, write)
    }

    /// Writes the key alone; exactly one value must follow.
    mutating func name(_ key: String) {
        precondition(
            lastKey < key && key.utf8.allSatisfy { $0 < 0x80 },
            "the keys of an object are ASCII and ascend")
        lastKey = key
        separate()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }
}

// Bytes

extension CanonicalWriter {
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { escape(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The shortest escape (RFC 8785, section 3.2.2.2); bytes of other characters stay as they are.
    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0x22: bytes.append(contentsOf: #"\""#.utf8)
        case 0x5C: bytes.append(contentsOf: #"\\"#.utf8)
        case ..<0x20:
            bytes.append(contentsOf: byte < 0x10 ? #"\u000"#.utf8 : #"\u00"#.utf8)
            bytes.append(contentsOf: String(byte, radix: 16).utf8)
        default: bytes.append(byte)
        }
    }
}

extension [UInt8] {
    /// Appends `2026-11-23T20:15:00Z`; years 0 to 9999.
    mutating func append(instant: Instant) {
        let (year, month, day) = instant.utcDate.fields
        let second = Int(instant.seconds - instant.utcDate.startUTC.seconds)
        append(twoDigits: year / 100)
        append(twoDigits: year % 100)
        append(UInt8(ascii: "-"))
        append(twoDigits: month)
        append(UInt8(ascii: "-"))
        append(twoDigits: day)
        append(UInt8(ascii: "T"))
        append(twoDigits: second / 3600)
        append(UInt8(ascii: ":"))
        append(twoDigits: second / 60 % 60)
        append(UInt8(ascii: ":"))
        append(twoDigits: second % 60)
        append(UInt8(ascii: "Z"))
    }

    private mutating func append(twoDigits number: Int) {
        append(UInt8(48 + number / 10 % 10))
        append(UInt8(48 + number % 10))
    }
}
