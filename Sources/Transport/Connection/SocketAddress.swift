import Glibc

/// A numeric address as the system takes it.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// None yet: for calls that fill it in.
    init() {}

    private init(_ info: addrinfo) {
        length = info.ai_addrlen
        withUnsafeMutableBytes(of: &storage) { target in
            let source = UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
            target.copyBytes(from: source.prefix(target.count))
        }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// Calls `body` with the address as C wants it; what it writes there stays.
    mutating func with<T>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> T
    ) -> T {
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }

    /// In numbers.
    var address: Address {
        var copy = self
        var host = [CChar](repeating: 0, count: 64)
        var port = [CChar](repeating: 0, count: 16)
        let hostSize = socklen_t(host.count)
        let portSize = socklen_t(port.count)
        let fault = copy.with { pointer, length in
            getnameinfo(
                pointer, length.pointee, &host, hostSize, &port, portSize,
                NI_NUMERICHOST | NI_NUMERICSERV)
        }
        guard fault == 0 else { return Address(host: "unknown", port: 0) }
        return Address(host: text(host), port: UInt16(text(port)) ?? 0)
    }

    private func text(_ characters: [CChar]) -> String {
        String(
            decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The addresses of an end, in the order of RFC 6724; empty when there is none. Blocks while
    /// the name is looked up, unless `numericOnly`.
    static func find(_ address: Address, numericOnly: Bool, toListen: Bool = false)
        -> [SocketAddress]
    {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        if numericOnly { hints.ai_flags |= AI_NUMERICHOST }
        if toListen { hints.ai_flags |= AI_PASSIVE }
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else {
            return []
        }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = list
        while let info = next {
            found.append(SocketAddress(info.pointee))
            next = info.pointee.ai_next
        }
        return found
    }
}
