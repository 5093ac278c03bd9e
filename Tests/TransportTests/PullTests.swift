import Testing

@testable import Transport

/// A client and a server of ours with each other.
struct PullTests {
    /// Serves `file` whatever is asked for.
    private func serve(_ file: TestFile, by server: Server, upTo end: Int64? = nil) {
        server.onRequest = { [unowned server] request in
            guard let range = request.range else {
                return server.refuse(request.id, status: 416)
            }
            let part = range.lowerBound..<min(range.upperBound, end ?? range.upperBound)
            server.send(
                request.id, file: file.descriptor, fileOffset: part.lowerBound, range: part,
                totalBytes: Int64(file.bytes.count), pacing: .unlimited()
            ) { _, _ in }
        }
    }

    @Test(arguments: [
        (0..<1, [1]), (0..<300_000, [300_000]), (5..<11, [1, 2, 3]),
        (100..<2_000_100, [1_000_000, 999_999, 1]), (299_999..<300_000, [1]),
    ])
    func `blocks come in order and are the file's`(range: Range<Int64>, blocks: [Int]) throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 2_000_100)
        defer { file.close() }
        let server = try rig.server()
        serve(file, by: server)
        let pulled = rig.pull(server.address, range, blocks: blocks)
        #expect(pulled.end == .complete)
        #expect(pulled.blocks.map(\.place) == Array(0..<blocks.count))
        #expect(pulled.blocks.map(\.bytes.count) == blocks)
        #expect(pulled.bytes == Array(file.bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
        #expect(pulled.wasteBytes == 0)
    }

    @Test func `a shorter beginning is taken, what is no whole block is waste`() throws {
        let rig = try Rig()
        let file = try TestFile(byteCount: 100_000)
        defer { file.close() }
        let server = try rig.server()
        serve(file, by: server, upTo: 70_000)
        let pulled = rig.pull(server.address, 0..<100_000, blocks: [30_000, 30_000, 40_000])
        #expect(pulled.end == .short)
        #expect(pulled.blocks.map(\.place) == [0, 1])
        #expect(pulled.bytes == Array(file.bytes[..<60_000]))
        #expect(pulled.wasteBytes == 10_000)
    }

    @Test func `what is asked for arrives as it was asked`() throws {
        let rig = try Rig()
        let server = try rig.server()
        var asked: [Request] = []
        server.onRequest = { [unowned server] request in
            asked.append(request)
            server.refuse(request.id, status: 503, retryAfterMs: Int64(asked.count - 1) * 1000)
        }
        let ends = ["/a~2Fb", "a%20b?x"].map { path in
            rig.pull(server.address, 7..<9, path: path, token: "0123").end
        }
        #expect(
            ends == [
                .refused(status: 503, retryAfterMs: 200), .refused(status: 503, retryAfterMs: 1000),
            ])
        #expect(asked.map(\.path) == ["/a~2Fb", "/a b"])
        #expect(asked.map(\.range) == [7..<9, 7..<9])
        #expect(asked.map(\.token) == ["0123", "0123"])
        #expect(asked.map(\.method) == [.get, .get])
        #expect(asked.map(\.peer.host) == ["127.0.0.1", "127.0.0.1"])
    }

    @Test func `one connection carries many exchanges`() throws {
        let rig = try Rig()
        let server = try rig.server()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        serve(file, by: server)
        var peers: Set<Address> = []
        let answer = server.onRequest
        server.onRequest = {
            peers.insert($0.peer)
            answer($0)
        }
        for place in 0..<20 {
            let start = Int64(place) * 10
            let pulled = rig.pull(server.address, start..<(start + 10))
            #expect(pulled.bytes == Array(file.bytes[Int(start)..<(Int(start) + 10)]))
        }
        #expect(peers.count == 1)
    }

    @Test func `exchanges wait for a connection in their order`() throws {
        var limits = Limits()
        limits.connectionsPerAddress = 1
        let rig = try Rig(limits: limits)
        let server = try rig.server()
        var asked: [String] = []
        server.onRequest = { [unowned server] request in
            asked.append(request.path)
            server.refuse(request.id, status: 404)
        }
        var ends = 0
        for order: Int64 in [5, 3, 4, 3, 1] {
            rig.client.pull(
                Pull(
                    address: server.address, path: "/\(order)", range: 0..<1, token: nil,
                    blocks: [1], pacing: .unlimited(order: order)),
                onBlock: { _, _ in }
            ) { _, _ in
                ends += 1
                if ends == 5 { rig.loop.stop() }
            }
        }
        rig.run()
        #expect(asked == ["/1", "/3", "/3", "/4", "/5"])
    }

    @Test func `a held request is answered when its time has come, a cancelled one is gone`()
        throws
    {
        let rig = try Rig()
        let server = try rig.server()
        let file = try TestFile(byteCount: 10)
        defer { file.close() }
        var gone: [RequestID] = []
        var held: [RequestID] = []
        server.onGone = {
            gone.append($0)
            rig.loop.stop()
        }
        server.onRequest = { request in
            held.append(request.id)
            rig.loop.stop()
        }
        var end: End?
        let id = rig.client.pull(
            Pull(
                address: server.address, path: "/x", range: 0..<10, token: nil, blocks: [10],
                pacing: .unlimited()),
            onBlock: { _, _ in Issue.record("a block of a cancelled exchange") },
            onEnd: { ended, _ in end = ended })
        rig.run()
        rig.client.cancel(id)
        #expect(end == nil)
        rig.run()
        #expect(end == .cancelled)
        #expect(gone == held && gone.count == 1)
        // An answer that comes too late is told so.
        var late: End?
        server.send(
            held[0], file: file.descriptor, fileOffset: 0, range: 0..<10, totalBytes: 10,
            pacing: .unlimited()
        ) { ended, _ in
            late = ended
            rig.loop.stop()
        }
        rig.run()
        #expect(late == .cancelled)
    }

    @Test func `cancelled within a block, nothing more comes`() throws {
        let rig = try Rig()
        let server = try rig.server()
        let file = try TestFile(byteCount: 1000)
        defer { file.close() }
        serve(file, by: server)
        var id: ExchangeID?
        var blocks = 0
        var end: End?
        id = rig.client.pull(
            Pull(
                address: server.address, path: "/x", range: 0..<1000, token: nil,
                blocks: Array(repeating: 100, count: 10), pacing: .unlimited()),
            onBlock: { place, bytes in
                blocks += 1
                if place == 3, let id { rig.client.cancel(id) }
                #expect(bytes.elementsEqual(file.bytes[(place * 100)..<(place * 100 + 100)]))
            },
            onEnd: { ended, _ in
                end = ended
                rig.loop.stop()
            })
        rig.run()
        #expect(blocks == 4 && end == .cancelled)
    }

    @Test func `a file that is shorter than promised is told`() throws {
        let rig = try Rig()
        let server = try rig.server()
        let file = try TestFile(byteCount: 10)
        defer { file.close() }
        var sent: (End, Int64)?
        server.onRequest = { [unowned server] request in
            server.send(
                request.id, file: file.descriptor, fileOffset: 0, range: 0..<20, totalBytes: 20,
                pacing: .unlimited()
            ) { sent = ($0, $1) }
        }
        let pulled = rig.pull(server.address, 0..<20, blocks: [10, 10])
        #expect(pulled.end == .cut)
        #expect(pulled.bytes == file.bytes)
        #expect(sent?.0 == .unreadable && sent?.1 == 10)
    }

    @Test func `an end that isn't there is unreachable`() throws {
        let rig = try Rig()
        let server = try rig.server()
        let address = server.address
        server.close()
        #expect(rig.pull(address).end == .unreachable)
        #expect(rig.pull(Address(host: "no-such-name.invalid", port: 80)).end == .unreachable)
    }

    @Test func `a name is looked up`() throws {
        let rig = try Rig()
        let server = try rig.server()
        server.onRequest = { [unowned server] in server.refuse($0.id, status: 404) }
        let address = Address(host: "localhost", port: server.address.port)
        #expect(rig.pull(address).end == .refused(status: 404, retryAfterMs: nil))
    }
}
