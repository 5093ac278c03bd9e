import Glibc

@testable import Transport

/// What a puppet does once it has read a request's head.
enum Step {
    case send(String)
    /// So many bytes of nothing.
    case fill(Int)
    case pause(Int64)
    /// Closes in order.
    case end
    /// Closes with a reset.
    case reset
    /// Sends until it can't any more.
    case flood(String)
}

/// A server that does what it is told, right or wrong: the steps for each request, counted over
/// all connections; the last are used for all that follow.
final class Puppet: Watcher {
    let address: Address
    private let loop: EventLoop
    private let socket: Int32
    private let answers: [[Step]]
    /// The heads of the requests that came.
    private(set) var heads: [String] = []
    private(set) var connectionCount = 0
    private(set) var floodedBytes = 0
    /// Those that are open, so that they live.
    private var connections: [PuppetConnection] = []

    init(loop: EventLoop, _ answers: [Step]...) throws {
        self.loop = loop
        self.answers = answers
        let any = SocketAddress.find(Address(host: "127.0.0.1", port: 0), numericOnly: true)
        socket = try Socket.listen(any[0])
        address = Socket.ownAddress(socket)
        loop.watch(socket, for: .input, by: self)
    }

    func ready(_ readiness: Readiness) {
        while case .success((let new, _)) = Socket.accept(socket) {
            connectionCount += 1
            connections.append(PuppetConnection(loop: loop, socket: new, puppet: self))
        }
    }

    fileprivate func steps(for head: String) -> [Step] {
        heads.append(head)
        return answers[min(heads.count, answers.count) - 1]
    }

    fileprivate func flooded(_ bytes: Int) { floodedBytes += bytes }

    /// Cuts all connections without a word.
    func cutAll() {
        for connection in connections { connection.close(reset: true) }
        connections = []
    }
}

private final class PuppetConnection: Watcher {
    private let loop: EventLoop
    private let socket: Int32
    private unowned let puppet: Puppet
    private var input: [UInt8] = []
    private var steps: ArraySlice<Step> = []
    private var output: [UInt8] = []
    private var flood: [UInt8] = []
    private var isOpen = true

    init(loop: EventLoop, socket: Int32, puppet: Puppet) {
        self.loop = loop
        self.socket = socket
        self.puppet = puppet
        loop.watch(socket, for: .input, by: self)
    }

    func ready(_ readiness: Readiness) {
        guard isOpen else { return }
        if readiness.contains(.input) { read() }
        if isOpen, readiness.contains(.output) { write() }
        if isOpen, !readiness.isDisjoint(with: .broken) { close(reset: false) }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let moved = buffer.withUnsafeMutableBytes { Socket.receive(socket, $0) }
        guard case .bytes(let count) = moved else {
            return moved == .notNow ? () : close(reset: false)
        }
        input += buffer[..<count]
        takeHead()
    }

    private func takeHead() {
        guard steps.isEmpty, output.isEmpty else { return }
        let end = Array("\r\n\r\n".utf8)
        guard let start = input.firstRange(of: end) else { return }
        let head = String(decoding: input[..<start.upperBound], as: UTF8.self)
        input.removeFirst(start.upperBound)
        steps = puppet.steps(for: head)[...]
        next()
    }

    private func next() {
        guard isOpen, output.isEmpty else { return }
        guard let step = steps.popFirst() else { return takeHead() }
        switch step {
        case .send(let text):
            output = Array(text.utf8)
            write()
        case .fill(let count):
            output = [UInt8](repeating: 0, count: count)
            write()
        case .flood(let text):
            flood = Array(String(repeating: text, count: 65_536 / text.utf8.count + 1).utf8)
            output = flood
            write()
        case .pause(let time):
            loop.timer(atSteadyMs: EventLoop.steadyMs() + time) { [weak self] in self?.next() }
        case .end: close(reset: false)
        case .reset: close(reset: true)
        }
    }

    private func write() {
        while !output.isEmpty {
            guard case .bytes(let count) = Socket.send(socket, output[...], more: false) else {
                return loop.watch(socket, for: [.input, .output], by: self)
            }
            output.removeFirst(count)
            if !flood.isEmpty {
                puppet.flooded(count)
                if output.isEmpty { output = flood }
            }
        }
        loop.watch(socket, for: .input, by: self)
        next()
    }

    func close(reset: Bool) {
        guard isOpen else { return }
        isOpen = false
        if reset {
            var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
            let size = socklen_t(MemoryLayout<Glibc.linger>.size)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, size)
        }
        loop.unwatch(socket)
        Glibc.close(socket)
    }
}
