import Quantities
import Testing

@testable import Transport

/// Many exchanges at once, answered, refused, held, cut and given up at random.
///
/// Whatever happens: every exchange ends exactly once, on both sides, every block that came is the
/// file's, what ended as complete came whole, and in the end nothing is left open.
struct DisorderTests {
    fileprivate final class Scene {
        static let exchangeCount = 120
        static let fileBytes = 20_000
        let rig: Rig
        let server: Server
        let file: TestFile
        let seed: UInt64
        var draw: SplitMix64
        /// How often each exchange of the client ended.
        var ends = [Int](repeating: 0, count: exchangeCount)
        var cameBytes = [Int](repeating: 0, count: exchangeCount)
        var endKinds: Set<String> = []
        var begunAnswers = 0
        var endedAnswers = 0

        init(seed: UInt64) throws {
            self.seed = seed
            draw = SplitMix64(seed: seed)
            var limits = Limits()
            limits.answerMs = 150
            limits.stallMs = 150
            limits.requestMs = 150
            limits.connections = 8
            limits.connectionsPerAddress = 1 + draw.below(6)
            rig = try Rig(limits: limits)
            server = try rig.server(limits: limits)
            file = try TestFile(byteCount: Scene.fileBytes, seed: seed)
            server.onRequest = { [unowned self] in asked($0) }
        }

        deinit { file.close() }

        func soon(_ upToMs: Int, _ body: @escaping () -> Void) {
            rig.loop.timer(atSteadyMs: EventLoop.steadyMs() + Int64(draw.below(upToMs + 1)), body)
        }

        func pacing() -> Pacing {
            if draw.below(2) == 0 { return .unlimited(order: Int64(draw.below(3))) }
            let from = EventLoop.steadyMs() + Int64(draw.below(40)) - 10
            return Pacing(
                fromSteadyMs: from, untilSteadyMs: from + Int64(draw.below(200)),
                bytesPerSecond: Int64(draw.below(400_000)), burstBytes: Int64(draw.below(5000)),
                order: Int64(draw.below(3)))
        }

        /// A range of the file, and blocks that make it up.
        func piece() -> (Range<Int64>, [Int]) {
            let start = draw.below(Scene.fileBytes - 1)
            let count = 1 + draw.below(Scene.fileBytes - start)
            var blocks: [Int] = []
            var rest = count
            while rest > 0 {
                blocks.append(min(rest, 1 + draw.below(6000)))
                rest -= blocks[blocks.count - 1]
            }
            return (Int64(start)..<Int64(start + count), blocks)
        }

        func ended(_ number: Int, _ end: End) {
            ends[number] += 1
            endKinds.insert(String("\(end)".prefix { $0 != "(" }))
            if ends.allSatisfy({ $0 > 0 }) { rig.loop.stop() }
        }
    }

    @Test(arguments: 0..<UInt64(12))
    func `every exchange ends once, and what came is right`(seed: UInt64) throws {
        let scene = try Scene(seed: seed)
        for number in 0..<Scene.exchangeCount { scene.soon(300) { scene.begin(number) } }
        for _ in 0..<6 {
            scene.soon(300) {
                let rate = LineRate(bytesPerSecond: Int64(scene.draw.below(3_000_000)))
                scene.rig.line.up = scene.draw.below(2) == 0 ? rate : .unlimited
                scene.rig.line.down = scene.draw.below(2) == 0 ? rate : .unlimited
            }
        }
        scene.rig.loop.timer(atSteadyMs: EventLoop.steadyMs() + 310) {
            scene.rig.line.up = .unlimited
            scene.rig.line.down = .unlimited
        }
        scene.rig.run()
        scene.server.close()
        scene.rig.run(forMs: 20)
        #expect(scene.ends.allSatisfy { $0 == 1 })
        #expect(scene.endedAnswers == scene.begunAnswers && scene.begunAnswers > 20)
        #expect(scene.endKinds.isSuperset(of: ["complete", "refused", "cut"]))
    }
}

// What the client does.
extension DisorderTests.Scene {
    fileprivate func begin(_ number: Int) {
        let (range, blocks) = piece()
        let id = draw.below(4) == 0 ? push(number, range) : pull(number, range, blocks)
        if draw.below(5) == 0 { soon(60) { [self] in rig.client.cancel(id) } }
    }

    private func push(_ number: Int, _ range: Range<Int64>) -> ExchangeID {
        let push = Push(
            address: server.address, path: "/\(number)", range: range,
            totalBytes: Int64(Self.fileBytes), token: nil, file: file.descriptor,
            fileOffset: range.lowerBound, pacing: pacing())
        return rig.client.push(push) { [self] end, sent in
            if end == .complete { #expect(sent == Int64(range.count), "seed \(seed)") }
            ended(number, end)
        }
    }

    private func pull(_ number: Int, _ range: Range<Int64>, _ blocks: [Int]) -> ExchangeID {
        var next = 0
        let pull = Pull(
            address: server.address, path: "/\(number)", range: range, token: nil, blocks: blocks,
            pacing: pacing())
        return rig.client.pull(
            pull,
            onBlock: { [self] place, bytes in
                #expect(place == next && ends[number] == 0, "seed \(seed)")
                next += 1
                check(bytes, at: Int(range.lowerBound) + cameBytes[number])
                cameBytes[number] += bytes.count
            },
            onEnd: { [self] end, waste in
                let came = Int64(cameBytes[number]) + waste
                if end == .complete { #expect(came == Int64(range.count) && waste == 0) }
                #expect(came <= Int64(range.count), "seed \(seed)")
                ended(number, end)
            })
    }

    private func check(_ bytes: UnsafeRawBufferPointer, at place: Int) {
        #expect(bytes.elementsEqual(file.bytes[place..<(place + bytes.count)]), "seed \(seed)")
    }
}

// What the server does.
extension DisorderTests.Scene {
    fileprivate func asked(_ request: Request) {
        switch draw.below(10) {
        case 0: server.refuse(request.id, status: 503, retryAfterMs: Int64(draw.below(3000)))
        case 1: server.hangUp(request.id)
        // Held for a while, sometimes for too long.
        case 2, 3: soon(200) { [self] in answer(request) }
        case 4:
            answer(request)
            soon(20) { [self] in server.hangUp(request.id) }
        default: answer(request)
        }
    }

    private func answer(_ request: Request) {
        begunAnswers += 1
        guard let range = request.range else { return }
        if request.method == .put { return receive(request, range) }
        let end = draw.below(4) == 0 ? Int64(draw.below(range.count)) + 1 : Int64(range.count)
        server.send(
            request.id, file: file.descriptor, fileOffset: range.lowerBound,
            range: range.lowerBound..<(range.lowerBound + end),
            totalBytes: Int64(Self.fileBytes), pacing: pacing()
        ) { [self] _, _ in endedAnswers += 1 }
    }

    private func receive(_ request: Request, _ range: Range<Int64>) {
        let hangsUp = draw.below(5) == 0
        let first = 1 + draw.below(range.count)
        var place = Int(range.lowerBound)
        server.receive(
            request.id, blocks: first < range.count ? [first, range.count - first] : [first],
            pacing: pacing(),
            onBlock: { [self] _, bytes in
                check(bytes, at: place)
                place += bytes.count
                if hangsUp { server.hangUp(request.id) }
            },
            onEnd: { [self] end, _ in
                if end == .complete { #expect(place == Int(range.upperBound), "seed \(seed)") }
                endedAnswers += 1
            })
    }
}
