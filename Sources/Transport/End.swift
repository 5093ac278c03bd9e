import Glibc

/// How an exchange ended.
package enum End: Hashable, Sendable {
    /// All that was asked for came, or went.
    case complete
    /// The other end sent a shorter beginning of the range, properly ended.
    case short
    /// The other end answered, but not with data: its HTTP status, and when it wants to be asked
    /// again; nil: it didn't say.
    case refused(status: Int, retryAfterMs: Int64?)
    /// No connection could be opened, or the name has no address.
    case unreachable
    /// The connection broke.
    case cut
    /// Nothing moved for too long, although the pace allowed it.
    case stalled
    /// The other end doesn't keep to the protocol; what it did, in words.
    case malformed(String)
    /// The file that was to be sent can't be read, or is shorter than it should be.
    case unreadable
    /// This end gave it up.
    case cancelled
}

/// How a request for a whole document ended.
package enum DocumentEnd: Hashable, Sendable {
    /// Its bytes, and the validator to ask with the next time, where the other end gave one.
    case document([UInt8], etag: String?)
    /// It is still the one that the given validator named.
    case unchanged
    /// It did not come. Never ``End/complete`` or ``End/short``.
    case failed(End)
}

/// Why something can't be set up: what was tried, and the system's reason.
package struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence without a full stop.
    package var description: String

    package init(_ description: String) { self.description = description }
}

extension TransportError {
    /// What failed, and why: the system's last error.
    static func system(_ what: String, _ number: Int32 = errno) -> TransportError {
        TransportError("\(what): \(String(cString: strerror(number)))")
    }
}
