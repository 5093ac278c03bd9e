/// Identifies a request that a ``Server`` got; never used again.
package struct RequestID: Hashable, Sendable {
    package let raw: Int64
}

/// What another end asks for.
package struct Request: Hashable, Sendable {
    /// The methods that a server knows; any other is answered 405.
    package enum Method: Hashable, Sendable {
        case get
        case head
        case put
    }

    package var id: RequestID
    package var method: Method
    /// The target's path with its percent-encoding undone, from the leading slash on, without the
    /// query.
    package var path: String
    /// Of a GET: the bytes asked for, `Int64.max` as the upper bound where none was given; nil: all
    /// of it. Of a PUT: the bytes that come; nil where there is no `Content-Range`.
    package var range: Range<Int64>?
    /// Of a PUT: the size of the whole thing, nil where it isn't told.
    package var totalBytes: Int64?
    /// What stands behind `Authorization: Bearer`; nil: nothing.
    package var token: String?
    /// What stands behind `If-None-Match`; nil: nothing.
    package var ifNoneMatch: String?
    /// Who asks.
    package var peer: Address
}

/// Answers other ends: HTTP/1.1 with kept connections and requests answered in order.
///
/// Each request is answered by exactly one of ``send(_:file:fileOffset:range:totalBytes:pacing:onEnd:)``,
/// ``document(_:_:)``, ``receive(_:blocks:pacing:onBlock:onEnd:)`` or
/// ``refuse(_:status:retryAfterMs:)``, at any later time, or hung up. Calls for a request that
/// is over are ignored, save that an `onEnd` given to them is called with ``End/cancelled``.
package final class Server {
    /// Called for each request.
    package var onRequest: (Request) -> Void = { _ in }
    /// Called when the asker went away before its request was answered.
    package var onGone: (RequestID) -> Void = { _ in }
    /// Where it listens, with the port that it got.
    package let address: Address

    /// Listens at an address (port 0: any free one), or says why it can't.
    package init(loop: EventLoop, line: Line, listen: Address, limits: Limits = Limits())
        throws(TransportError)
    {
        address = listen
    }

    /// Answers with a range of an open file: 206, or 200 when no range was asked for and all is
    /// sent. `fileOffset` is where in the file the range begins; the descriptor stays open until
    /// the end, and the caller's. The end tells the bytes of payload that went out.
    package func send(
        _ request: RequestID, file: Int32, fileOffset: Int64, range: Range<Int64>,
        totalBytes: Int64, pacing: Pacing, onEnd: @escaping (End, _ sentBytes: Int64) -> Void
    ) {}

    /// Answers with a small document.
    package func document(_ request: RequestID, _ bytes: [UInt8]) {}

    /// Takes the body of a PUT, as ``Client/pull(_:onBlock:onEnd:)`` takes an answer's, and answers
    /// 204 when all of it came. Hang up to refuse it half-way.
    package func receive(
        _ request: RequestID, blocks: [Int], pacing: Pacing,
        onBlock: @escaping (Int, UnsafeRawBufferPointer) -> Void,
        onEnd: @escaping (End, _ wasteBytes: Int64) -> Void
    ) {}

    /// Answers with a status and nothing else; `retryAfterMs` is rounded up to seconds, save that
    /// up to 500 ms it is 0, which peers read as "very soon".
    package func refuse(_ request: RequestID, status: Int, retryAfterMs: Int64? = nil) {}

    /// Closes the connection of a request; what is under way ends as ``End/cancelled``.
    package func hangUp(_ request: RequestID) {}

    /// Stops listening and closes all connections.
    package func close() {}
}
