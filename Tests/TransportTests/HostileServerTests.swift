import Quantities
import Testing

@testable import Transport

/// A client of ours with servers that lie, stop, or talk too much.
struct HostileServerTests {
    private static func limits() -> Limits {
        var limits = Limits()
        limits.answerMs = 300
        limits.stallMs = 300
        limits.connectMs = 1000
        return limits
    }

    private static let head10 =
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n"

    @Test(arguments: [
        (
            "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
            "redirect"
        ),
        (
            "HTTP/1.1 206 x\r\nContent-Range: bytes 5-14/20\r\nContent-Length: 10\r\n\r\n0123456789",
            "another range"
        ),
        (
            head10 + "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n",
            "transfer-encoding"
        ),
        (head10 + "Content-Encoding: gzip\r\n\r\n0123456789", "content-encoding"),
        (head10 + "Content-Length: 11\r\n\r\n0123456789", "repeated"),
        (head10 + "A: b\r\n folded\r\n\r\n0123456789", "folded"),
        (head10 + "A: b\n\r\n0123456789", "LF without CR"),
        (head10 + "A: b\rc\r\n\r\n0123456789", "CR without LF"),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>sorry</html>",
            "no content-length"
        ),
        ("<html>sorry</html>\r\n\r\n", "no answer of HTTP/1"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", "all 5000 bytes"),
        (head10 + "\r\n01234567890", "bytes after the body"),
    ])
    func `an answer that isn't what was asked for is refused by name`(
        answer: String, words: String
    ) throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(loop: rig.loop, [.send(answer)])
        let pulled = rig.pull(puppet.address)
        guard case .malformed(let text) = pulled.end else {
            Issue.record("ended as \(String(describing: pulled.end))")
            return
        }
        #expect(text.contains(words), "\(text)")
    }

    @Test func `an error page is a refusal, and its body is not read on`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(
            loop: rig.loop, [.send("HTTP/1.1 404 Not Found\r\n\r\n"), .flood("<html>sorry</html>")])
        #expect(rig.pull(puppet.address).end == .refused(status: 404, retryAfterMs: nil))
        rig.run(forMs: 100)
        // No more than what the kernels hold.
        #expect(puppet.floodedBytes < 16 << 20)
        #expect(puppet.connectionCount == 1)
    }

    @Test func `of an endless body no more is taken than was announced`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(
            loop: rig.loop, [.send(Self.head10 + "\r\n"), .flood("0123456789")])
        let pulled = rig.pull(puppet.address)
        #expect(pulled.bytes == Array("0123456789".utf8))
        rig.run(forMs: 100)
        #expect(puppet.floodedBytes < 16 << 20)
    }

    @Test func `an endless head is refused at its limit`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(loop: rig.loop, [.send("HTTP/1.1 206 x\r\n"), .flood("A: b\r\n")])
        let pulled = rig.pull(puppet.address)
        #expect(pulled.end == .malformed("a head of more than 16384 bytes"))
    }

    @Test func `interim answers are passed over, but not for ever`() throws {
        let rig = try Rig(limits: Self.limits())
        let early = "HTTP/1.1 103 Early Hints\r\n\r\n"
        let puppet = try Puppet(
            loop: rig.loop, [.send(early + early + Self.head10 + "\r\n0123456789")],
            [.flood(early)])
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(rig.pull(puppet.address).isMalformed)
    }

    @Test(arguments: [[Step.end], [Step.reset]])
    func `a body that is cut ends as cut, with what came whole`(end: [Step]) throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(
            loop: rig.loop, [.send(Self.head10 + "\r\n0123456"), .pause(50)] + end)
        let pulled = rig.pull(puppet.address, blocks: [4, 6])
        #expect(pulled.end == .cut)
        #expect(pulled.bytes == Array("0123".utf8))
        #expect(pulled.wasteBytes == 3)
        #expect(puppet.connectionCount == 1)
    }

    @Test(arguments: [[Step.end], [Step.reset]])
    func `a new connection that is closed without an answer is cut, not retried`(end: [Step])
        throws
    {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(loop: rig.loop, end)
        #expect(rig.pull(puppet.address).end == .cut)
        #expect(puppet.connectionCount == 1)
    }

    @Test(arguments: [
        [], [Step.send("HTTP/1.1 206 Par")],
        [Step.send(head10 + "\r\n01234")], [Step.send(head10 + "\r\n")],
    ])
    func `a server that falls silent is stalled`(steps: [Step]) throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(loop: rig.loop, steps)
        #expect(rig.pull(puppet.address).end == .stalled)
    }

    @Test func `bytes that trickle are no stall, a head that trickles is one`() throws {
        let rig = try Rig(limits: Self.limits())
        let trickle = "0123456789".flatMap { [Step.send(String($0)), .pause(60)] }
        let slowHead = Self.head10.flatMap { [Step.send(String($0)), .pause(20)] }
        let puppet = try Puppet(
            loop: rig.loop, [.send(Self.head10 + "\r\n")] + trickle, slowHead)
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(rig.pull(puppet.address).end == .stalled)
    }

    @Test func `a kept connection that was closed meanwhile costs one retry`() throws {
        let rig = try Rig(limits: Self.limits())
        let good = Self.head10 + "\r\n0123456789"
        // The second request meets a connection that is closed in answer to it.
        let puppet = try Puppet(loop: rig.loop, [.send(good)], [.reset], [.send(good)], [.end])
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(puppet.connectionCount == 2)
        #expect(puppet.heads.count == 3 && puppet.heads[1] == puppet.heads[2])
        // The fourth too; the new one is closed again, and that is the end.
        #expect(rig.pull(puppet.address).end == .cut)
        #expect(puppet.connectionCount == 3)
    }

    @Test func `no retry once a byte of the answer came`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(
            loop: rig.loop, [.send(Self.head10 + "\r\n0123456789")],
            [.send("H"), .pause(50), .reset])
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(rig.pull(puppet.address).end == .cut)
        #expect(puppet.connectionCount == 1)
    }

    @Test func `a connection that says close, or more than was asked, is not used again`() throws {
        let rig = try Rig(limits: Self.limits())
        let good = Self.head10 + "\r\n0123456789"
        let closes = Self.head10 + "Connection: close\r\n\r\n0123456789"
        let puppet = try Puppet(
            loop: rig.loop, [.send(closes)], [.send(good), .pause(50), .send("more")],
            [.send(good)])
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(puppet.connectionCount == 2)
        rig.run(forMs: 150)
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(puppet.connectionCount == 3)
    }

    @Test func `an old server closes after each answer`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(
            loop: rig.loop,
            [
                .send(
                    "HTTP/1.0 206 x\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\n"),
                .send("0123456789"), .end,
            ])
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(rig.pull(puppet.address).end == .complete)
        #expect(puppet.connectionCount == 2)
    }

    @Test func `the request is what it should be, to the byte`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(loop: rig.loop, [.send(Self.head10 + "\r\n0123456789")])
        _ = rig.pull(puppet.address, path: "a/b~20c", token: "00ff")
        #expect(
            puppet.heads == [
                "GET /a/b~20c HTTP/1.1\r\nHost: \(puppet.address)\r\nAccept-Encoding: identity\r\n"
                    + "Connection: keep-alive\r\nAuthorization: Bearer 00ff\r\n"
                    + "Range: bytes=0-9\r\n\r\n"
            ])
    }

    @Test func `a path that would break the request is not sent`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(loop: rig.loop, [.end])
        #expect(rig.pull(puppet.address, path: "/a b").isMalformed)
        #expect(rig.pull(puppet.address, path: "/a\r\nX: y").isMalformed)
        #expect(puppet.heads.isEmpty)
    }

    // Documents.

    private func document(_ rig: Rig, _ address: Address, etag: String? = nil, maxBytes: Int = 100)
        -> DocumentEnd?
    {
        var result: DocumentEnd?
        rig.client.document(address, path: "/d", etag: etag, maxBytes: maxBytes) { [rig] end in
            result = end
            rig.loop.stop()
        }
        rig.run()
        return result
    }

    @Test func `documents come whole, unchanged, or not at all`() throws {
        let rig = try Rig(limits: Self.limits())
        let puppet = try Puppet(
            loop: rig.loop,
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: \"7\"\r\n\r\nabc")],
            [.send("HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\n\r\n")],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n")],
            [.send("HTTP/1.1 304 Not Modified\r\n\r\n")],
            [.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"), .end])
        #expect(document(rig, puppet.address) == .document(Array("abc".utf8), etag: "\"7\""))
        #expect(document(rig, puppet.address, etag: "\"7\"") == .unchanged)
        #expect(puppet.heads[1].contains("\r\nIf-None-Match: \"7\"\r\n"))
        #expect(document(rig, puppet.address) == .document([], etag: nil))
        #expect(puppet.connectionCount == 1)
        for _ in 0..<2 {
            guard case .failed(.malformed) = document(rig, puppet.address) else {
                Issue.record("believed what it shouldn't")
                continue
            }
        }
        #expect(
            document(rig, puppet.address) == .failed(.refused(status: 404, retryAfterMs: nil)))
        #expect(document(rig, puppet.address) == .failed(.cut))
    }
}

/// Answers with a few bytes changed.
struct ChangedAnswerTests {
    @Test func `300 changed answers never lead to other bytes than were sent`() throws {
        var limits = Limits()
        limits.answerMs = 20
        limits.stallMs = 20
        let rig = try Rig(limits: limits)
        let good =
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n"
            + "Connection: keep-alive\r\n\r\n0123456789"
        var complete = 0
        var others = 0
        for seed in 0..<UInt64(300) {
            var draw = SplitMix64(seed: seed)
            var bytes = Array(good.utf8)
            let headCount = bytes.count - 10
            for _ in 0...draw.below(2) {
                let place = draw.below(headCount)
                bytes[place] = UInt8([draw.below(128), 13, 10, 32][draw.below(4)])
            }
            let answer = String(decoding: bytes, as: UTF8.self)
            let puppet = try Puppet(loop: rig.loop, [.send(answer)])
            let pulled = rig.pull(puppet.address)
            if pulled.end == .complete {
                complete += 1
                #expect(pulled.bytes == Array("0123456789".utf8), "seed \(seed)")
            } else {
                others += 1
            }
        }
        #expect(complete > 10 && others > 100)
    }
}
