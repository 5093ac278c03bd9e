/// An input as plain bytes, whatever it was compressed with.
struct Input: ~Copyable {
    private let name: String
    private let limits: InputLimits
    private var total: Int64 = 0

    /// - Parameters:
    ///   - name: the path as given, for messages.
    ///   - limits: see ``InputLimits``.
    init(name: String, limits: InputLimits) {
        self.name = name
        self.limits = limits
    }

    /// The next plain bytes; empty at the end.
    mutating func next(from read: ReadBytes) throws -> [UInt8] {
        let piece = try read()
        total += Int64(piece.count)
        guard total <= limits.totalBytes else {
            throw FeedError(
                code: "E_TOO_LARGE", file: name,
                message: "the input is larger than \(limits.totalBytes) bytes")
        }
        return piece
    }
}
