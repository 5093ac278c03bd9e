import Testing

@testable import Transport

/// What a client makes of heads of answers, and a server of heads of requests.
struct JudgementTests {
    private static func head(_ status: Int, _ lines: String...) -> ResponseHead {
        ResponseHead(
            status: status, reason: "",
            fields: lines.map { line in
                let parts = line.split(separator: ": ", maxSplits: 1)
                return Field(String(parts[0]), String(parts[1]))
            })
    }

    private static let asked = Judgement.Wanted.range(10..<20)

    @Test func `a range is believed when range and length agree with what was asked`() {
        for last in 10..<20 {
            let head = Self.head(
                206, "Content-Range: bytes 10-\(last)/30", "Content-Length: \(last - 9)")
            #expect(Judgement(head, wanted: Self.asked) == .body(10..<Int64(last + 1)))
        }
        let whole = Self.head(200, "Content-Length: 20")
        #expect(Judgement(whole, wanted: .range(0..<20)) == .body(0..<20))
        let star = Self.head(206, "content-range: bytes 10-19/*", "content-length: 10")
        #expect(Judgement(star, wanted: Self.asked) == .body(10..<20))
    }

    static let refused: [(ResponseHead, String)] = [
        (head(206, "Content-Length: 10"), "206 without a content-range"),
        (head(206, "Content-Range: bytes 10-19/30"), "no content-length"),
        (head(206, "Content-Range: bytes 10-19/30", "Content-Length: 9"), "isn't the range's"),
        (head(206, "Content-Range: bytes 10-19/30", "Content-Length: 11"), "isn't the range's"),
        (head(206, "Content-Range: bytes 9-18/30", "Content-Length: 10"), "another range"),
        (head(206, "Content-Range: bytes 11-19/30", "Content-Length: 9"), "another range"),
        (head(206, "Content-Range: bytes 10-20/30", "Content-Length: 11"), "another range"),
        (head(206, "Content-Range: bytes 10-19/19", "Content-Length: 10"), "that is none"),
        (head(206, "Content-Range: bytes 19-10/30", "Content-Length: 10"), "that is none"),
        (head(206, "Content-Range: bytes=10-19/30", "Content-Length: 10"), "that is none"),
        (head(206, "Content-Range: bytes */30", "Content-Length: 10"), "that is none"),
        (
            head(
                206, "Content-Range: bytes 10-19/30", "Content-Length: 10", "Content-Length: 10"),
            "content-length is repeated"
        ),
        (
            head(
                206, "Content-Range: bytes 10-19/30", "Content-Range: bytes 10-19/30",
                "Content-Length: 10"), "content-range is repeated"
        ),
        (
            head(
                206, "Content-Range: bytes 10-19/30", "Content-Length: 10",
                "Transfer-Encoding: chunked"), "transfer-encoding"
        ),
        (
            head(
                206, "Content-Range: bytes 10-19/30", "Content-Length: 10",
                "Content-Encoding: gzip"), "content-encoding"
        ),
        (head(200, "Content-Length: 30"), "all 30 bytes"),
        (head(200, "Content-Length: 10"), "all 10 bytes"),
        (head(200, "Content-Range: bytes 10-19/30", "Content-Length: 10"), "with status 200"),
        (head(200), "no content-length"), (head(204), "no content-length"),
        (head(204, "Content-Length: 10"), "status 204"),
        (head(301, "Location: /x", "Content-Length: 0"), "a redirect (301)"),
        (head(307, "Location: /x"), "a redirect (307)"), (head(304), "without a condition"),
        (head(101, "Upgrade: h2c"), "a change of protocol"),
        (head(503, "Retry-After: 1", "Retry-After: 2"), "retry-after is repeated"),
    ]

    @Test(arguments: refused)
    func `an answer that could be read in two ways is refused by name`(
        head: ResponseHead, words: String
    ) {
        guard case .end(.malformed(let text)) = Judgement(head, wanted: Self.asked) else {
            Issue.record("not refused: \(words)")
            return
        }
        #expect(text.contains(words))
    }

