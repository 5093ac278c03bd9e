import Glibc
import Testing

@testable import Transport

/// What others make of our servers: curl and aria2c, where they are installed.
struct ForeignClientTests {
    static let hasCurl = access("/usr/bin/curl", X_OK) == 0
    static let hasAria = access("/usr/bin/aria2c", X_OK) == 0

    /// A folder for files, and a loop that goes on while a program runs.
    private final class Scene {
        let rig: Rig
        let folder: String
        let bytes = TestFile.bytes(3_000_001, seed: 7)

        init() throws {
            rig = try Rig()
            var name = Array("/tmp/foreign-test-XXXXXX".utf8CString)
            try #require(mkdtemp(&name) != nil)
            folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            mkdir(folder + "/served", 0o700)
            Scene.write(folder + "/served/item", bytes[...])
        }

        deinit {
            for name in ["served/item", "out", "out.aria2"] { unlink(folder + "/" + name) }
            rmdir(folder + "/served")
            rmdir(folder)
        }

        static func write(_ path: String, _ bytes: ArraySlice<UInt8>) {
            let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            var rest = bytes
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                rest.removeFirst(count)
            }
            Glibc.close(file)
        }

        var out: [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 4_000_000)
            let file = open(folder + "/out", O_RDONLY)
            defer { Glibc.close(file) }
            let count = read(file, &bytes, bytes.count)
            return Array(bytes.prefix(max(0, count)))
        }

        func serve() throws -> FolderServer {
            let listen = Address(host: "127.0.0.1", port: 0)
            return try FolderServer(
                loop: rig.loop, line: rig.line, listen: listen, folder: folder + "/served")
        }

        /// Runs a program to its end; its exit status.
        func run(_ words: String...) -> Int32 {
            var arguments = words.map { strdup($0) }
            defer { for argument in arguments { free(argument) } }
            arguments.append(nil)
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
            defer { posix_spawn_file_actions_destroy(&actions) }
            var process = pid_t()
            guard posix_spawn(&process, words[0], &actions, nil, arguments, environ) == 0 else {
                return -1
            }
            var status: Int32 = -1
            watch(process) { status = $0 }
            rig.run()
            return status >> 8
        }

        private func watch(_ process: pid_t, _ then: @escaping (Int32) -> Void) {
            rig.loop.timer(atSteadyMs: EventLoop.steadyMs() + 10) { [self] in
                var status: Int32 = 0
                if waitpid(process, &status, WNOHANG) == 0 { return watch(process, then) }
                then(status)
                rig.loop.stop()
            }
        }
    }

    @Test(.enabled(if: hasCurl))
    func `curl gets a file, a range, and the rest of what it has`() throws {
        let scene = try Scene()
        let server = try scene.serve()
        let url = "http://\(server.address)/item"
        let out = scene.folder + "/out"
        #expect(scene.run("/usr/bin/curl", "-sf", "-o", out, url) == 0)
        #expect(scene.out == scene.bytes)
        #expect(scene.run("/usr/bin/curl", "-sf", "-r", "5-1000004", "-o", out, url) == 0)
        #expect(scene.out == Array(scene.bytes[5...1_000_004]))
        Scene.write(out, scene.bytes[..<1_234_567])
        #expect(scene.run("/usr/bin/curl", "-sf", "-C", "-", "-o", out, url) == 0)
        #expect(scene.out == scene.bytes)
        #expect(scene.run("/usr/bin/curl", "-sfI", url) == 0)
        #expect(scene.run("/usr/bin/curl", "-sf", url + "x") == 22)
    }

    @Test(.enabled(if: hasAria))
    func `aria2c gets a file over several connections at once`() throws {
        let scene = try Scene()
        let server = try scene.serve()
        let status = scene.run(
            "/usr/bin/aria2c", "--no-conf", "-q", "-x4", "-s4", "-k1M", "--file-allocation=none",
            "-d", scene.folder, "-o", "out", "http://\(server.address)/item")
        #expect(status == 0)
        #expect(scene.out == scene.bytes)
    }

    @Test(.enabled(if: hasCurl))
    func `curl puts a file, asking first or not`() throws {
        let scene = try Scene()
        let server = try scene.rig.server()
        var came: [UInt8] = []
        var ends: [End] = []
        server.onRequest = { [unowned server] request in
            came = []
            server.receive(
                request.id, blocks: [3_000_000, 1], pacing: .unlimited(),
                onBlock: { came += Array($1) }, onEnd: { end, _ in ends.append(end) })
        }
        let file = scene.folder + "/served/item"
        let url = "http://\(server.address)/item"
        for expect in ["Expect: 100-continue", "Expect:"] {
            #expect(scene.run("/usr/bin/curl", "-sf", "-H", expect, "-T", file, url) == 0)
            #expect(came == scene.bytes)
        }
        #expect(ends == [.complete, .complete])
    }
}
