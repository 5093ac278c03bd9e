/// How an input is compressed, told by its first bytes, never by its name.
enum Compression {
    case none
    /// RFC 1952, one member or several.
    case gzip
    /// RFC 8878, one frame or several, skippable frames among them.
    case zstd

    /// How many bytes tell it.
    static let magicBytes = 6

    /// - Parameters:
    ///   - head: the first ``magicBytes`` bytes, fewer when the input is shorter.
    ///   - name: the file, for messages.
    /// - Throws: `FeedError` for formats that aren't read.
    init(of head: [UInt8], name: String) throws {
        let unread: [(String, [UInt8])] = [
            ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), ("bzip2", Array("BZh".utf8)),
            ("a zip archive", [0x50, 0x4B, 0x03, 0x04]), ("lz4", [0x04, 0x22, 0x4D, 0x18]),
        ]
        if let (format, _) = unread.first(where: { head.starts(with: $0.1) }) {
            throw FeedError(
                code: "E_COMPRESSION", file: name,
                message: "the file is \(format), which isn't read",
                hint: "compress it with gzip or zstd, or not at all")
        }
        let isSkippable =
            head.count >= 4 && head[0] & 0xF0 == 0x50 && head[1...3] == [0x2A, 0x4D, 0x18]
        if head.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || isSkippable {
            self = .zstd
        } else {
            self = .none
        }
    }
}

/// Turns compressed bytes into plain ones, piece by piece.
protocol Decompressor: AnyObject {
    /// What the bytes of `input` from `at` on give, at most `limit` bytes; moves `at` on.
    ///
    /// Moves `at` or gives something, unless `at` is at the end of `input`; also then there may be
    /// something left.
    ///
    /// - Throws: `CompressionFault` when the input is damaged.
    func decompress(_ input: [UInt8], at: inout Int, limit: Int) throws -> [UInt8]
    /// Whether the input may end here.
    var isAtEnd: Bool { get }
}

/// Why compressed bytes are not what they should be.
struct CompressionFault: Error {
    var code: String
    var message: String
    var hint: String?
}
