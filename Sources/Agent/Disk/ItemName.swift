/// Which names may stand for an item on a disk or in a request.
enum ItemName {
    /// Whether `text` is formed like an item key: `title@version`, at most 200 bytes of letters,
    /// digits, `.`, `_`, `-`, `~` and `@`, not beginning with `.` or `-`; a shortened one, which
    /// has exactly 200 bytes, may have lost its at-sign.
    ///
    /// So it names a file in the folder that it is looked up in, and nothing else.
    static func isSafe(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard (3...200).contains(bytes.count), let first = bytes.first,
            first != UInt8(ascii: "."), first != UInt8(ascii: "-")
        else { return false }
        return (bytes.contains(UInt8(ascii: "@")) || bytes.count == 200)
            && bytes.allSatisfy(isPlain)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 64...90, 97...122: true
        default: [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
        }
    }
}
