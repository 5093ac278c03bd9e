import Glibc

/// What came of a call that moves bytes.
enum Moved: Hashable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing can move now.
    case notNow
    /// The other end has ended its half.
    case ended
    /// An error of the connection.
    case broken
    /// An error of the file that is sent, or its end.
    case unreadable
}

/// TCP sockets, none of whose calls blocks.
enum Socket {
    /// An unconnected socket of a family, nil when the process has no descriptor left.
    static func make(_ family: Int32) -> Int32? {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(family, kind, 0)
        return socket < 0 ? nil : socket
    }

    /// A socket that listens, or why there is none.
    static func listen(_ address: SocketAddress) throws(TransportError) -> Int32 {
        guard let socket = make(address.family) else { throw .system("can't make a socket") }
        set(socket, SOL_SOCKET, SO_REUSEADDR, 1)
        var copy = address
        guard copy.with({ bind(socket, $0, $1.pointee) }) == 0, Glibc.listen(socket, 256) == 0
        else {
            let error = TransportError.system("can't listen at \(address.address)")
            Glibc.close(socket)
            throw error
        }
        return socket
    }

    /// The next connection that waits and who opened it, or the error number.
    static func accept(_ socket: Int32) -> Result<(Int32, SocketAddress), Refusal> {
        var peer = SocketAddress()
        let new = peer.with { Glibc.accept(socket, $0, $1) }
        guard new >= 0 else { return .failure(Refusal(number: errno)) }
        closeOnExec(new)
        _ = fcntl(new, F_SETFL, O_NONBLOCK)
        return .success((new, peer))
    }

    /// The number of the system's error.
    struct Refusal: Error {
        var number: Int32
    }

    /// Where a socket listens.
    static func ownAddress(_ socket: Int32) -> Address {
        var own = SocketAddress()
        _ = own.with { getsockname(socket, $0, $1) }
        return own.address
    }

    static func closeOnExec(_ descriptor: Int32) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }

    /// Begins to connect; false when that failed at once.
    static func connect(_ socket: Int32, _ address: SocketAddress) -> Bool {
        var address = address
        let result = address.with { Glibc.connect(socket, $0, $1.pointee) }
        return result == 0 || errno == EINPROGRESS
    }

    /// Whether a connection that was begun is there.
    static func isConnected(_ socket: Int32) -> Bool {
        var fault: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 && fault == 0
    }

    /// Small writes go at once; what waits in the kernel unsent is little, so that the order of
    /// exchanges acts; a line that is cut without a word is noticed.
    static func tune(_ socket: Int32) {
        set(socket, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(socket, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, 131_072)
        set(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 15_000)
        set(socket, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(socket, Int32(IPPROTO_TCP), TCP_KEEPIDLE, 10)
        set(socket, Int32(IPPROTO_TCP), TCP_KEEPINTVL, 3)
        set(socket, Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    }

    /// Bounds what the kernel takes in before it is read.
    static func setReceiveBuffer(_ socket: Int32, bytes: Int) {
        set(socket, SOL_SOCKET, SO_RCVBUF, Int32(clamping: bytes))
    }

    static func set(_ socket: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        setsockopt(socket, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Bytes that were sent and that the other end's kernel has not acknowledged.
    static func unacknowledgedBytes(_ socket: Int32) -> Int {
        var count: Int32 = 0
        return ioctl(socket, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
    }

    /// Reads what is there, up to the size of the buffer.
    static func receive(_ socket: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Moved {
        moved(recv(socket, buffer.baseAddress, buffer.count, 0))
    }

    /// Looks at what is there without taking it.
    static func peek(_ socket: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Moved {
        moved(recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_PEEK)))
    }

    /// Sends what fits; `more` tells that something follows at once.
    static func send(_ socket: Int32, _ bytes: ArraySlice<UInt8>, more: Bool) -> Moved {
        let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
        return bytes.withUnsafeBytes {
            moved(Glibc.send(socket, $0.baseAddress, $0.count, flags))
        }
    }

    /// Sends what fits of `bytes` bytes of a file.
    static func send(_ socket: Int32, file: Int32, at offset: Int64, bytes: Int) -> Moved {
        var offset = off_t(offset)
        let count = sendfile(socket, file, &offset, bytes)
        if count == 0 { return .unreadable }
        if count < 0, [EIO, EINVAL, EBADF, EOVERFLOW, ENOMEM].contains(errno) {
            return .unreadable
        }
        return moved(count)
    }

    private static func moved(_ count: Int) -> Moved {
        if count > 0 { return .bytes(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN || errno == EINTR ? .notNow : .broken
    }
}
