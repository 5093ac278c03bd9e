import Glibc
import Testing

@testable import Transport

/// A loop with what tests run on it, all in one thread.
final class Rig {
    let loop: EventLoop
    let line: Line
    let client: Client

    init(
        limits: Limits = Limits(), up: LineRate = .unlimited, down: LineRate = .unlimited,
        patienceMs: Int64 = 2000
    ) throws {
        loop = try EventLoop()
        line = Line(loop: loop, up: up, down: down, patienceMs: patienceMs)
        client = Client(loop: loop, line: line, limits: limits)
    }

    func server(limits: Limits = Limits()) throws -> Server {
        let listen = Address(host: "127.0.0.1", port: 0)
        return try Server(loop: loop, line: line, listen: listen, limits: limits)
    }

    /// Runs until someone stops the loop; an issue if nobody does within half a minute.
    func run(sourceLocation: SourceLocation = #_sourceLocation) {
        let guardian = loop.timer(atSteadyMs: EventLoop.steadyMs() + 30_000) { [loop] in
            Issue.record("nobody stopped the loop", sourceLocation: sourceLocation)
            loop.stop()
        }
        loop.run()
        loop.cancel(guardian)
    }

    /// Runs for a while.
    func run(forMs: Int64) {
        loop.timer(atSteadyMs: EventLoop.steadyMs() + forMs) { [loop] in loop.stop() }
        loop.run()
    }

    /// Pulls a range and waits for the end.
    func pull(
        _ address: Address, _ range: Range<Int64> = 0..<10, blocks: [Int]? = nil,
        path: String = "/item", token: String? = nil, pacing: Pacing = .unlimited()
    ) -> Pulled {
        var pulled = Pulled()
        client.pull(
            Pull(
                address: address, path: path, range: range, token: token,
                blocks: blocks ?? [Int(range.upperBound - range.lowerBound)], pacing: pacing),
            onBlock: { pulled.blocks.append(($0, Array($1))) },
            onEnd: { [loop] end, waste in
                pulled.end = end
                pulled.wasteBytes = waste
                loop.stop()
            })
        run()
        return pulled
    }
}

/// What came of a pull.
struct Pulled {
    var blocks: [(place: Int, bytes: [UInt8])] = []
    var end: End?
    var wasteBytes: Int64 = -1

    var bytes: [UInt8] { blocks.flatMap(\.bytes) }
    var isMalformed: Bool {
        if case .malformed = end { return true }
        return false
    }
}

/// A file of reproducible bytes without a name.
struct TestFile {
    let descriptor: Int32
    let bytes: [UInt8]

    init(byteCount: Int, seed: UInt64 = 1) throws {
        bytes = TestFile.bytes(byteCount, seed: seed)
        var name = Array("/tmp/transport-test-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        unlink(name)
        try #require(descriptor >= 0)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            try #require(count > 0)
            written += count
        }
    }

    func close() { Glibc.close(descriptor) }

    static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }
}
