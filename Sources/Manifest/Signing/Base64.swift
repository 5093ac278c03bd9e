/// The base 64 of RFC 4648, section 4, with padding.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let pad = UInt8(ascii: "=")

    static func encode(_ bytes: [UInt8]) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var word = 0
            for place in 0..<3 {
                word = word << 8 | (place < count ? Int(bytes[start + place]) : 0)
            }
            for place in 0..<4 {
                encoded.append(place <= count ? alphabet[word >> (18 - 6 * place) & 63] : pad)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The bytes of a whole encoding; nil for blanks, wrong padding, or bits that no encoder sets.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let padding = text.suffix(2).count { $0 == pad }
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        var word = 0
        var bits = 0
        for byte in text.dropLast(padding) {
            guard let digit = digit(byte) else { return nil }
            word = word << 6 | digit
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> bits))
                word &= 1 << bits - 1
            }
        }
        return word == 0 ? bytes : nil
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 65...90: Int(byte) - 65
        case 97...122: Int(byte) - 71
        case 48...57: Int(byte) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