    @Test(
        arguments: [
            ("0", 200), ("1", 1000), ("86400", 86_400_000), ("86401", nil), ("-1", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Int64?)])
    func `a refusal says when to ask again`(text: String, wait: Int64?) {
        let head = Self.head(503, "Retry-After: \(text)")
        #expect(
            Judgement(head, wanted: Self.asked)
                == .end(.refused(status: 503, retryAfterMs: wait)))
    }

    @Test func `a document has a length within bounds, or is unchanged when asked so`() {
        let wanted = Judgement.Wanted.document(maxBytes: 5, isConditional: true)
        #expect(Judgement(Self.head(200, "Content-Length: 5"), wanted: wanted) == .body(0..<5))
        #expect(Judgement(Self.head(200, "Content-Length: 0"), wanted: wanted) == .body(0..<0))
        #expect(Judgement(Self.head(304), wanted: wanted) == .unchanged)
        for head in [Self.head(200, "Content-Length: 6"), Self.head(200), Self.head(206)] {
            guard case .end(.malformed) = Judgement(head, wanted: wanted) else {
                Issue.record("believed: \(head)")
                continue
            }
        }
    }

    @Test func `what was sent is taken, refused, or goes on`() {
        #expect(Judgement(Self.head(100), wanted: .acceptance) == .goOn)
        #expect(Judgement(Self.head(103), wanted: .acceptance) == .interim)
        #expect(Judgement(Self.head(100), wanted: Self.asked) == .interim)
        #expect(Judgement(Self.head(204), wanted: .acceptance) == .taken)
        #expect(
            Judgement(Self.head(409), wanted: .acceptance)
                == .end(.refused(status: 409, retryAfterMs: nil)))
    }

    private static func enquiry(_ lines: String) -> Result<Enquiry, Enquiry.Refusal> {
        Result { () throws(Enquiry.Refusal) in
            do {
                return try Enquiry(RequestHead(Array((lines + "\r\n\r\n").utf8)))
            } catch let refusal as Enquiry.Refusal {
                throw refusal
            } catch {
                throw Enquiry.Refusal(status: 0)
            }
        }
    }

    @Test func `a request is understood`() throws {
        let get = try Self.enquiry(
            "GET /a%2fb%20?x HTTP/1.1\r\nHost: a\r\nRange: bytes=5-\r\nAuthorization: bearer t k"
        ).get()
        #expect(get.path == "/a/b " && get.askedRange == .from(5, through: nil))
        #expect(get.token == "t k" && !get.closes && !get.expectsGoOn)
        let put = try Self.enquiry(
            "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Range: bytes 1-3/9\r\n"
                + "Expect: 100-Continue\r\nConnection: close"
        ).get()
        #expect(put.content == ContentRange(1..<4, totalBytes: 9) && put.contentBytes == 3)
        #expect(put.closes && put.expectsGoOn)
        let old = try Self.enquiry("HEAD / HTTP/1.0\r\nRange: bytes=0-1").get()
        #expect(old.closes && old.askedRange == nil)
    }

    @Test(arguments: [
        ("POST / HTTP/1.1\r\nHost: a", 405), ("GET / HTTP/1.1", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a", 400),
        ("GET http://a/ HTTP/1.1\r\nHost: a", 400), ("GET * HTTP/1.1\r\nHost: a", 400),
        ("GET /%4 HTTP/1.1\r\nHost: a", 400), ("GET /%zz HTTP/1.1\r\nHost: a", 400),
        ("GET /%00 HTTP/1.1\r\nHost: a", 400), ("GET /%ff HTTP/1.1\r\nHost: a", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked", 501),
        ("GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\nRange: bytes=2-3", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea", 417),
        ("PUT / HTTP/1.1\r\nHost: a", 411),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0", 400),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3", 400),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Range: bytes 1-4/9", 400),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Range: x", 400),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Encoding: gzip", 400),
    ])
    func `a request that could be read in two ways is refused`(lines: String, status: Int) {
        #expect(Self.enquiry(lines) == .failure(Enquiry.Refusal(status: status)))
    }

    @Test(
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=0-", 0..<10), ("bytes=9-99", 9..<10),
            ("bytes=-3", 7..<10),
            ("bytes=-99", 0..<10), ("bytes=10-", nil), ("bytes=-0", nil),
        ] as [(String, Range<Int64>?)])
    func `a range is cut to what there is`(text: String, range: Range<Int64>?) throws {
        #expect(try #require(AskedRange(text: text)).within(10) == range)
    }

    @Test(arguments: [
        "bytes=", "bytes=-", "bytes=1-0", "bytes=0-1,2-3", "bytes 0-1", "items=0-1", "bytes=a-1",
        "bytes=0-1 ", "bytes= 0-1", "bytes=0--1",
    ])
    func `a range that is no single one is none`(text: String) {
        #expect(AskedRange(text: text) == nil)
    }

    @Test func `content ranges are printed as they are read`() {
        for text in ["bytes 0-0/1", "bytes 5-9/*", "bytes 0-99999999999/100000000000"] {
            #expect(ContentRange(text: text)?.text == text)
        }
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    ])
    func `times are written as HTTP wants them`(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds: seconds) == text)
    }

    @Test(arguments: [
        ("a:1", "a", 1), ("127.0.0.1:65535", "127.0.0.1", 65535), ("[::1]:80", "::1", 80),
    ])
    func `addresses are read and printed`(text: String, host: String, port: UInt16) {
        let address = Address(text: text)
        #expect(address == Address(host: host, port: port))
        #expect(address?.description == text)
    }

    @Test(arguments: [
        "", "a", ":1", "a:", "a:65536", "a:-1", "::1:80", "[::1]", "[::1]80", "[a]:1", "a b:1",
        "[::1:80", "a/b:1", "a:1x",
    ])
    func `what is no address is none`(text: String) {
        #expect(Address(text: text) == nil)
    }

    @Test func `a port may be left out where one is given`() {
        #expect(Address(text: "a", defaultPort: 80) == Address(host: "a", port: 80))
        #expect(Address(text: "[::1]", defaultPort: 80) == Address(host: "::1", port: 80))
    }
}
