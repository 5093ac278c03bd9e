import Glibc

/// One TCP connection: heads and bodies in and out, under paces, watched for stalls.
///
/// A client and a server say in subclasses what follows on what. Nothing is read that nobody waits
/// for: a head is looked at before it is taken, a body is taken up to its announced length; what
/// comes after stays in the kernel. So nothing has to be kept or copied.
class Connection: Watcher {
    let loop: EventLoop
    let socket: Int32
    let limits: Limits
    private(set) var isClosed = false
    private let scratch: Scratch
    private var scanner: HeadScanner?
    private var head: [UInt8] = []
    private(set) var inflow: Inflow?
    private(set) var outflow: Outflow?
    /// What is watched for while no head is read and no body moves.
    var idleInterest: Readiness = []
    private var deadlineMs = Int64.max
    private var timer: (id: TimerID, atMs: Int64)?
    /// Whether the deadline has passed once already.
    private var isOverdue = false
    /// When what has stopped moving is stalled: later than the deadline until it is quiet.
    private var stallDeadlineMs = Int64.min
    private var isQuiet = false

    /// Takes a connected socket over.
    init(
        loop: EventLoop, socket: Int32, limits: Limits, scratch: Scratch
    ) {
        self.loop = loop
        self.socket = socket
        self.limits = limits
        self.scratch = scratch
    }

    deinit { if !isClosed { Glibc.close(socket) } }

    // What subclasses answer.

    /// A whole head came.
    func headCame(_ bytes: [UInt8]) {}
    /// What comes can't become a head.
    func headFailed(_ fault: HeadFault) {}
    /// The connection is of no use any more, and why: never ``Moved/bytes(_:)`` or
    /// ``Moved/notNow``.
    func lost(_ how: Moved) {}
    /// Nothing has moved for ``Limits/quietMs`` although it might; and, with false, it moves again.
    func quiet(_ isQuiet: Bool) {}
    /// The time set by ``setDeadline(_:)`` has come, or nothing moved for too long.
    func timedOut() {}

    // What subclasses do.

    /// Waits for a head; of the next one nothing has been read.
    func readHead() {
        scanner = HeadScanner(maxBytes: limits.headBytes)
        head.removeAll()
        updateInterest()
    }

    /// Whether a head is waited for and nothing of it has come.
    var awaitsHead: Bool { scanner?.isEmpty ?? false }

    /// Receives a body.
    func begin(_ inflow: Inflow) {
        self.inflow = inflow
        inflow.pacer.onRoom = { [weak self] in
            self?.moves()
            self?.pumpIn()
        }
        moves()
        pumpIn()
    }

    /// Sends something.
    func begin(_ outflow: Outflow) {
        self.outflow = outflow
        outflow.part?.pacer.onRoom = { [weak self] in
            self?.moves()
            self?.pumpOut()
        }
        moves()
        pumpOut()
    }

