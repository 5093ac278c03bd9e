import Foundation
import Testing

/// A real nginx on loopback that serves one folder; it ends with its last reference.
final class WebServer {
    let port: UInt16
    private let process: Process

    /// Starts it, and waits until it answers.
    init(serving folder: URL, in place: URL) throws {
        port = try WebServer.freePort()
        let own = place.appending(path: "nginx")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let temporaries = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(own.path)/\($0);"
        }
        let user = getuid() == 0 ? "user root;" : ""
        let text = """
            daemon off; master_process off; \(user) pid \(own.path)/pid; error_log \(own.path)/log;
            events {}
            http {
                access_log \(own.path)/access;
                \(temporaries.joined(separator: " "))
                server { listen 127.0.0.1:\(port); root \(folder.path); }
            }

            """
        let file = own.appending(path: "nginx.conf")
        try Data(text.utf8).write(to: file)
        process = Program.process(
            "PATH=$PATH:/usr/sbin exec nginx -c \(file.path) -p \(own.path) 2>\(own.path)/said",
            in: place)
        try process.run()
        while process.isRunning, !WebServer.answers(port) { usleep(5000) }
        try #require(process.isRunning)
    }

    deinit {
        // Not SIGTERM: threads of the tests have it blocked, and nginx inherits that.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")

    /// A port that the system gave to nobody a moment ago.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        try #require(status == 0)
        return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
