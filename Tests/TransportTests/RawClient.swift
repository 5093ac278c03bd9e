import Glibc

@testable import Transport

/// A connection that sends what it is told and keeps all that comes.
final class RawClient: Watcher {
    private let loop: EventLoop
    private let socket: Int32
    private var output: [UInt8] = []
    private(set) var input: [UInt8] = []
    private(set) var isOver = false
    /// Called when something came, or when it is over.
    var onChange: (RawClient) -> Void = { _ in }

    init(_ address: Address, loop: EventLoop) {
        self.loop = loop
        let target = SocketAddress.find(address, numericOnly: true)[0]
        socket = Socket.make(target.family) ?? -1
        _ = Socket.connect(socket, target)
        loop.watch(socket, for: .input, by: self)
    }

    var text: String { String(decoding: input, as: UTF8.self) }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        output += bytes
        loop.watch(socket, for: [.input, .output], by: self)
    }

    func ready(_ readiness: Readiness) {
        if readiness.contains(.output), !output.isEmpty {
            if case .bytes(let count) = Socket.send(socket, output[...], more: false) {
                output.removeFirst(count)
            }
            if output.isEmpty { loop.watch(socket, for: .input, by: self) }
        }
        guard readiness.contains(.input) || !readiness.isDisjoint(with: .broken) else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let moved = buffer.withUnsafeMutableBytes { Socket.receive(socket, $0) }
        switch moved {
        case .bytes(let count): input += buffer[..<count]
        case .notNow: return
        default: close()
        }
        onChange(self)
    }

    func close() {
        guard !isOver else { return }
        isOver = true
        loop.unwatch(socket)
        Glibc.close(socket)
    }
}
