import Testing

@testable import Transport

/// Paces and lines on the real clock: whenever bytes arrive, no more came than the time that had
/// passed by then allows. How long anything takes is not asked, so a slow machine changes nothing.
struct PacedTransferTests {
    /// Moves `bytes` and tells, for each block, when it was there.
    private func move(
        _ rig: Rig, _ bytes: Int, block: Int, sender: Pacing = .unlimited(),
        receiver: Pacing = .unlimited()
    ) throws -> [(atMs: Int64, bytes: Int64)] {
        let file = try TestFile(byteCount: bytes)
        defer { file.close() }
        let server = try rig.server()
        server.onRequest = { [unowned server] request in
            guard let range = request.range else { return }
            server.send(
                request.id, file: file.descriptor, fileOffset: range.lowerBound, range: range,
                totalBytes: Int64(bytes), pacing: sender
            ) { _, _ in }
        }
        var came: [(Int64, Int64)] = []
        var total: Int64 = 0
        let pull = Pull(
            address: server.address, path: "/x", range: 0..<Int64(bytes), token: nil,
            blocks: Array(repeating: block, count: bytes / block), pacing: receiver)
        rig.client.pull(
            pull,
            onBlock: {
                total += Int64($1.count)
                came.append((EventLoop.steadyMs(), total))
                #expect($1.elementsEqual(file.bytes[($0 * block)..<(($0 + 1) * block)]))
            },
            onEnd: { end, _ in
                #expect(end == .complete)
                rig.loop.stop()
            })
        rig.run()
        return came
    }

    private func pace(_ bytesPerSecond: Int64, burst: Int64, after: Int64 = 0) -> Pacing {
        Pacing(
            fromSteadyMs: EventLoop.steadyMs() + after, untilSteadyMs: .max,
            bytesPerSecond: bytesPerSecond, burstBytes: burst, order: 0)
    }

    @Test(arguments: [true, false])
    func `an exchange keeps its pace`(sends: Bool) throws {
        let rig = try Rig()
        let pace = pace(400_000, burst: 10_000)
        let came = try move(
            rig, 200_000, block: 1000, sender: sends ? pace : .unlimited(),
            receiver: sends ? .unlimited() : pace)
        #expect(came.count == 200)
        for (at, bytes) in came {
            #expect(bytes <= pace.allowedBytes(movedBytes: 0, atMs: at))
        }
    }

    @Test(arguments: [true, false])
    func `an exchange doesn't begin before its time`(sends: Bool) throws {
        let rig = try Rig()
        let pace = pace(1_000_000, burst: 10_000, after: 200)
        let came = try move(
            rig, 10_000, block: 1000, sender: sends ? pace : .unlimited(),
            receiver: sends ? .unlimited() : pace)
        #expect(came.count == 10 && came.allSatisfy { $0.atMs >= pace.fromSteadyMs })
    }

    @Test func `after its time the line alone limits it`() throws {
        let rig = try Rig()
        var pace = pace(0, burst: 0)
        pace.untilSteadyMs = pace.fromSteadyMs + 100
        let came = try move(rig, 100_000, block: 1000, receiver: pace)
        #expect(came.allSatisfy { $0.atMs >= pace.untilSteadyMs })
    }

