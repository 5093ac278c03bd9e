import Crypto
import Glibc
import Transport

// What `loopback.py` measures: a server, and a client that checks each block and writes it.
//
//   Loopback digests FILE BLOCK            the SHA-256 of each block, one a line
//   Loopback serve FOLDER                  tells its port, serves till its input ends
//   Loopback fetch PORT NAME BLOCK DIGESTS OUT

@main
struct Loopback {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        switch words.first {
        case "digests": try digests(words[2], block: Int(words[3]) ?? 1)
        case "serve": try serve(words[2])
        case "fetch": try Fetch(Array(words.dropFirst())).run()
        default: fatalError("digests, serve or fetch")
        }
    }

    /// Reads a file in blocks.
    static func digests(_ path: String, block: Int) throws {
        let file = open(path, O_RDONLY)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: block, alignment: 4096)
        while true {
            let count = read(file, buffer.baseAddress, block)
            if count <= 0 { break }
            print(hex(SHA256.hash(data: UnsafeRawBufferPointer(rebasing: buffer[..<count]))))
        }
    }

    static func hex(_ digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func serve(_ folder: String) throws {
        let loop = try EventLoop()
        let server = try FolderServer(
            loop: loop, line: Line(loop: loop), listen: Address(host: "127.0.0.1", port: 0),
            folder: folder)
        print(server.address.port)
        fflush(nil)
        try loop.onSignals([SIGTERM]) { _ in loop.stop() }
        loop.run()
    }
}

/// One whole file over one connection.
final class Fetch {
    private let pull: Pull
    private let digests: [[UInt8]]
    private let output: Int32

    init(_ words: [String]) {
        let block = Int(words[2]) ?? 1
        digests = Fetch.lines(words[3]).map { Array($0.utf8) }
        output = open(words[4], O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let bytes = digests.count * block
        pull = Pull(
            address: Address(host: "127.0.0.1", port: UInt16(words[0]) ?? 0), path: words[1],
            range: 0..<Int64(bytes), token: nil,
            blocks: Array(repeating: block, count: digests.count), pacing: .unlimited())
    }

    private static func lines(_ path: String) -> [String] {
        let file = fopen(path, "r")
        var lines: [String] = []
        var line = [CChar](repeating: 0, count: 100)
        while fgets(&line, 100, file) != nil {
            lines.append(String(decoding: line.prefix { $0 != 10 }.map(UInt8.init), as: UTF8.self))
        }
        return lines
    }

    func run() throws {
        let loop = try EventLoop()
        let client = Client(loop: loop, line: Line(loop: loop))
        let block = off_t(pull.blocks[0])
        client.pull(
            pull,
            onBlock: { [digests, output] place, bytes in
                let digest = Array(Loopback.hex(SHA256.hash(data: bytes)).utf8)
                precondition(digest == digests[place], "block \(place) is wrong")
                let count = pwrite(output, bytes.baseAddress, bytes.count, off_t(place) * block)
                precondition(count == bytes.count, "can't write")
            },
            onEnd: { end, _ in
                precondition(end == .complete, "\(end)")
                loop.stop()
            })
        loop.run()
        close(output)
    }
}
