extension InputBuffer {
    /// Takes the next line off, without its line end.
    ///
    /// - Parameters:
    ///   - limit: bytes of the line that are kept; what is beyond is dropped, so that memory stays
    ///     bounded.
    ///   - read: where more comes from.
    /// - Returns: the line's head, and whether a line feed ended it.
    /// - Throws: what the input throws.
    mutating func takeLine(keeping limit: Int, _ read: ReadBytes) throws -> (
        [UInt8], isTerminated: Bool
    ) {
        var head: [UInt8] = []
        while true {
            let end = bytes[start...].firstIndex(of: lineFeed)
            head.append(contentsOf: bytes[start..<(end ?? bytes.count)].prefix(limit - head.count))
            consume((end.map { $0 + 1 } ?? bytes.count) - start)
            if end != nil || isWhole {
                if head.last == carriageReturn { head.removeLast() }
                return (head, end != nil)
            }
            try fill(from: read)
        }
    }

    /// Drops a UTF-8 byte-order mark and refuses those of other encodings; only at the beginning.
    mutating func skipByteOrderMark(of name: String, _ read: ReadBytes) throws {
        while unread < 3, !isWhole { try fill(from: read) }
        let mark = Array(bytes[start...].prefix(3))
        if mark == [0xEF, 0xBB, 0xBF] { return consume(3) }
        guard !mark.starts(with: [0xFF, 0xFE]), !mark.starts(with: [0xFE, 0xFF]) else {
            throw FeedError(
                code: "E_ENCODING", file: name, line: 1, message: "the file is UTF-16 text",
                hint: "export it as UTF-8")
        }
    }

    /// The first byte that isn't blank or a line end, which is not consumed; nil when the input
    /// ends without one.
    ///
    /// After a mebibyte of blanks it gives a blank, so that memory stays bounded.
    mutating func firstVisibleByte(_ read: ReadBytes) throws -> UInt8? {
        var looked = 0
        while true {
            let rest = bytes[(start + looked)...]
            if let byte = rest.first(where: { !isBlank($0) && $0 != lineFeed }) { return byte }
            looked = unread
            if isWhole { return nil }
            if looked > 1 << 20 { return bytes[start] }
            try fill(from: read)
        }
    }
}

/// Whether `byte` is a blank, a tab or a carriage return.
func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == carriageReturn }

/// Whether `bytes` are UTF-8 (RFC 3629).
func isValidUTF8(_ bytes: [UInt8]) -> Bool {
    (try? UTF8Span(validating: bytes.span)) != nil
}

/// What a file without anything in it is.
func emptyFile(_ name: String) -> FeedError {
    FeedError(
        code: "E_EMPTY", file: name, message: "the file is empty",
        hint: "an empty table still has a header line")
}
