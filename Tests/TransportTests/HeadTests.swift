import Quantities
import Testing

@testable import Transport

/// The heads of HTTP/1, read strictly.
struct HeadTests {
    private static func scan(_ text: String, maxBytes: Int = 1000) -> Result<Int?, HeadFault> {
        var scanner = HeadScanner(maxBytes: maxBytes)
        do {
            return .success(try Array(text.utf8).withUnsafeBytes { try scanner.take($0) })
        } catch {
            return .failure(error as? HeadFault ?? HeadFault("\(error)"))
        }
    }

    @Test(arguments: [
        ("\r\n", 2), ("a\r\n\r\n", 5), ("a\r\nb\r\n\r\nrest", 8), ("a\r\n\r\n\r\n", 5),
        ("a\r\n\r\n\n", 5),
    ])
    func `the end of a head is found, whatever follows`(text: String, end: Int) {
        #expect(HeadTests.scan(text) == .success(end))
    }

    @Test(arguments: [
        ("a\n", "an LF without CR"), ("a\r\r\n", "a CR without LF"), ("a\rb", "a CR without LF"),
        ("a\0", "a zero byte"), ("\n", "an LF without CR"), ("a\r\n\n", "an LF without CR"),
    ])
    func `what can't become a head is refused before it ends`(text: String, fault: String) {
        #expect(HeadTests.scan(text) == .failure(HeadFault(fault + " in the head")))
    }

