// Values as catalogue feeds write them.

/// Bounds on a title, which bound what a feed can make the planner hold.
enum TitleLimits {
    /// The most bytes of all its files together: 10¹⁴, a hundred terabytes.
    static let bytes: Int64 = 100_000_000_000_000
    /// The most files, and the most aliases.
    static let count = 1000
    /// The longest identifier in bytes.
    static let identifierBytes = 1024
    /// Chunk sizes that may be stated, in bytes: so no title has 2³¹ chunks.
    static let chunkBytes: ClosedRange<Int64> = 4096...1_073_741_824
}

/// `text` without blanks and line breaks around it.
func trimmed(_ text: String) -> String {
    if let first = text.utf8.first, let last = text.utf8.last, (33...126).contains(first),
        (33...126).contains(last)
    {
        return text
    }
    let isOuter = { (c: Character) in c.isWhitespace }
    return String(text.drop(while: isOuter).reversed().drop(while: isOuter).reversed())
}

/// Digits in `range`; nil for anything else.
func wholeNumber(_ text: String, in range: ClosedRange<Int64>) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy(isDigit), let value = Int64(text) else { return nil }
    return range.contains(value) ? value : nil
}

/// A hexadecimal digest without blanks, in lower case; nil when its length is that of no known
/// kind.
///
/// 32 digits are MD5, 40 SHA-1, 64, 96 and 128 SHA-2.
func checksum(_ text: String) -> String? {
    let digits = text.lowercased().filter { !$0.isWhitespace }
    let isHex = digits.utf8.allSatisfy { isDigit($0) || (97...102).contains($0) }
    return isHex && [32, 40, 64, 96, 128].contains(digits.utf8.count) ? digits : nil
}

/// A name for people: blanks folded, no control characters.
///
/// Text that says it is ISO 8859-1 and is windows-1252 shows as the controls
/// U+0080 to U+009F; they become what was meant (WHATWG Encoding, windows-1252).
func displayName(_ text: String) -> String {
    if isPlain(text) { return text }
    var name = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0..<0x20, 0x7F: name.append(" ")
        case 0x80...0x9F: name.append(windows1252[Int(scalar.value) - 0x80])
        default: name.append(scalar)
        }
    }
    return String(name).split(separator: " ").joined(separator: " ")
}

/// Printable ASCII without blanks at its ends and without two in a row.
private func isPlain(_ text: String) -> Bool {
    var last: UInt8 = 32
    for byte in text.utf8 {
        guard byte >= 32, byte < 127, byte != 32 || last != 32 else { return false }
        last = byte
    }
    return last != 32
}

/// Windows-1252 from 0x80 to 0x9F; blanks where nothing is defined.
private let windows1252 = Array(
    "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ".unicodeScalars)

/// Whether `text` can be an identifier: not empty, not too long, no control characters.
func isIdentifier(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= TitleLimits.identifierBytes
        && (text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            || text.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
            })
}

/// ISO 3166 codes separated by blanks or commas, upper-cased, ascending, each once; nil when one
/// isn't a code or none is there.
func territoryCodes(_ text: String) -> [String]? {
    let codes = text.utf8.split { isBlank($0) || $0 == lineFeed || $0 == UInt8(ascii: ",") }
        .map { territoryCode(Array($0)) }
    let known = codes.compactMap { $0 }
    return known.isEmpty || known.count < codes.count ? nil : Set(known).sorted()
}

/// `text`, cut to what a message can hold, without control characters.
func shown(_ text: String) -> String {
    let clean = displayName(text)
    return clean.count > 60 ? "'\(clean.prefix(60))…'" : "'\(clean)'"
}
