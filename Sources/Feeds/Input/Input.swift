/// An input as plain bytes, whatever it was compressed with.
///
/// What it gives is bounded by ``InputLimits``; what it holds by the size of a
/// raw piece and ``pieceBytes``. It throws a `FeedError` when the input is damaged
/// or stops early, which is only known at its end: by then nearly all of its
/// plain bytes have been given.
struct Input: ~Copyable {
    /// About how many plain bytes are given at a time when the input is compressed.
    private static let pieceBytes = 256 << 10

    private let name: String
    private let limits: InputLimits
    private var raw: [UInt8] = []
    private var at = 0
    private var rawTotal: Int64 = 0
    private var total: Int64 = 0
    private var isWhole = false
    private var isTold = false
    private var decompressor: (any Decompressor)?

    /// - Parameters:
    ///   - name: the path as given, for messages.
    ///   - limits: see ``InputLimits``.
    init(name: String, limits: InputLimits) {
        self.name = name
        self.limits = limits
    }

    /// The next plain bytes; empty at the end.
    mutating func next(from read: ReadBytes) throws -> [UInt8] {
        if !isTold { try tell(from: read) }
        guard let decompressor else {
            var piece = raw
            raw = []
            if piece.isEmpty { piece = try readRaw(from: read) }
            try count(piece)
            return piece
        }
        var piece: [UInt8] = []
        while piece.isEmpty {
            if at == raw.count { (raw, at) = (try readRaw(from: read), 0) }
            let isLast = raw.isEmpty
            do {
                piece = try decompressor.decompress(raw, at: &at, limit: Input.pieceBytes)
            } catch let fault as CompressionFault {
                throw FeedError(
                    code: fault.code, file: name, message: fault.message, hint: fault.hint)
            }
            if isLast, piece.isEmpty {
                guard decompressor.isAtEnd else { throw truncated }
                return []
            }
        }
        try count(piece)
        return piece
    }

    /// Reads enough to tell the compression.
    private mutating func tell(from read: ReadBytes) throws {
        isTold = true
        while raw.count < Compression.magicBytes, !isWhole { raw += try readRaw(from: read) }
        switch try Compression(of: raw, name: name) {
        case .none: break
        case .gzip: decompressor = try GzipDecompressor()
        case .zstd: decompressor = try ZstdDecompressor()
        }
    }

    /// The next raw piece; empty at the end, after which `read` isn't called again.
    private mutating func readRaw(from read: ReadBytes) throws -> [UInt8] {
        guard !isWhole else { return [] }
        let piece = try read()
        isWhole = piece.isEmpty
        rawTotal += Int64(piece.count)
        return piece
    }

    private var truncated: FeedError {
        FeedError(
            code: "E_TRUNCATED", file: name, message: "the compressed file stops before its end",
            hint: "fetch it again; nothing of it was kept")
    }

    /// Counts plain bytes against the limits.
    private mutating func count(_ piece: [UInt8]) throws {
        total += Int64(piece.count)
        guard total <= limits.totalBytes else {
            throw FeedError(
                code: "E_TOO_LARGE", file: name,
                message: "the input is larger than \(limits.totalBytes) bytes")
        }
        guard total <= limits.freeBytes || total / limits.ratio <= rawTotal else {
            throw FeedError(
                code: "E_TOO_LARGE", file: name,
                message: "the input grows to more than \(limits.ratio) times its size",
                hint: "if it is what it should be, send it uncompressed")
        }
    }
}
