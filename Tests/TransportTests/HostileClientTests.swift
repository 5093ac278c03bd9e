import Glibc
import Testing

@testable import Transport

/// A server of ours with clients that are slow, many, or don't keep to the protocol.
struct HostileClientTests {
    private final class Scene {
        let rig: Rig
        let server: Server
        let file: TestFile
        var asked: [Request] = []
        var gone: [RequestID] = []

        init(_ change: (inout Limits) -> Void = { _ in }) throws {
            var limits = Limits()
            change(&limits)
            rig = try Rig()
            server = try rig.server(limits: limits)
            file = try TestFile(byteCount: 1000)
            server.onGone = { [unowned self] in gone.append($0) }
            server.onRequest = { [unowned self] request in
                asked.append(request)
                let range = request.range ?? 0..<1000
                server.send(
                    request.id, file: file.descriptor, fileOffset: range.lowerBound, range: range,
                    totalBytes: 1000, pacing: .unlimited()
                ) { _, _ in }
            }
        }

        deinit { file.close() }

        /// Sends text, and waits until `enough` of the answer came or the connection is over.
        func answer(to text: String, until enough: @escaping (RawClient) -> Bool) -> RawClient {
            let client = RawClient(server.address, loop: rig.loop)
            client.onChange = { [rig] client in
                if client.isOver || enough(client) { rig.loop.stop() }
            }
            client.send(text)
            rig.run()
            return client
        }
    }

    private static func get(_ range: String, _ more: String = "") -> String {
        "GET /x HTTP/1.1\r\nHost: a\r\nRange: bytes=\(range)\r\n\(more)\r\n"
    }

    @Test func `a range is answered to the byte`() throws {
        let scene = try Scene()
        let head =
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n"
            + "Content-Range: bytes 3-7/1000\r\n\r\n"
        let client = scene.answer(to: Self.get("3-7")) { $0.input.count >= head.utf8.count + 5 }
        #expect(client.input == Array(head.utf8) + scene.file.bytes[3...7])
        client.close()
    }

