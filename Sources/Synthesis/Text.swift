/// Bytes of a file in the making.
struct Text {
    private(set) var bytes: [UInt8] = []

    mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    static func += (text: inout Text, string: String) { text.bytes.append(contentsOf: string.utf8) }

    static func += (text: inout Text, bytes: [UInt8]) { text.bytes.append(contentsOf: bytes) }

    /// The decimal digits of `number`, with zeros in front up to `width`.
    mutating func append(_ number: Int64, width: Int = 1) {
        var rest = number.magnitude
        var digits: [UInt8] = []
        while rest > 0 || digits.count < width {
            digits.append(UInt8(48 + rest % 10))
            rest /= 10
        }
        if number < 0 { bytes.append(45) }
        bytes.append(contentsOf: digits.reversed())
    }

    /// One row of a table whose values need no quotes.
    mutating func row(_ fields: [String]) {
        for (position, field) in fields.enumerated() {
            if position > 0 { bytes.append(44) }
            bytes.append(contentsOf: field.utf8)
        }
        bytes.append(10)
    }

    /// `string` as XML character data or attribute value.
    mutating func escaped(_ string: String) {
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "&"): self += "&amp;"
            case UInt8(ascii: "<"): self += "&lt;"
            case UInt8(ascii: ">"): self += "&gt;"
            case UInt8(ascii: "\""): self += "&quot;"
            default: bytes.append(byte)
            }
        }
    }
}

extension String {
    /// `number` in decimal with zeros in front up to `width`.
    init(_ number: Int, width: Int) {
        let digits = String(number)
        self = String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
