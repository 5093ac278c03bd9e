/// A document as it streams in, cut into tags.
struct XMLInput: ~Copyable {
    private let name: String
    private var input: Input

    init(name: String, limits: InputLimits) {
        self.name = name
        self.input = Input(name: name, limits: limits)
    }

    /// Reads the document to its end.
    ///
    /// - Parameters:
    ///   - read: gives the next piece of the file, empty at its end.
    ///   - take: gets each tag in order.
    /// - Throws: `FeedError` when it isn't a whole, well-formed document; what `read` and `take`
    ///   throw.
    mutating func parse(from read: ReadBytes, _ take: (XMLEvent) throws -> Void) throws {
        let head = try beginning(from: read)
        let parser = try XMLPushParser(name: name, head: head)
        try parser.parse(head.dropFirst(4), take)
        while head.count >= 4 {
            let piece = try input.next(from: read)
            if piece.isEmpty { break }
            try parser.parse(piece[...], take)
        }
        try parser.finish(take)
    }

    /// The first bytes, something visible among them: at least four, or the whole input.
    private mutating func beginning(from read: ReadBytes) throws -> [UInt8] {
        var head: [UInt8] = []
        while head.count < 4 || !head.contains(where: isVisible) {
            let piece = try input.next(from: read)
            head += piece
            guard !piece.isEmpty else { break }
            guard head.count < 1 << 20 else { break }
        }
        guard head.contains(where: isVisible) else { throw emptyDocument }
        return head
    }

    private var emptyDocument: FeedError {
        FeedError(
            code: "E_EMPTY", file: name, message: "the file is empty",
            hint: "a catalogue without titles is still an XML document")
    }
}

private func isVisible(_ byte: UInt8) -> Bool { !isBlank(byte) && byte != lineFeed }
