import Catalogue
import Content
import Foundation
import Glibc
import Quantities
import TestSupport
import Testing

@testable import Agent

/// What the operator's system is told, and what it does.
@Suite(.serialized, .waiting) struct ServiceTests {
    /// A datagram socket as systemd's.
    private final class Listener {
        let raw: Int32

        // An abstract name begins with an at-sign.
        init(_ name: String) throws {
            raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(name.utf8)
            withUnsafeMutableBytes(of: &address.sun_path) { place in
                place.copyBytes(from: bytes)
                if bytes.first == UInt8(ascii: "@") { place[0] = 0 }
            }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
            let code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(raw, $0, length) }
            }
            try #require(code == 0)
        }

        deinit { close(raw) }

        /// What came next, once it has.
        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 256)
            var count = -1
            _ = eventually {
                count = recv(raw, &bytes, bytes.count, Int32(MSG_DONTWAIT))
                return count >= 0
            }
            return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    @Test(arguments: [false, true])
    func `systemd is told when the agent is ready and when it stops`(isAbstract: Bool) throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        let name = isAbstract ? "@agent-\(UUID())" : folder.path("notify")
        let listener = try Listener(name)
        let program = try RunningProgram(
            agentProgram, ["run", "-s", box.path], log: folder.path("log"),
            environment: ["NOTIFY_SOCKET": name])
        #expect(listener.next() == "READY=1\n", "\(program.output)")
        #expect(try StateView(box.path).isRunning)
        #expect(try !StateView(box.path).listen.isEmpty)
        #expect(program.terminate() == 0)
        #expect(listener.next() == "STOPPING=1\n")
    }

    @Test func `the operator's program is run once for each item, with its key and path`() throws {
        let film = TrialItem("film", sizes: [300_000], seed: 31)
        let series = TrialItem("series", sizes: [200_000], seed: 32)
        let night = try TrialNight([film, series])
        let program = night.folder.path("announce")
        // It leaves the item's digest where the operator wants it, and is in no hurry.
        try night.folder.write(
            Array(
                """
                #!/bin/sh
                sleep 0.2
                sha256sum < "$2" | cut -c1-64 >> "\(night.folder.path("done"))/$1"

                """.utf8), "announce")
        #expect(chmod(program, 0o755) == 0)
        try FileManager.default.createDirectory(
            atPath: night.folder.path("done"), withIntermediateDirectories: false)
        try night.add("b") { $0.onComplete = program }
        for item in [film, series] {
            night.plan(item, 0...(item.layout.count - 1), fromOriginTo: "b", slot: 2)
        }
        try night.publish()
        for item in [film, series] {
            let line = "\(item.index.blob.hex)\n"
            #expect(
                try eventually {
                    let name = "done/\(item.key)"
                    return try night.folder.has(name)
                        && String(decoding: night.folder.read(name), as: UTF8.self) == line
                }, "\(night.log("b"))")
        }
        #expect(try night.folder.names("done") == [film.key, series.key].sorted())
        // What is there already isn't told again.
        _ = night.programs["b"]?.terminate()
        try night.start("b")
        #expect(
            try eventually {
                let view = try StateView(night.folder.path("b"))
                return view.night != nil && view.state == "idle"
            }, "\(night.log("b"))")
        Thread.sleep(forTimeInterval: 0.5)
        #expect(try night.folder.read("done/\(film.key)").count == 65)
    }

    @Test func `a program that isn't there is told, and the item stays`() throws {
        let film = TrialItem("film", sizes: [300_000], seed: 31)
        let night = try TrialNight([film])
        try night.add("b") { $0.onComplete = night.folder.path("nowhere") }
        night.plan(film, 0...(film.layout.count - 1), fromOriginTo: "b", slot: 2)
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        #expect(eventually { night.log("b").contains("cannot run '") }, "\(night.log("b"))")
    }
}