    @Test func `a head is as long as allowed and no longer`() {
        let head = "a: " + String(repeating: "b", count: 20) + "\r\n\r\n"
        #expect(HeadTests.scan(head, maxBytes: head.utf8.count) == .success(head.utf8.count))
        #expect(
            HeadTests.scan(head, maxBytes: head.utf8.count - 1)
                == .failure(HeadFault("a head of more than \(head.utf8.count - 1) bytes")))
    }

    @Test func `the end is found however the bytes are split`() throws {
        let text = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\nbody".utf8)
        for first in 0...text.count {
            for second in first...text.count {
                var scanner = HeadScanner(maxBytes: 100)
                var end: Int?
                var before = 0
                for part in [text[..<first], text[first..<second], text[second...]] {
                    guard end == nil else { break }
                    let found = try part.withUnsafeBytes { try scanner.take($0) }
                    if let found { end = before + found } else { before += part.count }
                }
                #expect(end == 27)
            }
        }
    }

    @Test func `a request is read`() throws {
        let head = try RequestHead(
            Array("GET /a?b HTTP/1.1\r\nHost: x:1\r\nRANGE:bytes=0-1\t \r\nEmpty:\r\n\r\n".utf8))
        #expect(head.method == "GET" && head.target == "/a?b" && head.minorVersion == 1)
        #expect(
            head.fields == [
                Field("Host", "x:1"), Field("RANGE", "bytes=0-1"), Field("Empty", ""),
            ])
        #expect(try head.fields.single("range") == "bytes=0-1")
        #expect(try head.fields.single("none") == nil)
    }

    @Test(arguments: [
        ("HTTP/1.1 206 Partial Content", 206, "Partial Content"), ("HTTP/1.1 200 ", 200, ""),
        ("HTTP/1.0 404", 404, ""), ("HTTP/1.1 599 Gr\u{fc}n", 599, "Gr\u{fc}n"),
    ])
    func `a status line is read`(line: String, status: Int, reason: String) throws {
        let bytes = line.unicodeScalars.map { UInt8($0.value) } + Array("\r\n\r\n".utf8)
        let head = try ResponseHead(bytes)
        #expect(head.status == status && head.reason == reason)
    }

    @Test(arguments: [
        "HTTP/2 200 OK", "HTTP/1.1  200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1",
        "HTTP/1.1 +20 OK", "http/1.1 200 OK", "HTTP/1.1 600 OK", "HTTP/1.1 099 OK",
        "HTTP/1.1 200 O\u{7f}K", "", "HTTP/1.1\t200 OK", "ICY 200 OK",
    ])
    func `a status line that is none is refused`(line: String) {
        #expect(throws: HeadFault.self) { try ResponseHead(Array((line + "\r\n\r\n").utf8)) }
    }

    @Test(arguments: [
        "GET / HTTP/1.1 ", "GET  / HTTP/1.1", "GET / HTTP/1.2", "GET /\u{e9} HTTP/1.1",
        "G(T / HTTP/1.1", "GET / http/1.1", "GET /", " GET / HTTP/1.1", "GET\t/ HTTP/1.1",
    ])
    func `a request line that is none is refused`(line: String) {
        #expect(throws: HeadFault.self) { try RequestHead(Array((line + "\r\n\r\n").utf8)) }
    }

    @Test(arguments: [
        " folded", "\tfolded", "no colon", ": no name", "a b: c", "a : c", "a\u{e9}: c",
        "a: \u{7f}", "a: b\u{1}", "(a): b",
    ])
    func `a line that is no field is refused`(line: String) {
        let head = "HTTP/1.1 200 OK\r\nA: b\r\n\(line)\r\n\r\n"
        #expect(throws: HeadFault.self) { try ResponseHead(Array(head.utf8)) }
    }

    @Test func `a repeated field is no single one`() throws {
        let fields = [Field("A", "1"), Field("a", "1")]
        #expect(throws: HeadFault("a is repeated")) { try fields.single("a") }
        #expect(fields.has("a") && !fields.has("b"))
        #expect([Field("Connection", "keep-alive , Close")].lists("close", in: "connection"))
        #expect(![Field("Connection", "closed")].lists("close", in: "connection"))
    }

    @Test(arguments: [
        "", "-1", "+1", "1 ", "0x1", "1,1", "1.0", "9999999999999999999", "\u{661}",
    ])
    func `a length that is no number is refused`(text: String) {
        #expect(throws: HeadFault.self) { try [Field("Content-Length", text)].contentLength() }
    }

    private static let names = ["Host", "range", "X-1", "a!#$%&'*+-.^_`|~", "Content-Length"]

    /// A head of up to nine fields, any bytes in their values that may stand there.
    private static func random(_ draw: inout SplitMix64) -> [Field] {
        (0..<draw.below(10)).map { _ in
            let bytes = (0..<draw.below(20)).map { _ in
                [UInt8(draw.below(95) + 32), 9, UInt8(draw.below(128) + 128)][draw.below(3)]
            }
            let value = Head.text(bytes[...])
            return Field(names[draw.below(names.count)], String(value[...].trimmingBlanks))
        }
    }

    @Test func `what is printed is read as it was, 2000 times`() throws {
        for seed in 0..<UInt64(1000) {
            var draw = SplitMix64(seed: seed)
            let request = RequestHead(
                method: "GET", target: "/\(seed)", minorVersion: draw.below(2),
                fields: HeadTests.random(&draw))
            #expect(try RequestHead(request.bytes) == request, "seed \(seed)")
            let response = ResponseHead(
                status: 100 + draw.below(500), reason: "so \u{e4}", minorVersion: draw.below(2),
                fields: HeadTests.random(&draw))
            #expect(try ResponseHead(response.bytes) == response, "seed \(seed)")
        }
    }

    @Test func `100000 mutations are refused, or read as they print`() throws {
        var accepted = 0
        var refused = 0
        for seed in 0..<UInt64(100_000) {
            var draw = SplitMix64(seed: seed)
            var bytes = HeadTests.mutated(&draw)
            var scanner = HeadScanner(maxBytes: 4096)
            do {
                let end = try bytes.withUnsafeBytes { try scanner.take($0) }
                guard let end else { continue }
                bytes = Array(bytes[..<end])
                if seed % 2 == 0 {
                    let head = try RequestHead(bytes)
                    #expect(try RequestHead(head.bytes) == head, "seed \(seed)")
                    _ = try? Enquiry(head)
                } else {
                    let head = try ResponseHead(bytes)
                    #expect(try ResponseHead(head.bytes) == head, "seed \(seed)")
                    _ = Judgement(head, wanted: .range(0..<100))
                }
                accepted += 1
            } catch {
                refused += 1
            }
        }
        // Neither is all there is, so that both ways were taken.
        #expect(accepted > 5000 && refused > 5000)
    }

    private static let seeds = [
        "GET /item HTTP/1.1\r\nHost: a\r\nRange: bytes=0-99\r\nAuthorization: Bearer 00\r\n\r\n",
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-99/100\r\n"
            + "Content-Length: 100\r\nConnection: keep-alive\r\n\r\n",
    ].map { Array($0.utf8) }

    /// A good head with one to four bytes changed, taken out, doubled or exchanged.
    private static func mutated(_ draw: inout SplitMix64) -> [UInt8] {
        var bytes = seeds[draw.below(2)]
        for _ in 0...draw.below(4) {
            let place = draw.below(bytes.count)
            switch draw.below(5) {
            case 0: bytes[place] = UInt8(draw.below(256))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[place], at: place)
            case 3: bytes.swapAt(place, draw.below(bytes.count))
            default: bytes.insert([13, 10, 32, 58, 0, 9, 44][draw.below(7)], at: place)
            }
        }
        return bytes
    }
}
