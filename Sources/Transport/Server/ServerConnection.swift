import Glibc

/// A server's connection: takes one request after another, and answers in order.
///
/// While a request is worked on, the next one stays in the kernel.
final class ServerConnection: Connection {
    private let peer: Address
    private let line: Line
    private let buffers: BlockBuffers
    private var current: Answering?
    /// Since when it has had no request.
    private(set) var idleSinceMs = EventLoop.steadyMs()
    private var isLingering = false
    private var lingerBytes = 262_144
    weak var server: Server?

    init(
        loop: EventLoop, socket: Int32, limits: Limits, scratch: Scratch, peer: Address,
        line: Line, buffers: BlockBuffers
    ) {
        self.peer = peer
        self.line = line
        self.buffers = buffers
        super.init(loop: loop, socket: socket, limits: limits, scratch: scratch)
    }

    /// Waits for the first request.
    func start() {
        readHead()
        setDeadline(EventLoop.steadyMs() + limits.requestMs)
    }

    /// Whether it may be closed to make room: it has had no request for a second. One that is slow
    /// to send its head has none, so slow ones never keep others out.
    func isIdle(atMs: Int64) -> Bool { current == nil && atMs - idleSinceMs >= 1000 }

    override func headBegan() { setDeadline(EventLoop.steadyMs() + limits.requestMs) }

    override func headFailed(_ fault: HeadFault) {
        reject(fault.text.hasPrefix("a head of more") ? 431 : 400)
    }

    override func headCame(_ bytes: [UInt8]) {
        setDeadline(.max)
        do {
            ask(try Enquiry(try RequestHead(bytes)))
        } catch let refusal as Enquiry.Refusal {
            reject(refusal.status)
        } catch {
            reject(400)
        }
    }

    private func ask(_ enquiry: Enquiry) {
        guard let server else { return close() }
        let id = server.newRequest(self)
        current = Answering(id: id, enquiry: enquiry)
        idleInterest = .ended
        updateInterest()
        var range = enquiry.content?.range
        if case .from(let first, let last) = enquiry.askedRange {
            range = first..<(last.map { $0 + 1 } ?? .max)
        }
        server.onRequest(
            Request(
                id: id, method: enquiry.method, path: enquiry.path, range: range,
                askedRange: enquiry.askedRange, totalBytes: enquiry.content?.totalBytes,
                contentBytes: enquiry.contentBytes, token: enquiry.token,
                ifNoneMatch: enquiry.ifNoneMatch, ifRange: enquiry.ifRange, peer: peer))
    }

    // Answers. Each returns false when the request is over or already answered.

    func send(
        _ id: RequestID, _ part: FileRange, _ pacing: Pacing, _ fields: [Field],
        _ onEnd: @escaping (End, Int64) -> Void
    ) -> Bool {
        guard let current = answer(id, .sending(onEnd: onEnd)) else { return false }
        let bytes = part.range.upperBound - part.range.lowerBound
        var all = [Field("Content-Length", "\(bytes)")] + fields
        let isPart = current.enquiry.askedRange != nil && !part.isWhole && bytes > 0
        if isPart {
            let content = ContentRange(part.range, totalBytes: part.totalBytes)
            all.append(Field("Content-Range", content.text))
        }
        let head = head(isPart ? 206 : 200, all)
        guard current.enquiry.method == .get else {
            begin(Outflow(head) { [weak self] in self?.answered(.complete, 0) })
            return true
        }
        let pacer = Pacer(loop: loop, pacing: pacing, side: line.upside)
        let outPart = Outflow.FilePart(
            file: part.file, offset: part.fileOffset, remainingBytes: bytes, pacer: pacer)
        begin(
            Outflow(head, part: outPart) { [weak self] in
                self?.answered(.complete, pacer.movedBytes)
            })
        return true
    }

    /// Answers with a head, and bytes where it isn't a HEAD that was asked.
    func send(_ id: RequestID, status: Int, _ fields: [Field], _ bytes: [UInt8]) -> Bool {
        guard let current = answer(id, .sending(onEnd: { _, _ in })) else { return false }
        // The body of a refused PUT is not read.
        if current.enquiry.method == .put { self.current?.enquiry.closes = true }
        var all = fields
        if status != 304 { all.insert(Field("Content-Length", "\(bytes.count)"), at: 0) }
        let body = current.enquiry.method == .head ? [] : bytes
        begin(
            Outflow(head(status, all) + body) { [weak self] in
                self?.answered(.complete, Int64(body.count))
            })
        return true
    }

