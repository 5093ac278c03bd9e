package import Quantities

// The spelling of text and times in JSON, shared by everything that is written here.

extension [UInt8] {
    /// Appends a JSON string with the shortest escapes (RFC 8785, section 3.2.2.2).
    package mutating func append(quoted text: String) {
        append(UInt8(ascii: "\""))
        let start = count
        append(contentsOf: text.utf8)
        for position in start..<count where [UInt8].mustEscape(self[position]) {
            removeSubrange(start...)
            for byte in text.utf8 { append(escaping: byte) }
            break
        }
        append(UInt8(ascii: "\""))
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C
    }

    /// Appends an integer's decimal digits.
    package mutating func append(decimal integer: Int64) {
        if integer < 0 { append(UInt8(ascii: "-")) }
        var rest = integer.magnitude
        var unit: UInt64 = 1
        while rest / unit >= 10 { unit *= 10 }
        while unit > 0 {
            append(UInt8(48 + rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    /// Bytes of characters beyond ASCII stay as they are.
    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case 0x08: append(contentsOf: #"\b"#.utf8)
        case 0x09: append(contentsOf: #"\t"#.utf8)
        case 0x0A: append(contentsOf: #"\n"#.utf8)
        case 0x0C: append(contentsOf: #"\f"#.utf8)
        case 0x0D: append(contentsOf: #"\r"#.utf8)
        case 0x22: append(contentsOf: #"\""#.utf8)
        case 0x5C: append(contentsOf: #"\\"#.utf8)
        case ..<0x20:
            append(contentsOf: byte < 0x10 ? #"\u000"#.utf8 : #"\u00"#.utf8)
            append(contentsOf: String(byte, radix: 16).utf8)
        default: append(byte)
        }
    }

    /// Appends `2026-11-23T20:15:00Z`; years 0 to 9999.
    package mutating func append(instant: Instant) {
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
