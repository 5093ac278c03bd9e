/// Where an end listens: a name or an IP address, and a port.
package struct Address: Hashable, Sendable, CustomStringConvertible {
    /// A host name, an IPv4 address, or an IPv6 address without brackets.
    package var host: String
    /// From 1; 0 asks for any free port where one listens.
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[v6]:port`; nil for anything else, also for an IPv6 address without
    /// brackets. `defaultPort`, where given, stands in for a port that isn't there.
    package init?(text: String, defaultPort: UInt16? = nil) {
        let bytes = Array(text.utf8)
        let end: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = String(decoding: bytes[1..<close], as: UTF8.self)
            guard host.utf8.contains(UInt8(ascii: ":")) else { return nil }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            host = String(decoding: bytes[..<end], as: UTF8.self)
        }
        guard Address.isHost(host) else { return nil }
        if end == bytes.count {
            guard let defaultPort else { return nil }
            port = defaultPort
        } else {
            let digits = bytes[(end + 1)...]
            guard bytes[end] == UInt8(ascii: ":"), (1...5).contains(digits.count),
                digits.allSatisfy({ (48...57).contains($0) }),
                let value = UInt16(String(decoding: digits, as: UTF8.self))
            else { return nil }
            port = value
        }
    }

    /// Letters, digits and `.-_:%` alone, so that it can stand in a `Host` field.
    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: [45, 46, 95, 58, 37].contains($0)
                }
            }
    }

    /// As it stands in a URL: an IPv6 address in brackets.
    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