    func receive(
        _ id: RequestID, _ blocks: [Int], _ pacing: Pacing,
        _ onBlock: @escaping (Int, UnsafeRawBufferPointer) -> Void,
        _ onEnd: @escaping (End, Int64) -> Void
    ) -> Bool {
        let bytes = blocks.reduce(Int64(0)) { $0 + Int64($1) }
        guard let enquiry = current?.enquiry, enquiry.method == .put,
            bytes == enquiry.contentBytes, blocks.allSatisfy({ $0 > 0 }),
            let current = answer(id, .receiving(onEnd: onEnd))
        else { return false }
        if current.enquiry.expectsGoOn {
            begin(Outflow(ResponseHead(status: 100, reason: "Continue", fields: []).bytes) {})
        }
        guard !isClosed else { return true }
        begin(
            Inflow(
                announcedBytes: current.enquiry.contentBytes, blocks: blocks, buffers: buffers,
                pacer: Pacer(loop: loop, pacing: pacing, side: line.downside), onBlock: onBlock
            ) { [weak self] _ in self?.received() })
        return true
    }

    private func received() {
        // The other end didn't wait for "Continue", nor read it.
        guard outflow == nil else { return over(.cut) }
        begin(Outflow(head(204, [])) { [weak self] in self?.answered(.complete, 0) })
    }

    func hasten(_ id: RequestID, _ pacing: Pacing) {
        if current?.id == id { outflow?.part?.pacer.change(to: pacing) }
    }

    /// Ends whatever is done for the request, and the connection.
    func hangUp(_ id: RequestID) {
        guard current?.id == id else { return }
        over(.cancelled, isSoon: true)
    }

    private func answer(_ id: RequestID, _ step: Answering.Step) -> Answering? {
        guard let current, current.id == id, case .asked = current.step else { return nil }
        self.current?.step = step
        return self.current
    }

    private func head(_ status: Int, _ fields: [Field]) -> [UInt8] {
        var all = fields
        if current?.enquiry.closes ?? true { all.append(Field("Connection", "close")) }
        return ResponseHead(status: status, reason: Status.reason(status), fields: all).bytes
    }

    /// Refuses what isn't even a request.
    private func reject(_ status: Int) {
        current = nil
        let fields = [Field("Content-Length", "0")]
        begin(Outflow(head(status, fields)) { [weak self] in self?.linger() })
    }

    /// An answer is out: the next request may come.
    private func answered(_ end: End, _ movedBytes: Int64) {
        guard let answering = current else { return }
        current = nil
        server?.forget(answering.id)
        if answering.enquiry.closes {
            linger()
        } else {
            idleSinceMs = EventLoop.steadyMs()
            readHead()
            setDeadline(idleSinceMs + limits.idleMs)
        }
        tell(answering, end, movedBytes)
    }

    private func tell(_ answering: Answering, _ end: End, _ movedBytes: Int64) {
        switch answering.step {
        case .asked: break
        case .sending(let onEnd), .receiving(let onEnd): onEnd(end, movedBytes)
        }
    }

    /// The connection is over, and what is under way on it.
    private func over(_ end: End, isSoon: Bool = false) {
        let waste = inflow?.wasteBytes
        let moved = waste ?? outflow?.sentBytes ?? 0
        let answering = current
        current = nil
        close()
        server?.closed(self)
        guard let answering else { return }
        server?.forget(answering.id)
        if case .asked = answering.step {
            if !isSoon { server?.onGone(answering.id) }
        } else if isSoon {
            loop.soon { self.tell(answering, end, moved) }
        } else {
            tell(answering, end, moved)
        }
    }

    override func lost(_ how: Moved) {
        over(how == .unreadable ? .unreadable : .cut)
    }

    override func quiet(_ isQuiet: Bool) {
        if let current, case .sending = current.step { server?.onQuiet(current.id, isQuiet) }
    }

    override func timedOut() {
        if isLingering || current != nil || awaitsHead { return over(.stalled) }
        reject(408)
    }

    /// Ends this half, and reads a little on, so that the other end gets the answer before it
    /// learns that its own bytes are not wanted (RFC 9112, 9.6).
    private func linger() {
        isLingering = true
        shutdown(socket, Int32(SHUT_WR))
        idleInterest = [.input, .ended]
        setDeadline(EventLoop.steadyMs() + 2000)
        updateInterest()
    }

    override func ready(_ readiness: Readiness) {
        guard isLingering else { return super.ready(readiness) }
        var sink = [UInt8](repeating: 0, count: 16_384)
        let moved = sink.withUnsafeMutableBytes { Socket.receive(socket, $0) }
        guard case .bytes(let count) = moved, count <= lingerBytes else {
            return moved == .notNow ? () : over(.cut)
        }
        lingerBytes -= count
    }

    /// Closes at once.
    func shutDown() { over(.cut) }
}

/// A part of an open file that answers a request.
struct FileRange {
    var file: Int32
    /// Where in the file the range begins, in bytes.
    var fileOffset: Int64
    var range: Range<Int64>
    var totalBytes: Int64
    /// The whole is sent although a range was asked for.
    var isWhole = false
}