    @Test(arguments: [true, false])
    func `all exchanges together keep the line's rate`(sends: Bool) throws {
        let rate = LineRate(bytesPerSecond: 500_000, burstBytes: 20_000)
        let rig = try Rig(up: sends ? rate : .unlimited, down: sends ? .unlimited : rate)
        let began = EventLoop.steadyMs()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        let server = try rig.server()
        server.onRequest = { [unowned server] request in
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<1000,
                totalBytes: 1000, pacing: .unlimited()
            ) { _, _ in }
        }
        var total: Int64 = 0
        var ended = 0
        func next() {
            rig.client.pull(
                Pull(
                    address: server.address, path: "/x", range: 0..<1000, token: nil,
                    blocks: [1000], pacing: .unlimited()),
                onBlock: {
                    total += Int64($1.count)
                    // The bucket may have been full just before.
                    let allowed = 20_000 + 500 * (EventLoop.steadyMs() - began + 1)
                    #expect(total <= allowed)
                },
                onEnd: { _, _ in
                    ended += 1
                    if ended == 200 { rig.loop.stop() }
                    if ended <= 196 { next() }
                })
        }
        for _ in 0..<4 { next() }
        rig.run()
        #expect(total == 200_000)
    }

    @Test func `a line that is stopped goes on when it may`() throws {
        let rig = try Rig(down: LineRate(bytesPerSecond: 0))
        let opened = EventLoop.steadyMs() + 200
        rig.loop.timer(atSteadyMs: opened) { rig.line.down = .unlimited }
        let came = try move(rig, 10_000, block: 1000)
        #expect(came.count == 10 && came.allSatisfy { $0.atMs >= opened })
    }

    @Test func `of those that are ready the lowest order goes first`() throws {
        // The line is stopped until all answers wait for it.
        let rig = try Rig(up: LineRate(bytesPerSecond: 0))
        let file = try TestFile(byteCount: 50_000)
        defer { file.close() }
        let server = try rig.server()
        var asked = 0
        server.onRequest = { [unowned server] request in
            asked += 1
            let order = Int64(request.path.dropFirst()) ?? 0
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<50_000,
                totalBytes: 50_000, pacing: .unlimited(order: order)
            ) { _, _ in }
            if asked == 4 {
                rig.line.up = LineRate(bytesPerSecond: 500_000, burstBytes: 10_000)
            }
        }
        var ended: [String] = []
        for order in [3, 1, 4, 2] {
            rig.client.pull(
                Pull(
                    address: server.address, path: "/\(order)", range: 0..<50_000, token: nil,
                    blocks: [50_000], pacing: .unlimited()), onBlock: { _, _ in },
                onEnd: { _, _ in
                    ended.append("\(order)")
                    if ended.count == 4 { rig.loop.stop() }
                })
        }
        rig.run()
        #expect(ended == ["1", "2", "3", "4"])
    }

    @Test func `one that waits long gets a little before those of lower order are done`() throws {
        let rate = LineRate(bytesPerSecond: 400_000, burstBytes: 10_000)
        let rig = try Rig(up: rate, patienceMs: 50)
        let file = try TestFile(byteCount: 200_000)
        defer { file.close() }
        let server = try rig.server()
        server.onRequest = { [unowned server] request in
            let order = Int64(request.path.dropFirst()) ?? 0
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<200_000,
                totalBytes: 200_000, pacing: .unlimited(order: order)
            ) { _, _ in }
        }
        var bytes = [0, 0]
        var bytesAtFirstEnd = [0, 0]
        for order in 0..<2 {
            rig.client.pull(
                Pull(
                    address: server.address, path: "/\(order)", range: 0..<200_000, token: nil,
                    blocks: Array(repeating: 500, count: 400), pacing: .unlimited()),
                onBlock: { bytes[order] += $1.count },
                onEnd: { _, _ in
                    bytesAtFirstEnd = bytes
                    rig.loop.stop()
                })
        }
        rig.run()
        // The second had some of the line, and less than the first.
        #expect(bytesAtFirstEnd[0] == 200_000)
        #expect(bytesAtFirstEnd[1] > 0 && bytesAtFirstEnd[1] < 200_000)
    }

    @Test func `waiting for its pace is no stall`() throws {
        var limits = Limits()
        limits.stallMs = 100
        limits.answerMs = 2000
        let rig = try Rig(limits: limits)
        // A byte comes only every 250 ms, and both ends know.
        let pace = Pacing(
            fromSteadyMs: EventLoop.steadyMs() + 300, untilSteadyMs: .max, bytesPerSecond: 1000,
            burstBytes: 0, order: 0)
        let came = try move(rig, 1000, block: 500, sender: .unlimited(), receiver: pace)
        #expect(came.count == 2)
    }
}
