/// A client's connection: carries one exchange after another.
final class ClientConnection: Connection {
    private let line: Line
    private let buffers: BlockBuffers
    private var exchange: Exchange?
    /// Whether an exchange went well on it before.
    private var wasUsed = false
    /// Whether a byte of the answer came.
    private var answerBegan = false
    private var interimCount = 0
    private var requestedAtMs: Int64 = 0
    private var isProbing = false
    /// The exchange is over; the connection is kept, or closed.
    var onFree: (ClientConnection, _ kept: Bool) -> Void = { _, _ in }
    /// The exchange needs another connection: this one was dead.
    var onRetry: (ClientConnection, Exchange) -> Void = { _, _ in }

    init(
        loop: EventLoop, socket: Int32, limits: Limits, scratch: Scratch,
        line: Line, buffers: BlockBuffers
    ) {
        self.line = line
        self.buffers = buffers
        super.init(loop: loop, socket: socket, limits: limits, scratch: scratch)
    }

    /// A request that a kept connection's other end hasn't acknowledged by then is sent again on a
    /// new one.
    private static let probeMs: Int64 = 1_000

    func begin(_ exchange: Exchange) {
        self.exchange = exchange
        exchange.connection = self
        answerBegan = false
        interimCount = 0
        if let bytes = ClientConnection.receiveBufferBytes(exchange.pacing, line.down) {
            Socket.setReceiveBuffer(socket, bytes: bytes)
        } else if isBounded {
            Socket.setReceiveBuffer(socket, bytes: 4 << 20)
        }
        readHead()
        begin(Outflow(exchange.requestBytes) { [weak self] in self?.requestWent() })
    }

    /// Whether the receive buffer was bounded when the connection was opened.
    var isBounded = false

    /// What the kernel may take in at a low rate before it is read: what comes in a quarter of a
    /// second. nil: let it decide.
    static func receiveBufferBytes(_ pacing: Pacing, _ down: LineRate) -> Int? {
        let pace = pacing.untilSteadyMs > EventLoop.steadyMs() ? pacing.bytesPerSecond : .max
        let rate = min(pace, down.bytesPerSecond ?? .max)
        return rate > 1_000_000 ? nil : max(32_768, Int(rate) / 4)
    }

    private func requestWent() {
        requestedAtMs = EventLoop.steadyMs()
        isProbing = wasUsed
        guard isProbing else { return setAnswerDeadline() }
        setDeadline(requestedAtMs + min(Self.probeMs, limits.answerMs))
    }

    /// An answer may come as late as that after the exchange's own beginning.
    private func setAnswerDeadline() {
        let start = max(requestedAtMs, exchange?.pacing.fromSteadyMs ?? .min)
        setDeadline(start + limits.answerMs)
    }

    override func headBegan() { answerBegan = true }

    override func headFailed(_ fault: HeadFault) { fail(.malformed(fault.text)) }

    override func headCame(_ bytes: [UInt8]) {
        answerBegan = true
        isProbing = false
        guard let exchange else { return close() }
        do {
            follow(try ResponseHead(bytes), exchange)
        } catch {
            fail(.malformed(error.text))
        }
    }

    private func follow(_ head: ResponseHead, _ exchange: Exchange) {
        let keeps = !head.closes
        switch Judgement(head, wanted: exchange.wanted) {
        case .interim:
            interimCount += 1
            if interimCount > 8 { return fail(.malformed("interim answers without end")) }
            readHead()
        case .goOn: sendBody(exchange)
        case .taken:
            let wasSent = outflow == nil && exchange.sentBytes > 0
            if !wasSent { return fail(.malformed("an acceptance before all was sent")) }
            end(.complete, keeps: keeps && Self.isBodiless(head))
        case .unchanged:
            exchange.document = .unchanged
            end(.complete, keeps: keeps)
        case .body(let range): receive(range, exchange, head)
        case .end(let end):
            var kept = keeps && Self.isBodiless(head)
            if case .push = exchange.task { kept = false }
            if case .malformed = end { kept = false }
            self.end(end, keeps: kept)
        }
    }

    /// Whether certainly nothing follows the head.
    private static func isBodiless(_ head: ResponseHead) -> Bool {
        if head.fields.has("transfer-encoding") { return false }
        return head.status == 204 || (try? head.fields.contentLength()) == 0
    }

