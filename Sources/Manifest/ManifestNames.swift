import Quantities

/// The names under which items and devices lie on disks and at origins.
///
/// A name is ASCII, needs no quoting in a URL's path or a shell, never begins
/// with a dot or a hyphen, and is at most 200 bytes long. Different inputs give different
/// names (long ones up to a collision of SHA-256).
package enum ManifestNames {
    static let longest = 200

    /// The item key: `title@version`, both escaped.
    package static func item(title: String, version: String) -> String {
        shortened(escaped(title) + "@" + escaped(version), of: title + "\u{0}" + version)
    }

    /// The name of a device's folder or manifest.
    package static func device(_ id: String) -> String { shortened(escaped(id), of: id) }

    /// Letters, digits, `.`, `_` and `-` stay (not a first `.` or `-`); every other byte of the
    /// UTF-8 is `~` and two hexadecimal digits.
    static func escaped(_ text: String) -> String {
        if text.utf8.enumerated().allSatisfy({ isPlain($1, first: $0 == 0) }) { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for (position, byte) in text.utf8.enumerated() {
            if isPlain(byte, first: position == 0) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "~"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What was escaped; nil for what ``escaped(_:)`` doesn't give.
    static func unescaped(_ name: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = name.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            guard let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        let text = String(validating: bytes, as: UTF8.self)
        return text.flatMap { escaped($0) == name ? $0 : nil }
    }

    /// Whether every byte may stand in a name.
    static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy { isPlain($0, first: false) || [0x40, 0x7E].contains($0) }
    }

    /// Whether a text is formed like a name that was too long.
    static func isShortened(_ text: String) -> Bool {
        guard text.utf8.count == longest else { return false }
        let end = String(decoding: text.utf8.suffix(66), as: UTF8.self)
        return Digest(hex: String(end.dropFirst(2))).map { "~~" + $0.hex == end } ?? false
    }

    /// Whether a text is `host:port` or, for IPv6, `[address]:port`.
    static func isAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
        let host = bytes[..<colon]
        let digits = bytes[(colon + 1)...]
        guard (1...5).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
            (1...65_535).contains(digits.reduce(0) { $0 * 10 + Int($1 - 48) })
        else { return false }
        let isBracketed = host.count > 2 && host.first == 0x5B && host.last == 0x5D
        return host.allSatisfy { (0x21..<0x7F).contains($0) && !"/@?#\\\"".utf8.contains($0) }
            && (isBracketed || !host.contains { [0x3A, 0x5B, 0x5D].contains($0) })
    }

    /// Where an item lies at an origin: `blobs/` and the SHA-256 of its bytes, or its key where
    /// that isn't known.
    static func isPath(_ text: String, ofItem key: String) -> Bool {
        guard text != key else { return true }
        guard text.hasPrefix("blobs/"), let digest = Digest(hex: String(text.dropFirst(6)))
        else { return false }
        return text == "blobs/" + digest.hex
    }

    private static func isPlain(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"): !first
        default: false
        }
    }

    /// A name that is too long keeps its beginning and gets `~~` and the SHA-256 of the whole.
    private static func shortened(_ name: String, of whole: String) -> String {
        guard name.utf8.count > longest else { return name }
        let beginning = name.utf8.prefix(longest - 66)
        return String(decoding: beginning, as: UTF8.self) + "~~" + sha256(Array(whole.utf8)).hex
    }
}
