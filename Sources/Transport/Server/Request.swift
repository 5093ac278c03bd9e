/// Identifies a request that a ``Server`` got; never used again.
package struct RequestID: Hashable, Sendable {
    /// Counts from 1.
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
    /// of it, or its last so many. Of a PUT: the bytes that come; nil without a `Content-Range`.
    package var range: Range<Int64>?
    /// Of a GET: the range as it was asked for.
    var askedRange: AskedRange?
    /// Of a PUT: the size of the whole thing, nil where it isn't told.
    package var totalBytes: Int64?
    /// Of a PUT: what comes; at least 1.
    package var contentBytes: Int64
    /// What stands behind `Authorization: Bearer`; nil: nothing.
    package var token: String?
    /// What stands behind `If-None-Match`; nil: nothing.
    package var ifNoneMatch: String?
    /// What stands behind `If-Range`.
    var ifRange: String?
    /// Who asks.
    package var peer: Address
}
