import Glibc

/// Answers other ends: HTTP/1.1 with kept connections, requests answered in order.
///
/// Each request is answered by exactly one of `send`, `document`, `receive` or `refuse`, at any
/// later time, or hung up. An answer to a request that is over is ignored, save that its `onEnd` is
/// called soon with ``End/cancelled``.
package final class Server {
    /// Called for each request.
    package var onRequest: (Request) -> Void = { _ in }
    /// Called when the asker went away before its request was answered.
    package var onGone: (RequestID) -> Void = { _ in }
    /// Called when nothing of an answer has moved for ``Limits/quietMs``, although it may, and with
    /// false when it moves again.
    package var onQuiet: (RequestID, Bool) -> Void = { _, _ in }
    /// Where it listens, with the port that it got.
    package let address: Address

    private let loop: EventLoop
    private let line: Line
    private let limits: Limits
    private let listener: Int32
    private let buffers = BlockBuffers()
    private let scratch: Scratch
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var requests: [RequestID: ServerConnection] = [:]
    private var lastID: Int64 = 0
    private var isClosed = false
    private var pause: TimerID?

    /// Listens at an address (port 0: any free one), or says why it can't. Blocks while a name is
    /// looked up.
    package init(loop: EventLoop, line: Line, listen: Address, limits: Limits = Limits())
        throws(TransportError)
    {
        guard let own = SocketAddress.find(listen, numericOnly: false, toListen: true).first else {
            throw TransportError("can't listen at \(listen): there is no such address")
        }
        listener = try Socket.listen(own)
        address = Socket.ownAddress(listener)
        self.loop = loop
        self.line = line
        self.limits = limits
        scratch = Scratch(byteCount: limits.headBytes)
        loop.watch(listener, for: .input, by: Door(self))
    }

    deinit { close() }

    /// Stops listening and closes all connections; what is under way ends as ``End/cut``.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        if let pause { loop.cancel(pause) }
        loop.unwatch(listener)
        Glibc.close(listener)
        // In the order in which they were opened, as requests are numbered; the rest is silent.
        for connection in requests.sorted(by: { $0.key.raw < $1.key.raw }).map(\.value) {
            connection.shutDown()
        }
        for (_, connection) in connections { connection.shutDown() }
    }

    /// Answers with a range of an open file: 206 where a range was asked for, else 200.
    /// `fileOffset` is where in the file the range begins; the descriptor stays open until the end,
    /// and the caller's. The end tells the bytes of payload that went out.
    package func send(
        _ request: RequestID, file: Int32, fileOffset: Int64, range: Range<Int64>,
        totalBytes: Int64, pacing: Pacing, onEnd: @escaping (End, _ sentBytes: Int64) -> Void
    ) {
        let part = FileRange(
            file: file, fileOffset: fileOffset, range: range, totalBytes: totalBytes)
        send(request, part, pacing, [], onEnd)
    }

    func send(
        _ request: RequestID, _ part: FileRange, _ pacing: Pacing, _ fields: [Field],
        _ onEnd: @escaping (End, Int64) -> Void
    ) {
        if requests[request]?.send(request, part, pacing, fields, onEnd) != true {
            loop.soon { onEnd(.cancelled, 0) }
        }
    }

    /// Answers with a small document: 200.
    package func document(_ request: RequestID, _ bytes: [UInt8]) {
        _ = requests[request]?.send(
            request, status: 200, [Field("Content-Type", "application/json")], bytes)
    }

    /// Takes the body of a PUT, as ``Client/pull(_:onBlock:onEnd:)`` takes an answer's, and answers
    /// 204 when all of it came. The sum of `blocks` is ``Request/contentBytes``. Hang up to refuse
    /// it half-way.
    package func receive(
        _ request: RequestID, blocks: [Int], pacing: Pacing,
        onBlock: @escaping (Int, UnsafeRawBufferPointer) -> Void,
        onEnd: @escaping (End, _ wasteBytes: Int64) -> Void
    ) {
        if requests[request]?.receive(request, blocks, pacing, onBlock, onEnd) != true {
            loop.soon { onEnd(.cancelled, 0) }
        }
    }

    /// Answers with a status and nothing else; `retryAfterMs` is rounded up to seconds, save that
    /// up to 500 ms it is 0, which peers read as "very soon".
    package func refuse(_ request: RequestID, status: Int, retryAfterMs: Int64? = nil) {
        refuse(request, status, retryAfterMs, [])
    }

    func refuse(_ request: RequestID, _ status: Int, _ retryAfterMs: Int64?, _ fields: [Field]) {
        let seconds = retryAfterMs.map { $0 <= 500 ? 0 : ($0 - 1) / 1000 + 1 }
        let retry = seconds.map { [Field("Retry-After", "\($0)")] } ?? []
        _ = requests[request]?.send(request, status: status, fields + retry, [])
    }

    /// An answer that is being sent goes at another pace from now on, in which what has gone out
    /// doesn't count.
    package func hasten(_ request: RequestID, pacing: Pacing) {
        requests[request]?.hasten(request, pacing)
    }

    /// Closes the connection of a request; what is under way ends as ``End/cancelled`` soon after.
    package func hangUp(_ request: RequestID) { requests[request]?.hangUp(request) }

    // What connections call.

    func newRequest(_ connection: ServerConnection) -> RequestID {
        lastID += 1
        requests[RequestID(raw: lastID)] = connection
        return RequestID(raw: lastID)
    }

    func forget(_ request: RequestID) { requests[request] = nil }

    func closed(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
        if pause != nil { acceptAgain() }
    }

    // Accepting.

    fileprivate func accept() {
        for _ in 0..<16 {
            if connections.count >= limits.connections, !makeRoom() { return pauseAccepting() }
            switch Socket.accept(listener) {
            case .success((let socket, let peer)): welcome(socket, peer.address)
            case .failure(let refusal):
                // Out of descriptors or memory: others may end meanwhile.
                let isScarce = [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(refusal.number)
                return isScarce ? pauseAccepting() : ()
            }
        }
    }

    private func welcome(_ socket: Int32, _ peer: Address) {
        Socket.tune(socket)
        let connection = ServerConnection(
            loop: loop, socket: socket, limits: limits, scratch: scratch, peer: peer, line: line,
            buffers: buffers)
        connection.server = self
        connections[ObjectIdentifier(connection)] = connection
        connection.start()
    }

    /// Closes the connection that has been idle the longest; false when none is.
    private func makeRoom() -> Bool {
        let now = EventLoop.steadyMs()
        let idle = connections.values.filter { $0.isIdle(atMs: now) }
        guard let oldest = idle.min(by: { $0.idleSinceMs < $1.idleSinceMs }) else { return false }
        oldest.shutDown()
        return true
    }

    private func pauseAccepting() {
        guard pause == nil else { return }
        loop.watch(listener, for: [], by: Door(self))
        pause = loop.timer(atSteadyMs: EventLoop.steadyMs() + 200) { [weak self] in
            self?.acceptAgain()
        }
    }

    private func acceptAgain() {
        if let pause { loop.cancel(pause) }
        pause = nil
        guard !isClosed else { return }
        loop.watch(listener, for: .input, by: Door(self))
    }
}

/// Tells a server of connections that wait.
private final class Door: Watcher {
    private weak var server: Server?

    init(_ server: Server) { self.server = server }

    func ready(_ readiness: Readiness) { server?.accept() }
}
