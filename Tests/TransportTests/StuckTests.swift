import Glibc
import Testing

@testable import Transport

/// What a server tells of its answers while they go out, and how it changes their pace.
struct StuckTests {
    /// More than any kernel keeps for a connection.
    private static let bytes: Int64 = 64 << 20

    /// What a server tells of an answer on a line that is shut; `opened` after a second.
    private func told(stallMs: Int64? = nil, opened: Bool) throws -> [String] {
        let rig = try Rig(down: LineRate(bytesPerSecond: 0))
        var limits = Limits()
        limits.quietMs = 100
        if let stallMs { limits.stallMs = stallMs }
        let file = try TestFile(byteCount: 0)
        defer { file.close() }
        try #require(ftruncate(file.descriptor, Int(StuckTests.bytes)) == 0)
        let server = try rig.server(limits: limits)
        var told: [String] = []
        server.onQuiet = { told.append($1 ? "quiet" : "moving") }
        server.onRequest = { [unowned server] request in
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<StuckTests.bytes,
                totalBytes: StuckTests.bytes, pacing: .unlimited()
            ) { end, _ in
                told.append("\(end)")
                if !opened { rig.loop.stop() }
            }
        }
        if opened {
            rig.loop.timer(atSteadyMs: EventLoop.steadyMs() + 1000) { rig.line.down = .unlimited }
        }
        let blocks = [Int](repeating: 1 << 20, count: 64)
        let pulled = rig.pull(server.address, 0..<StuckTests.bytes, blocks: blocks)
        #expect(!opened || pulled.end == .complete)
        return told
    }

    @Test func `tells once that nothing moves, and that it moves again`() throws {
        let told = try told(opened: true)
        #expect(told.first == "quiet" && told.last == "complete")
        #expect(told.dropFirst().first == "moving")
    }

    @Test func `what waits for its pace isn't stuck`() throws {
        let rig = try Rig()
        var limits = Limits()
        limits.quietMs = 50
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let server = try rig.server(limits: limits)
        var told = 0
        server.onQuiet = { _, _ in told += 1 }
        server.onRequest = { [unowned server] request in
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<1000,
                totalBytes: 1000,
                pacing: Pacing(
                    fromSteadyMs: EventLoop.steadyMs() + 400, untilSteadyMs: .max,
                    bytesPerSecond: 1_000_000, burstBytes: 1000, order: 0)
            ) { _, _ in }
        }
        #expect(rig.pull(server.address, 0..<1000).end == .complete)
        #expect(told == 0)
    }

    @Test func `a stuck answer ends as stalled in the end`() throws {
        #expect(try told(stallMs: 300, opened: false) == ["quiet", "stalled"])
    }

    /// Two answers wait for a line that is stopped; the later one is hastened, then the line opens.
    @Test(arguments: [true, false])
    func `an answer that is hastened overtakes on the line, at its new pace`(isPaced: Bool) throws {
        let rig = try Rig(up: LineRate(bytesPerSecond: 0))
        let file = try TestFile(byteCount: 50_000)
        defer { file.close() }
        let server = try rig.server()
        var requests: [String: RequestID] = [:]
        let pace = Pacing(
            fromSteadyMs: EventLoop.steadyMs(), untilSteadyMs: .max, bytesPerSecond: 100_000,
            burstBytes: 10_000, order: 0)
        server.onRequest = { [unowned server] request in
            requests[request.path] = request.id
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<50_000,
                totalBytes: 50_000, pacing: .unlimited(order: request.path == "/first" ? 1 : 2)
            ) { _, _ in }
            guard requests.count == 2, let late = requests["/late"] else { return }
            server.hasten(late, pacing: isPaced ? pace : .unlimited(order: 0))
            rig.line.up = LineRate(bytesPerSecond: 500_000, burstBytes: 10_000)
        }
        var ended: [String] = []
        for path in ["/first", "/late"] {
            var came: Int64 = 0
            rig.client.pull(
                Pull(
                    address: server.address, path: path, range: 0..<50_000, token: nil,
                    blocks: [Int](repeating: 1000, count: 50), pacing: .unlimited()),
                onBlock: { _, bytes in
                    came += Int64(bytes.count)
                    guard isPaced, path == "/late" else { return }
                    #expect(came <= pace.allowedBytes(movedBytes: 0, atMs: EventLoop.steadyMs()))
                },
                onEnd: { end, _ in
                    #expect(end == .complete)
                    ended.append(path)
                    if ended.count == 2 { rig.loop.stop() }
                })
        }
        rig.run()
        #expect(isPaced || ended == ["/late", "/first"])
        #expect(ended.count == 2)
    }

    @Test(arguments: [true, false])
    func `says that something will come before it does, and only then`(isThere: Bool) throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 10)
        defer { file.close() }
        let server = try rig.server()
        server.onRequest = { [unowned server] request in
            guard isThere else { return server.refuse(request.id, status: 503) }
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<10, totalBytes: 10,
                pacing: .unlimited()
            ) { _, _ in }
        }
        var told: [String] = []
        rig.client.pull(
            Pull(
                address: server.address, path: "/x", range: 0..<10, token: nil, blocks: [5, 5],
                pacing: .unlimited()),
            onBegan: { told.append("began") }, onBlock: { _, _ in told.append("block") },
            onEnd: { _, _ in
                told.append("end")
                rig.loop.stop()
            })
        rig.run()
        #expect(told == (isThere ? ["began", "block", "block", "end"] : ["end"]))
    }
}
