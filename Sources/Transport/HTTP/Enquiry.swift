/// What a server makes of the head of a request: what is asked for, or the status that refuses it.
struct Enquiry: Hashable {
    /// Why a request is refused: the status. The connection is closed after it.
    struct Refusal: Error, Hashable {
        var status: Int
    }

    var method: Request.Method
    /// Percent-encoding undone, without the query.
    var path: String
    var askedRange: AskedRange?
    /// Of a PUT.
    var content: ContentRange?
    /// Of a PUT: above 0.
    var contentBytes: Int64 = 0
    var token: String?
    var ifNoneMatch: String?
    var ifRange: String?
    /// Whether the body waits for "100 Continue".
    var expectsGoOn: Bool
    /// Whether the connection is over with this exchange.
    var closes: Bool

    /// Judges strictly: a body where none belongs, a repeated field, a host that lacks are refused.
    init(_ head: RequestHead) throws(Refusal) {
        switch head.method {
        case "GET": method = .get
        case "HEAD": method = .head
        case "PUT": method = .put
        default: throw Refusal(status: 405)
        }
        closes = head.closes
        let fields = head.fields
        if fields.has("transfer-encoding") { throw Refusal(status: 501) }
        do {
            let host = try fields.single("host")
            if head.minorVersion > 0, host == nil { throw Refusal(status: 400) }
            path = try Enquiry.path(head.target)
            ifNoneMatch = try fields.single("if-none-match")
            ifRange = try fields.single("if-range")
            token = Enquiry.token(try fields.single("authorization"))
            let expectation = try fields.single("expect")
            expectsGoOn = expectation != nil
            if let expectation, !Field(expectation, "").isNamed("100-continue") {
                throw Refusal(status: 417)
            }
            let contentBytes = try fields.contentLength()
            if method == .put {
                content = try Enquiry.content(fields, contentBytes)
                self.contentBytes = contentBytes ?? 0
            } else {
                guard contentBytes ?? 0 == 0 else { throw Refusal(status: 400) }
                let text = try fields.single("range")
                askedRange = method == .get ? text.flatMap { AskedRange(text: $0) } : nil
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(status: 400)
        }
    }

    private static func content(_ fields: [Field], _ bytes: Int64?) throws -> ContentRange? {
        guard let bytes else { throw Refusal(status: 411) }
        guard bytes > 0 else { throw Refusal(status: 400) }
        if fields.has("content-encoding") { throw Refusal(status: 400) }
        guard let text = try fields.single("content-range") else { return nil }
        guard let content = ContentRange(text: text),
            content.range.upperBound - content.range.lowerBound == bytes
        else { throw Refusal(status: 400) }
        return content
    }

    /// What stands behind `Bearer`, RFC 6750, 2.1.
    private static func token(_ authorization: String?) -> String? {
        guard let authorization, authorization.utf8.count > 7,
            Field(String(authorization.prefix(7)), "").isNamed("bearer ")
        else { return nil }
        return String(authorization.dropFirst(7))
    }

    /// The path of a target in origin form, with its percent-encoding undone.
    private static func path(_ target: String) throws(Refusal) -> String {
        guard target.utf8.first == UInt8(ascii: "/") else { throw Refusal(status: 400) }
        var bytes: [UInt8] = []
        var rest = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(nibble),
                let low = rest.popFirst().flatMap(nibble), high > 0 || low > 0
            else { throw Refusal(status: 400) }
            bytes.append(high << 4 | low)
        }
        guard let path = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(status: 400)
        }
        return path
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
}
