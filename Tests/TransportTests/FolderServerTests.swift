import Glibc
import Testing

@testable import Transport

/// A folder served read-only, asked over a raw connection.
struct FolderServerTests {
    private final class Scene {
        let rig: Rig
        let server: FolderServer
        let folder: String

        init() throws {
            var name = Array("/tmp/folder-test-XXXXXX".utf8CString)
            try #require(mkdtemp(&name) != nil)
            folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            mkdir(folder + "/served", 0o700)
            mkdir(folder + "/served/sub", 0o700)
            Scene.write(folder + "/secret", "secret")
            Scene.write(folder + "/served/file", "0123456789")
            Scene.write(folder + "/served/sub/a b", "inner")
            Scene.write(folder + "/served/empty", "")
            Scene.write(folder + "/served/.hidden", "hidden")
            symlink("../secret", folder + "/served/link")
            symlink("..", folder + "/served/up")
            symlink("sub", folder + "/served/inside")
            mkfifo(folder + "/served/pipe", 0o600)
            symlink("served", folder + "/current")
            rig = try Rig()
            server = try FolderServer(
                loop: rig.loop, line: rig.line, listen: Address(host: "127.0.0.1", port: 0),
                folder: folder + "/current")
        }

        deinit {
            for name in [".hidden", "file", "sub/a b", "empty", "link", "up", "inside", "pipe"] {
                unlink(folder + "/served/" + name)
            }
            rmdir(folder + "/served/sub")
            rmdir(folder + "/served")
            unlink(folder + "/secret")
            unlink(folder + "/current")
            rmdir(folder)
        }

        static func write(_ path: String, _ text: String) {
            let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            _ = Array(text.utf8).withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            Glibc.close(file)
        }

        /// The status, the head and the body of the answer.
        func get(_ target: String, _ fields: String = "", method: String = "GET")
            -> (status: String, head: String, body: String)
        {
            let client = RawClient(server.address, loop: rig.loop)
            client.onChange = { [rig] in if $0.isOver { rig.loop.stop() } }
            client.send(
                "\(method) \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n")
            rig.run()
            guard let end = client.text.utf8.firstRange(of: Array("\r\n\r\n".utf8)) else {
                return ("", client.text, "")
            }
            let head = String(client.text[..<end.lowerBound])
            return (
                String(head.dropFirst(9).prefix(3)), head, String(client.text[end.upperBound...])
            )
        }

        func field(_ name: String, _ target: String) -> String {
            let lines = get(target).head.split(separator: "\r\n")
            return lines.first { $0.hasPrefix(name + ": ") }
                .map { String($0.dropFirst(name.count + 2)) } ?? ""
        }
    }

    @Test func `files are served whole, also by a link to the folder`() throws {
        let scene = try Scene()
        #expect(scene.get("/file").body == "0123456789")
        #expect(scene.get("/file").status == "200")
        #expect(scene.get("/sub/a%20b").body == "inner")
        #expect(scene.get("/empty").status == "200")
        #expect(scene.get("/empty").head.contains("Content-Length: 0"))
        #expect(scene.get("/file?x=y").body == "0123456789")
    }

    @Test(arguments: [
        "/", "/none", "/sub", "/sub/", "//file", "/file/", "/./file", "/sub/../file", "/../secret",
        "/%2e%2e/secret", "/..%2fsecret", "/sub/%2e%2e/%2e%2e/secret", "/link", "/up/secret",
        "/inside/a%20b", "/pipe", "/file/x", "/.hidden", "/%2ehidden",
    ])
    func `nothing but regular files below the folder is served`(target: String) throws {
        let answer = try Scene().get(target)
        #expect(answer.status == "404" && answer.body == "")
    }

    @Test(arguments: [
        ("bytes=2-4", "206", "234", "bytes 2-4/10"), ("bytes=7-", "206", "789", "bytes 7-9/10"),
        ("bytes=-2", "206", "89", "bytes 8-9/10"), ("bytes=5-99", "206", "56789", "bytes 5-9/10"),
        ("bytes=0-9", "206", "0123456789", "bytes 0-9/10"), ("bytes=10-", "416", "", "bytes */10"),
        ("bytes=0-1,3-4", "200", "0123456789", ""), ("lines=1-2", "200", "0123456789", ""),
    ])
    func `ranges are cut to the file`(range: String, status: String, body: String, content: String)
        throws
    {
        let answer = try Scene().get("/file", "Range: \(range)\r\n")
        #expect(answer.status == status && answer.body == body)
        #expect(answer.head.contains("Content-Range") == !content.isEmpty)
        #expect(answer.head.contains("Content-Range: \(content)") == !content.isEmpty)
    }

    @Test func `what is known already is not sent again`() throws {
        let scene = try Scene()
        let etag = scene.field("ETag", "/file")
        #expect(etag.hasPrefix("\"") && etag.hasSuffix("\"") && etag.count > 5)
        for condition in [etag, "W/" + etag, "\"x\", " + etag, "*"] {
            let answer = scene.get("/file", "If-None-Match: \(condition)\r\n")
            #expect(answer.status == "304" && answer.body == "")
            #expect(answer.head.contains("ETag: " + etag))
        }
        #expect(scene.get("/file", "If-None-Match: \"x\"\r\n").status == "200")
        #expect(scene.field("Last-Modified", "/file").hasSuffix(" GMT"))
        #expect(scene.get("/file", "Range: bytes=1-2\r\nIf-Range: \(etag)\r\n").body == "12")
        #expect(scene.get("/file", "Range: bytes=1-2\r\nIf-Range: \"x\"\r\n").status == "200")
        Scene.write(scene.folder + "/served/file", "abcdefghijk")
        #expect(scene.field("ETag", "/file") != etag)
        #expect(scene.get("/file", "If-None-Match: \(etag)\r\n").body == "abcdefghijk")
    }

    @Test func `a head is asked for alone, and nothing is put`() throws {
        let scene = try Scene()
        let answer = scene.get("/file", "Range: bytes=1-2\r\n", method: "HEAD")
        #expect(answer.status == "200" && answer.body == "")
        #expect(answer.head.contains("Content-Length: 10"))
        let put = scene.get("/file", "Content-Length: 1\r\n", method: "PUT")
        #expect(put.status == "405" && put.head.contains("Allow: GET, HEAD"))
    }

    @Test func `no descriptor is left open`() throws {
        let scene = try Scene()
        func count() -> Int { (0..<512).filter { fcntl($0, F_GETFD) >= 0 }.count }
        // Other tests open some at the same time, but not a hundred.
        let before = count()
        for _ in 0..<200 {
            _ = scene.get("/file", "If-None-Match: *\r\n")
            _ = scene.get("/file", "Range: bytes=20-\r\n")
            _ = scene.get("/sub")
        }
        #expect(count() < before + 100)
    }
}
