import Glibc

/// Looks names up without holding the loop: each name on a thread of its own, which ends with it.
final class Resolver {
    private let loop: EventLoop

    init(loop: EventLoop) { self.loop = loop }

    /// Calls `body` with the addresses, none when the name has none; soon when it is numeric.
    func find(_ address: Address, _ body: @escaping ([SocketAddress]) -> Void) {
        let numeric = SocketAddress.find(address, numericOnly: true)
        guard numeric.isEmpty else { return loop.soon { body(numeric) } }
        guard let lookup = Lookup.start(address) else { return loop.soon { body([]) } }
        loop.watch(lookup, for: .input, by: Answer(loop: loop, descriptor: lookup, body))
    }
}

/// Waits for the thread: a pointer to the addresses comes through the pipe.
private final class Answer: Watcher {
    private let loop: EventLoop
    private let descriptor: Int32
    private let body: ([SocketAddress]) -> Void

    init(loop: EventLoop, descriptor: Int32, _ body: @escaping ([SocketAddress]) -> Void) {
        self.loop = loop
        self.descriptor = descriptor
        self.body = body
    }

    func ready(_ readiness: Readiness) {
        var raw: UInt = 0
        let count = read(descriptor, &raw, MemoryLayout<UInt>.size)
        loop.unwatch(descriptor)
        Glibc.close(descriptor)
        guard count == MemoryLayout<UInt>.size, let pointer = UnsafeRawPointer(bitPattern: raw)
        else { return body([]) }
        // The thread retained the object once for this pointer, and has let go of it.
        let lookup = Unmanaged<Lookup>.fromOpaque(pointer).takeRetainedValue()
        body(lookup.found)
    }
}

/// One name and what was found.
private final class Lookup {
    private let address: Address
    private let pipe: Int32
    var found: [SocketAddress] = []

    private init(_ address: Address, pipe: Int32) {
        self.address = address
        self.pipe = pipe
    }

    /// Starts the thread; returns the end of the pipe that tells when it is done, nil when the
    /// system has no room for it.
    static func start(_ address: Address) -> Int32? {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { Socket.closeOnExec(end) }
        // One object, used by one thread at a time: the new one, then (by the pipe) the loop's.
        let raw = Unmanaged.passRetained(Lookup(address, pipe: ends[1])).toOpaque()
        var thread = pthread_t()
        let fault = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Lookup.run(raw) }
                return nil
            }, raw)
        guard fault == 0 else {
            Unmanaged<Lookup>.fromOpaque(raw).release()
            Glibc.close(ends[0])
            Glibc.close(ends[1])
            return nil
        }
        pthread_detach(thread)
        return ends[0]
    }

    private static func run(_ raw: UnsafeMutableRawPointer) {
        // The reference that `start` retained stays with the pointer till the loop takes it.
        let lookup = Unmanaged<Lookup>.fromOpaque(raw).takeUnretainedValue()
        lookup.found = SocketAddress.find(lookup.address, numericOnly: false)
        let pipe = lookup.pipe
        var word = UInt(bitPattern: raw)
        if write(pipe, &word, MemoryLayout<UInt>.size) != MemoryLayout<UInt>.size {
            Unmanaged<Lookup>.fromOpaque(raw).release()
        }
        Glibc.close(pipe)
    }
}