    private func sendBody(_ exchange: Exchange) {
        guard case .push(let push) = exchange.task, outflow == nil, exchange.sentBytes == 0 else {
            return fail(.malformed("100 twice"))
        }
        let pacer = Pacer(loop: loop, pacing: push.pacing, side: line.upside)
        let bytes = push.range.upperBound - push.range.lowerBound
        readHead()
        begin(
            Outflow(
                [],
                part: Outflow.FilePart(
                    file: push.file, offset: push.fileOffset, remainingBytes: bytes, pacer: pacer)
            ) { [weak self] in
                guard let self else { return }
                exchange.sentBytes = pacer.movedBytes
                self.requestedAtMs = EventLoop.steadyMs()
                self.setAnswerDeadline()
            })
    }

    private func receive(_ range: Range<Int64>, _ exchange: Exchange, _ head: ResponseHead) {
        var blocks: [Int]
        var onBlock: (Int, UnsafeRawBufferPointer) -> Void
        var isShort = false
        var etag: String?
        switch exchange.task {
        case .pull(let pull, let take):
            blocks = pull.blocks
            isShort = range.upperBound < pull.range.upperBound
            onBlock = take
            exchange.onBegan()
        case .document:
            etag = (try? head.fields.single("etag")) ?? nil
            blocks = [Int(range.upperBound)]
            onBlock = { exchange.document = .document(Array($1), etag: etag) }
        case .push: return close()
        }
        let keeps = !head.closes
        guard !range.isEmpty else {
            exchange.document = .document([], etag: etag)
            return end(.complete, keeps: keeps)
        }
        begin(
            Inflow(
                announcedBytes: range.upperBound - range.lowerBound, blocks: blocks,
                buffers: buffers,
                pacer: Pacer(loop: loop, pacing: exchange.pacing, side: line.downside),
                onBlock: onBlock
            ) { [weak self] wasteBytes in
                exchange.wasteBytes = wasteBytes
                self?.bodyCame(isShort ? .short : .complete, keeps: keeps)
            })
    }

    private func bodyCame(_ end: End, keeps: Bool) {
        // Nothing may follow: no other request was sent.
        var byte: UInt8 = 0
        let next = withUnsafeMutableBytes(of: &byte) { Socket.peek(socket, $0) }
        switch next {
        case .bytes: fail(.malformed("bytes after the body"))
        case .notNow: self.end(end, keeps: keeps)
        default: self.end(end, keeps: false)
        }
    }

    override func lost(_ how: Moved) {
        guard let exchange else {
            close()
            return onFree(self, false)
        }
        if how == .unreadable { return fail(.unreadable) }
        if mayRetry(exchange) { return retry(exchange) }
        fail(.cut)
    }

    /// A kept connection may have died unnoticed: then nothing of the request counts.
    private func mayRetry(_ exchange: Exchange) -> Bool {
        wasUsed && !answerBegan && !exchange.wasRetried
    }

    private func retry(_ exchange: Exchange) {
        exchange.wasRetried = true
        exchange.connection = nil
        self.exchange = nil
        close()
        onRetry(self, exchange)
    }

    override func timedOut() {
        guard let exchange else {
            close()
            return onFree(self, false)
        }
        if isProbing {
            isProbing = false
            if mayRetry(exchange), Socket.unacknowledgedBytes(socket) > 0 {
                return retry(exchange)
            }
            return setAnswerDeadline()
        }
        fail(.stalled)
    }

    private func fail(_ end: End) { self.end(end, keeps: false) }

    private func end(_ end: End, keeps: Bool) {
        guard let exchange else { return }
        exchange.wasteBytes += inflow?.wasteBytes ?? 0
        exchange.sentBytes = max(exchange.sentBytes, outflow?.sentBytes ?? 0)
        self.exchange = nil
        wasUsed = true
        if keeps {
            setDeadline(EventLoop.steadyMs() + limits.idleMs / 2)
            idleInterest = [.input, .ended]
            updateInterest()
        } else {
            close()
        }
        onFree(self, keeps)
        exchange.end(end)
    }

    /// Gives the exchange up; whoever does that tells its end.
    func drop() {
        guard let exchange else { return }
        exchange.wasteBytes += inflow?.wasteBytes ?? 0
        exchange.sentBytes = max(exchange.sentBytes, outflow?.sentBytes ?? 0)
        self.exchange = nil
        close()
        onFree(self, false)
    }
}
