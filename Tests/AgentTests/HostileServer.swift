import Foundation

/// A server of a few lines that doesn't keep to the protocol, in place of a source.
enum HostileServer: String, CaseIterable, Sendable {
    /// Bytes of another place than was asked for.
    case wrongRange
    /// 206 for all ranges, with more bytes than it says.
    case endless
    /// 200 and a page of HTML.
    case errorPage
    /// Elsewhere.
    case redirect
    /// The right form, and nothing but nonsense in it.
    case nonsense
    /// No HTTP at all.
    case garbage
    /// Says nothing and keeps the connection.
    case silent
    /// Says after a while that it has nothing.
    case slow

    /// What the operator is told of it; nil: nothing, as such things happen to the best.
    var complaint: String? {
        switch self {
        case .wrongRange, .endless, .redirect: "doesn't keep to the protocol: "
        case .errorPage, .nonsense: "sends other bytes than it should"
        case .garbage, .silent, .slow: nil
        }
    }

    /// Starts it; it prints its port.
    func start(log: String) throws -> (program: RunningProgram, address: String) {
        let program = try RunningProgram(
            "/usr/bin/python3", ["-u", "-c", HostileServer.script, rawValue], log: log)
        guard eventually({ program.output.contains("\n") || !program.isRunning }),
            let port = program.output.split(separator: "\n").first.flatMap({ UInt16($0) })
        else { throw TrialNight.NightFault(what: "no hostile server: \(program.output)") }
        return (program, "127.0.0.1:\(port)")
    }

    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    private static let script = #"""
        import re, socket, sys, threading, time
        kind = sys.argv[1]
        door = socket.create_server(("127.0.0.1", 0))
        print(door.getsockname()[1], flush=True)

        def answer(line, fields, body):
            head = "HTTP/1.1 " + line + "\r\n" + "".join(f + "\r\n" for f in fields) + "\r\n"
            return head.encode() + body

        def talk(link):
            data = b""
            while True:
                while b"\r\n\r\n" not in data:
                    more = link.recv(65536)
                    if not more: return
                    data += more
                head, data = data.split(b"\r\n\r\n", 1)
                found = re.search(rb"range: bytes=(\d+)-(\d+)", head, re.I)
                first, last = (int(found[1]), int(found[2])) if found else (0, 99)
                size = last - first + 1
                if kind == "silent": time.sleep(60); return
                if kind == "slow":
                    time.sleep(3)
                    link.sendall(answer("404 Not Found", ["Content-Length: 0"], b""))
                    continue
                if kind == "garbage": link.sendall(b"\x16\x03\x01" * 5000); return
                if kind == "redirect":
                    link.sendall(answer("302 Found", ["Location: http://127.0.0.1:1/", "Content-Length: 0"], b""))
                elif kind == "errorPage":
                    page = b"<html>" + b"x" * (size - 6)
                    link.sendall(answer("200 OK", ["Content-Type: text/html", f"Content-Length: {len(page)}"], page))
                elif kind == "wrongRange":
                    link.sendall(answer("206 Partial Content", [f"Content-Range: bytes {first + 1}-{last + 1}/99999999", f"Content-Length: {size}"], b"x" * size))
                elif kind == "endless":
                    link.sendall(answer("206 Partial Content", [f"Content-Range: bytes {first}-{last}/4214304", "Connection: close"], b""))
                    while True: link.sendall(b"x" * 65536)
                else:
                    link.sendall(answer("206 Partial Content", [f"Content-Range: bytes {first}-{last}/4214304", f"Content-Length: {size}"], b"x" * size))

        def run(link):
            try: talk(link)
            except OSError: pass
            finally: link.close()

        while True:
            link, _ = door.accept()
            threading.Thread(target=run, args=(link,), daemon=True).start()
        """#
}
