/// What a client makes of the head of an answer.
enum Judgement: Hashable {
    /// A body of these bytes follows.
    case body(Range<Int64>)
    /// Go on and send the body.
    case goOn
    /// An answer that means nothing by itself: another follows.
    case interim
    /// What was sent was taken.
    case taken
    /// The document is still the one that was named.
    case unchanged
    /// The exchange is over.
    case end(End)

    /// What an answer must be to be believed.
    enum Wanted: Hashable {
        /// This range, or a beginning of it; all of the file where it begins at 0 and is as long.
        case range(Range<Int64>)
        /// All of a document, at most so long; nothing of it when that was a condition.
        case document(maxBytes: Int64, isConditional: Bool)
        /// A body is sent.
        case acceptance
    }

    /// Judges by the rules of RFC 9110 and 9112, strictly: what two readers could read differently
    /// is refused.
    init(_ head: ResponseHead, wanted: Wanted) {
        do {
            self = try Judgement.judge(head, wanted)
        } catch {
            self = .end(.malformed(error.text))
        }
    }

    private static func judge(_ head: ResponseHead, _ wanted: Wanted) throws(HeadFault)
        -> Judgement
    {
        switch head.status {
        case 100: return wanted == .acceptance ? .goOn : .interim
        case 101: throw HeadFault("a change of protocol")
        case 102...199: return .interim
        case 304:
            if case .document(_, isConditional: true) = wanted { return .unchanged }
            throw HeadFault("304 to a request without a condition")
        case 300...399: throw HeadFault("a redirect (\(head.status))")
        case 400...: return .end(.refused(status: head.status, retryAfterMs: try retry(head)))
        default: break
        }
        if head.fields.has("transfer-encoding") { throw HeadFault("a transfer-encoding") }
        if head.fields.has("content-encoding") { throw HeadFault("a content-encoding") }
        switch wanted {
        case .range(let asked): return .body(try range(head, asked))
        case .document(let maxBytes, _): return .body(try document(head, maxBytes))
        case .acceptance:
            guard head.status == 204 || (200...201).contains(head.status) else {
                throw HeadFault("status \(head.status) to what was sent")
            }
            return .taken
        }
    }

    private static func range(_ head: ResponseHead, _ asked: Range<Int64>) throws(HeadFault)
        -> Range<Int64>
    {
        guard let bytes = try head.fields.contentLength() else {
            throw HeadFault("no content-length")
        }
        let text = try head.fields.single("content-range")
        if head.status == 200 {
            guard text == nil else { throw HeadFault("a content-range with status 200") }
            guard asked.lowerBound == 0, bytes == asked.upperBound else {
                throw HeadFault("all \(bytes) bytes where a range was asked for")
            }
            return asked
        }
        guard head.status == 206 else { throw HeadFault("status \(head.status)") }
        guard let text else { throw HeadFault("206 without a content-range") }
        guard let range = ContentRange(text: text)?.range else {
            throw HeadFault("a content-range that is none: \(text.prefix(60))")
        }
        guard range.lowerBound == asked.lowerBound, range.upperBound <= asked.upperBound else {
            throw HeadFault("another range than was asked for: \(text.prefix(60))")
        }
        guard bytes == range.upperBound - range.lowerBound else {
            throw HeadFault("a content-length that isn't the range's")
        }
        return range
    }

    private static func document(_ head: ResponseHead, _ maxBytes: Int64) throws(HeadFault)
        -> Range<Int64>
    {
        guard head.status == 200 else { throw HeadFault("status \(head.status)") }
        guard let bytes = try head.fields.contentLength() else {
            throw HeadFault("no content-length")
        }
        guard bytes <= maxBytes else {
            throw HeadFault("a document of \(bytes) bytes where \(maxBytes) are allowed")
        }
        return 0..<bytes
    }

    /// `Retry-After` in seconds; 0 means very soon: 200 ms. A date is not read, nor a wait of more
    /// than a day.
    private static func retry(_ head: ResponseHead) throws(HeadFault) -> Int64? {
        guard let text = try head.fields.single("retry-after"), let seconds = decimal(text.utf8),
            seconds <= 86_400
        else { return nil }
        return seconds == 0 ? 200 : seconds * 1000
    }
}
