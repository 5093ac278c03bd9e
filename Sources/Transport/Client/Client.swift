/// Identifies an exchange of a ``Client``; never used again.
package struct ExchangeID: Hashable, Sendable {
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

/// Asks other ends: strict HTTP/1.1 over kept connections.
///
/// Closures are called from the loop, never from within the call that names them; the last one of
/// an exchange is its `onEnd`.
package final class Client {
    package init(loop: EventLoop, line: Line, limits: Limits = Limits()) {}

    /// Gets a range. Each whole block is handed over with its place in `blocks`; the pointer is
    /// valid in that call only. The end tells bytes that came and were no whole block.
    @discardableResult
    package func pull(
        _ pull: Pull, onBlock: @escaping (Int, UnsafeRawBufferPointer) -> Void,
        onEnd: @escaping (End, _ wasteBytes: Int64) -> Void
    ) -> ExchangeID { ExchangeID(raw: 0) }

    /// Sends a range. The end tells the bytes of payload that went out.
    @discardableResult
    package func push(_ push: Push, onEnd: @escaping (End, _ sentBytes: Int64) -> Void)
        -> ExchangeID
    { ExchangeID(raw: 0) }

    /// Gets a whole document of at most `maxBytes`, unless it is still the one that `etag` names.
    @discardableResult
    package func document(
        _ address: Address, path: String, token: String? = nil, etag: String? = nil, maxBytes: Int,
        onEnd: @escaping (DocumentEnd) -> Void
    ) -> ExchangeID { ExchangeID(raw: 0) }

    /// Gives an exchange up: no block comes any more, and it ends as ``End/cancelled`` soon after.
    /// One that has ended is left alone.
    package func cancel(_ exchange: ExchangeID) {}
}