    @Test func `requests sent at once are answered in order`() throws {
        let scene = try Scene()
        let text = (0..<20).map { Self.get("\($0)-\($0)", $0 == 19 ? "Connection: close\r\n" : "") }
        let client = scene.answer(to: text.joined()) { _ in false }
        #expect(scene.asked.map(\.range) == (0..<20).map { Int64($0)..<Int64($0 + 1) })
        let parts = client.input.split(separator: Array("HTTP/1.1 206".utf8)).count
        #expect(parts == 20)
        #expect(Set(scene.asked.map(\.peer)).count == 1)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("nonsense\r\n\r\n", 400), ("GET / HTTP/1.1\n\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        ("GET /../%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("PUT / HTTP/1.1\r\nHost: a\r\n\r\n", 411),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400),
        ("GET / HTTP/1.1\r\nA: " + String(repeating: "x", count: 17_000) + "\r\n\r\n", 431),
    ])
    func `what is no proper request is refused and the connection closed`(
        text: String, status: Int
    ) throws {
        let scene = try Scene()
        let client = scene.answer(to: text) { _ in false }
        #expect(client.text.hasPrefix("HTTP/1.1 \(status) "))
        #expect(client.text.hasSuffix("Connection: close\r\n\r\n"))
        #expect(scene.asked.isEmpty)
    }

    @Test func `a slow head is timed out, a silent connection closed`() throws {
        let scene = try Scene { $0.requestMs = 100 }
        #expect(
            scene.answer(to: "GET / HTTP/1.1\r\n") { _ in false }.text.hasPrefix("HTTP/1.1 408 "))
        #expect(scene.answer(to: "") { _ in false }.text == "")
    }

    @Test func `a head that trickles is timed out too`() throws {
        let scene = try Scene { $0.requestMs = 200 }
        let client = RawClient(scene.server.address, loop: scene.rig.loop)
        client.onChange = { [rig = scene.rig] in if $0.isOver { rig.loop.stop() } }
        func trickle(_ rest: Substring) {
            guard let next = rest.first, !client.isOver else { return }
            client.send(String(next))
            scene.rig.loop.timer(atSteadyMs: EventLoop.steadyMs() + 20) {
                trickle(rest.dropFirst())
            }
        }
        trickle(Self.get("0-1")[...])
        scene.rig.run()
        #expect(client.text.hasPrefix("HTTP/1.1 408 ") && scene.asked.isEmpty)
    }

    @Test func `one that goes away before it is answered is noticed`() throws {
        let scene = try Scene()
        scene.server.onRequest = { [unowned scene] request in
            scene.asked.append(request)
            scene.rig.loop.stop()
        }
        let client = scene.answer(to: Self.get("0-1")) { _ in false }
        #expect(scene.gone.isEmpty && scene.asked.count == 1)
        client.close()
        let wasGone = scene.server.onGone
        scene.server.onGone = { [rig = scene.rig] in
            wasGone($0)
            rig.loop.stop()
        }
        scene.rig.run()
        #expect(scene.gone == scene.asked.map(\.id))
    }

    @Test func `one that doesn't read is stalled`() throws {
        let scene = try Scene { $0.stallMs = 200 }
        let big = try TestFile(byteCount: 1)
        defer { big.close() }
        #expect(ftruncate(big.descriptor, 1 << 30) == 0)
        var end: End?
        scene.server.onRequest = { [unowned scene] request in
            scene.server.send(
                request.id, file: big.descriptor, fileOffset: 0, range: 0..<(1 << 30),
                totalBytes: 1 << 30, pacing: .unlimited()
            ) { ended, _ in
                end = ended
                scene.rig.loop.stop()
            }
        }
        // A socket that nobody watches, and so nobody reads.
        let target = SocketAddress.find(scene.server.address, numericOnly: true)[0]
        let socket = try #require(Socket.make(target.family))
        defer { Glibc.close(socket) }
        _ = Socket.connect(socket, target)
        scene.rig.run(forMs: 50)
        _ = Socket.send(socket, Array(Self.get("0-").utf8)[...], more: false)
        scene.rig.run()
        #expect(end == .stalled)
    }

    @Test func `one more than allowed waits, and has its turn when another is idle or gone`()
        throws
    {
        let scene = try Scene { $0.connections = 2 }
        let first = scene.answer(to: Self.get("0-0")) { $0.input.count > 10 }
        let second = scene.answer(to: Self.get("1-1")) { $0.input.count > 10 }
        let third = RawClient(scene.server.address, loop: scene.rig.loop)
        third.send(Self.get("2-2"))
        scene.rig.run(forMs: 100)
        #expect(scene.asked.count == 2)
        first.close()
        scene.rig.run(forMs: 500)
        #expect(scene.asked.count == 3 && third.text.hasPrefix("HTTP/1.1 206 "))
        second.onChange = { _ in }
        let fourth = RawClient(scene.server.address, loop: scene.rig.loop)
        fourth.send(Self.get("3-3"))
        // The second has been idle for long by then.
        scene.rig.run(forMs: 1500)
        #expect(scene.asked.count == 4 && fourth.text.hasPrefix("HTTP/1.1 206 "))
        #expect(second.isOver)
        third.close()
        fourth.close()
    }

    @Test func `one that is slow to ask gives way to one that asks`() throws {
        let scene = try Scene { $0.connections = 1 }
        let slow = RawClient(scene.server.address, loop: scene.rig.loop)
        slow.send("GET /x HTTP/1.1\r\n")
        scene.rig.run(forMs: 50)
        // Its own time would be up after ten seconds.
        let client = scene.answer(to: Self.get("0-0")) { $0.text.contains("206") }
        #expect(client.text.hasPrefix("HTTP/1.1 206 "))
        #expect(slow.isOver && slow.input.isEmpty)
        client.close()
    }

    @Test func `a body that is refused is not read on, and the answer arrives`() throws {
        let scene = try Scene()
        scene.server.onRequest = { [unowned scene] in scene.server.refuse($0.id, status: 403) }
        let body = String(repeating: "x", count: 100_000)
        let client = scene.answer(
            to: "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + body
        ) { _ in false }
        #expect(
            client.text
                == "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }

    @Test func `a body that stops is stalled, one that is cut is cut`() throws {
        let scene = try Scene { $0.stallMs = 200 }
        var ends: [End] = []
        var waste: Int64 = 0
        scene.server.onRequest = { [unowned scene] request in
            scene.server.receive(
                request.id, blocks: [4, 6], pacing: .unlimited(), onBlock: { _, _ in },
                onEnd: { end, bytes in
                    ends.append(end)
                    waste += bytes
                    scene.rig.loop.stop()
                })
        }
        let put = "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234"
        scene.answer(to: put) { _ in false }.close()
        let client = RawClient(scene.server.address, loop: scene.rig.loop)
        client.send(put)
        scene.rig.loop.timer(atSteadyMs: EventLoop.steadyMs() + 50) { client.close() }
        scene.rig.run()
        #expect(ends == [.stalled, .cut] && waste == 2)
    }

    @Test func `noise of any kind never gets an answer that is no refusal`() throws {
        let scene = try Scene { $0.requestMs = 20 }
        for seed in 0..<UInt64(100) {
            let noise = TestFile.bytes(Int(seed) * 6 + 1, seed: seed).map { $0 % 16 == 0 ? 13 : $0 }
            let client = RawClient(scene.server.address, loop: scene.rig.loop)
            client.onChange = { [rig = scene.rig] in if $0.isOver { rig.loop.stop() } }
            client.send(noise)
            scene.rig.run()
            #expect(
                client.text.isEmpty || client.text.hasPrefix("HTTP/1.1 4"), "seed \(seed)")
        }
        #expect(scene.asked.isEmpty)
    }
}
