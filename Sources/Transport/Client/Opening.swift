import Glibc

/// A connection being opened: each address of the end in turn.
final class Opening: Watcher {
    private let loop: EventLoop
    private let connectMs: Int64
    private let receiveBufferBytes: Int?
    private var addresses: ArraySlice<SocketAddress>
    private var socket: Int32 = -1
    private var timer: TimerID?
    private let onDone: (Int32?) -> Void

    /// Calls `onDone` with the connected socket, nil when no address answered; never at once.
    init(
        loop: EventLoop, addresses: [SocketAddress], connectMs: Int64, receiveBufferBytes: Int?,
        onDone: @escaping (Int32?) -> Void
    ) {
        self.loop = loop
        self.connectMs = connectMs
        self.receiveBufferBytes = receiveBufferBytes
        self.addresses = addresses[...]
        self.onDone = onDone
        loop.soon { self.tryNext() }
    }

    private func tryNext() {
        while let address = addresses.popFirst() {
            guard let new = Socket.make(address.family) else { break }
            // What the window may grow to is agreed on when the connection opens.
            if let receiveBufferBytes { Socket.setReceiveBuffer(new, bytes: receiveBufferBytes) }
            if Socket.connect(new, address) {
                socket = new
                loop.watch(new, for: .output, by: self)
                timer = loop.timer(atSteadyMs: EventLoop.steadyMs() + connectMs) { [weak self] in
                    self?.giveUp()
                }
                return
            }
            Glibc.close(new)
        }
        onDone(nil)
    }

    func ready(_ readiness: Readiness) {
        guard Socket.isConnected(socket) else { return giveUp() }
        stopWaiting()
        Socket.tune(socket)
        onDone(socket)
    }

    private func stopWaiting() {
        if let timer { loop.cancel(timer) }
        timer = nil
        loop.unwatch(socket)
    }

    private func giveUp() {
        stopWaiting()
        Glibc.close(socket)
        tryNext()
    }
}
