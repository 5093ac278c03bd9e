import Testing

@testable import Transport

/// A client that sends, to servers of ours and to others.
struct PushTests {
    private func push(_ rig: Rig, _ file: TestFile, to address: Address) -> (End?, Int64) {
        var result: (End?, Int64) = (nil, -1)
        let push = Push(
            address: address, path: "/item", range: 50..<350, totalBytes: 1000, token: "aa",
            file: file.descriptor, fileOffset: 50, pacing: .unlimited())
        rig.client.push(push) { [rig] end, sent in
            result = (end, sent)
            rig.loop.stop()
        }
        rig.run()
        return result
    }

    private static func limits() -> Limits {
        var limits = Limits()
        limits.answerMs = 300
        limits.stallMs = 300
        return limits
    }

    @Test func `what is pushed arrives in blocks`() throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let server = try rig.server()
        var came: [UInt8] = []
        var ends: [End] = []
        var asked: [Request] = []
        server.onRequest = { [unowned server] request in
            asked.append(request)
            server.receive(
                request.id, blocks: [100, 200], pacing: .unlimited(),
                onBlock: { came += Array($1) },
                onEnd: { end, waste in
                    ends.append(end)
                    #expect(waste == 0)
                })
        }
        for _ in 0..<2 {
            came = []
            let (end, sent) = push(rig, file, to: server.address)
            #expect(end == .complete && sent == 300)
            #expect(came == Array(file.bytes[50..<350]))
        }
        #expect(ends == [.complete, .complete])
        #expect(asked.map(\.range) == [50..<350, 50..<350])
        #expect(asked.map(\.totalBytes) == [1000, 1000])
        #expect(asked.map(\.contentBytes) == [300, 300])
        #expect(asked.map(\.token) == ["aa", "aa"])
        // Both came over one connection.
        #expect(Set(asked.map(\.peer)).count == 1)
    }

    @Test func `a refused push costs no payload`() throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let server = try rig.server()
        server.onRequest = { [unowned server] request in
            server.refuse(request.id, status: 503, retryAfterMs: 1500)
        }
        let (end, sent) = push(rig, file, to: server.address)
        #expect(end == .refused(status: 503, retryAfterMs: 2000) && sent == 0)
    }

    @Test func `blocks that aren't the body are not begun`() throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let server = try rig.server()
        var received: End?
        server.onRequest = { [unowned server] request in
            server.receive(
                request.id, blocks: [301], pacing: .unlimited(), onBlock: { _, _ in },
                onEnd: { end, _ in received = end })
            server.refuse(request.id, status: 400)
        }
        let (end, _) = push(rig, file, to: server.address)
        #expect(end == .refused(status: 400, retryAfterMs: nil))
        #expect(received == .cancelled)
    }

    @Test func `hung up before it is taken, both ends know`() throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let server = try rig.server()
        var received: End?
        server.onRequest = { [unowned server] request in
            server.hangUp(request.id)
            server.receive(
                request.id, blocks: [300], pacing: .unlimited(),
                onBlock: { _, _ in Issue.record("a block of what was hung up") },
                onEnd: { end, _ in received = end })
        }
        let (end, _) = push(rig, file, to: server.address)
        #expect(end == .cut)
        #expect(received == .cancelled)
    }

    @Test func `hung up within a block, both ends know`() throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let server = try rig.server()
        var received: End?
        var blocks = 0
        server.onRequest = { [unowned server] request in
            server.receive(
                request.id, blocks: Array(repeating: 1, count: 300), pacing: .unlimited(),
                onBlock: { _, _ in
                    blocks += 1
                    server.hangUp(request.id)
                }, onEnd: { end, _ in received = end })
        }
        let (end, _) = push(rig, file, to: server.address)
        #expect(end == .cut)
        #expect(received == .cancelled && blocks == 1)
    }

    @Test(arguments: [
        ([Step.send("HTTP/1.1 204 x\r\n\r\n")], End.malformed("an acceptance before all was sent")),
        (
            [.send("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 409 x\r\nContent-Length: 0\r\n\r\n")],
            .refused(status: 409, retryAfterMs: nil)
        ),
        ([.send("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 100 x\r\n\r\n")], .malformed("100 twice")),
        ([.send("HTTP/1.1 100 x\r\n\r\n")], .stalled), ([], .stalled), ([.end], .cut),
        ([.send("HTTP/1.1 100 x\r\n\r\n"), .pause(50), .reset], .cut),
    ])
    func `odd answers to a push`(steps: [Step], expected: End) throws {
        let rig = try Rig(limits: Self.limits())
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let puppet = try Puppet(loop: rig.loop, steps)
        #expect(push(rig, file, to: puppet.address).0 == expected)
    }
}