    /// Closes the connection; nothing is called any more.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        inflow?.pacer.stop()
        outflow?.part?.pacer.stop()
        inflow = nil
        outflow = nil
        scanner = nil
        if let timer { loop.cancel(timer.id) }
        timer = nil
        loop.unwatch(socket)
        Glibc.close(socket)
    }

    /// Something moved, or may now: the stall clock starts again.
    private func moves() {
        let now = EventLoop.steadyMs()
        setDeadline(now + min(limits.quietMs, limits.stallMs))
        stallDeadlineMs = now + limits.stallMs
        guard isQuiet else { return }
        isQuiet = false
        quiet(false)
    }

    /// When to call ``timedOut()``; `Int64.max`: never.
    func setDeadline(_ atMs: Int64) {
        deadlineMs = atMs
        stallDeadlineMs = .min
        isOverdue = false
        guard !isClosed, atMs < timer?.atMs ?? .max else { return }
        if let timer { loop.cancel(timer.id) }
        setTimer()
    }

    private func setTimer() {
        let id = loop.timer(atSteadyMs: deadlineMs) { [weak self] in self?.checkDeadline() }
        timer = (id, deadlineMs)
    }

    /// The timer is often early, as deadlines move on with every byte. A deadline must pass twice,
    /// so that what came while the loop was held up is seen in between.
    private func checkDeadline() {
        timer = nil
        if deadlineMs == .max { return }
        guard EventLoop.steadyMs() >= deadlineMs, isOverdue else {
            isOverdue = EventLoop.steadyMs() >= deadlineMs
            return setTimer()
        }
        if stallDeadlineMs > deadlineMs {
            setDeadline(stallDeadlineMs)
            isQuiet = true
            return quiet(true)
        }
        deadlineMs = .max
        timedOut()
    }

    /// Asks the loop for just what can be used now.
    func updateInterest() {
        guard !isClosed else { return }
        var interest: Readiness = []
        if scanner != nil { interest.insert(.input) }
        if let inflow, !inflow.pacer.isWaiting { interest.insert(.input) }
        if let outflow, !outflow.isWaiting { interest.insert(.output) }
        if scanner == nil, inflow == nil, outflow == nil { interest.formUnion(idleInterest) }
        loop.watch(socket, for: interest, by: self)
    }

    func ready(_ readiness: Readiness) {
        let isBroken = !readiness.isDisjoint(with: .broken)
        if let outflow, !outflow.isWaiting, isBroken || readiness.contains(.output) { pumpOut() }
        guard !isClosed, isBroken || !readiness.isDisjoint(with: [.input, .ended]) else { return }
        if scanner != nil {
            pumpHead()
        } else if let inflow {
            if !inflow.pacer.isWaiting { pumpIn() }
        } else if outflow == nil {
            lost(isBroken ? .broken : .ended)
        }
    }

    /// Takes a head's bytes and not one more.
    private func pumpHead() {
        let moved = Socket.peek(socket, scratch.bytes)
        guard case .bytes(let count) = moved else {
            return moved == .notNow ? () : lost(moved)
        }
        let wasEmpty = awaitsHead
        let bytes = UnsafeRawBufferPointer(rebasing: scratch.bytes[..<count])
        let end: Int?
        do {
            end = try scanner?.take(bytes)
        } catch {
            scanner = nil
            return headFailed(error)
        }
        let own = end ?? count
        head += bytes[..<own]
        _ = Socket.receive(socket, UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[..<own]))
        if end != nil {
            scanner = nil
            let bytes = head
            head = []
            updateInterest()
            headCame(bytes)
        } else if wasEmpty {
            headBegan()
        }
    }

    /// The first bytes of a head came, but not all of it.
    func headBegan() {}

    /// One turn moves at most so much, so that others have theirs.
    private static let turnBytes = 1 << 20

    private func pumpIn() {
        var turn = Connection.turnBytes
        while turn > 0, !isClosed, let inflow {
            let granted = Int(inflow.pacer.grant(Int64(min(inflow.wantedBytes, turn))))
            if granted == 0 {
                setDeadline(.max)
                break
            }
            let moved = Socket.receive(socket, inflow.space(granted))
            guard case .bytes(let count) = moved else {
                inflow.pacer.moved(0, of: Int64(granted))
                if moved == .notNow { break }
                return lost(moved)
            }
            inflow.pacer.moved(Int64(count), of: Int64(granted))
            turn -= count
            moves()
            inflow.came(count)
            if isClosed { return }
            if inflow.isDone { return finish(inflow) }
            if count < granted { break }
        }
        updateInterest()
    }

    private func finish(_ inflow: Inflow) {
        inflow.pacer.stop()
        self.inflow = nil
        if outflow == nil { setDeadline(.max) }
        updateInterest()
        inflow.onDone(inflow.wasteBytes)
    }

    private func pumpOut() {
        var turn = Connection.turnBytes
        while turn > 0, !isClosed, let outflow {
            if outflow.bytes.isEmpty, outflow.part?.remainingBytes ?? 0 == 0 {
                return finish(outflow)
            }
            guard let moved = step(outflow, turn) else {
                setDeadline(.max)
                break
            }
            guard case .bytes(let count) = moved else {
                if moved == .notNow { break }
                return lost(moved)
            }
            turn -= count
            moves()
        }
        updateInterest()
    }

    /// Sends what goes at once; nil: it waits for its pace.
    private func step(_ outflow: Outflow, _ turn: Int) -> Moved? {
        guard outflow.bytes.isEmpty, let part = outflow.part else {
            let moved = Socket.send(
                socket, outflow.bytes, more: outflow.part?.remainingBytes ?? 0 > 0)
            if case .bytes(let count) = moved { outflow.bytes.removeFirst(count) }
            return moved
        }
        let granted = part.pacer.grant(min(part.remainingBytes, Int64(turn)))
        if granted == 0 { return nil }
        let moved = Socket.send(socket, file: part.file, at: part.offset, bytes: Int(granted))
        var count: Int64 = 0
        if case .bytes(let bytes) = moved { count = Int64(bytes) }
        part.pacer.moved(count, of: granted)
        outflow.part?.offset += count
        outflow.part?.remainingBytes -= count
        return moved
    }

    private func finish(_ outflow: Outflow) {
        outflow.part?.pacer.stop()
        self.outflow = nil
        if inflow == nil { setDeadline(.max) }
        updateInterest()
        outflow.onDone()
    }
}
