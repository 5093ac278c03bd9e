import Glibc

/// Tells systemd how the service is (sd_notify(3)), where it asked to be told.
enum ServiceNotice {
    /// Sends a line such as `READY=1`.
    static func send(_ line: String) {
        guard let name = getenv("NOTIFY_SOCKET") else { return }
        let path = Array(String(cString: name).utf8)
        var address = sockaddr_un()
        guard !path.isEmpty, path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            return
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: path)
            // An abstract name begins with a zero byte.
            if path[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        }
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { return }
        defer { close(raw) }
        let length = MemoryLayout<sa_family_t>.size + path.count
        let text = Array(line.utf8)
        // The address is read as the general form that it begins like.
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                _ = sendto(
                    raw, text, text.count, Int32(MSG_NOSIGNAL), general, UInt32(length))
            }
        }
    }
}
