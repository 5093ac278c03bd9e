/// Identifies an exchange of a ``Client``; never used again.
package struct ExchangeID: Hashable, Sendable {
    /// Counts from 1.
    package let raw: Int64
}

/// A range to get.
package struct Pull: Hashable, Sendable {
    package var address: Address
    /// The target, percent-encoded; a leading slash is added where it lacks.
    package var path: String
    /// Bytes of the file; not empty.
    package var range: Range<Int64>
    /// Sent as `Authorization: Bearer`; nil: not sent.
    package var token: String?
    /// The sizes in bytes of the blocks that the range consists of, in order; their sum is the
    /// range's.
    package var blocks: [Int]
    package var pacing: Pacing

    package init(
        address: Address, path: String, range: Range<Int64>, token: String?, blocks: [Int],
        pacing: Pacing
    ) {
        self.address = address
        self.path = path
        self.range = range
        self.token = token
        self.blocks = blocks
        self.pacing = pacing
    }
}

/// A range of an open file to put.
package struct Push: Hashable, Sendable {
    package var address: Address
    /// The target, percent-encoded; a leading slash is added where it lacks.
    package var path: String
    /// Bytes of the thing that is sent; not empty.
    package var range: Range<Int64>
    /// The size of the whole thing.
    package var totalBytes: Int64
    /// Sent as `Authorization: Bearer`; nil: not sent.
    package var token: String?
    /// An open descriptor; stays open until the exchange has ended, and the caller's.
    package var file: Int32
    /// Where in the file the range begins, in bytes.
    package var fileOffset: Int64
    package var pacing: Pacing

    package init(
        address: Address, path: String, range: Range<Int64>, totalBytes: Int64, token: String?,
        file: Int32, fileOffset: Int64, pacing: Pacing
    ) {
        self.address = address
        self.path = path
        self.range = range
        self.totalBytes = totalBytes
        self.token = token
        self.file = file
        self.fileOffset = fileOffset
        self.pacing = pacing
    }
}
