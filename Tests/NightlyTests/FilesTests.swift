import Foundation
import Nightly
import Testing

/// A folder that goes away with the test.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "mediaplan-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        try Files.makeFolder(Files.folder(of: file))
        try Files.write(Array(text.utf8), to: file, syncing: false)
    }
}

/// Files, folders and the lock.
@Suite struct FilesTests {
    @Test func `scans regular files only, by the bytes of their paths`() throws {
        let scratch = try Scratch()
        for name in [
            "b.csv", "a/z.csv", "a.csv", ".hidden", "c.tmp", "d.part", ".git/x", "é.csv", "B.csv",
        ] {
            try scratch.write(name, name)
        }
        let found = try FolderScan.files(in: scratch.path).map {
            $0.dropFirst(scratch.path.count + 1)
        }
        #expect(found == ["B.csv", "a.csv", "a/z.csv", "b.csv", "é.csv"])
        #expect(try FolderScan.files(in: scratch.path + "/absent").isEmpty)
    }

    @Test func `replaces a file whole and leaves nothing beside it`() throws {
        let scratch = try Scratch()
        let file = scratch.path + "/f"
        try Files.replace(file, with: Array("one".utf8))
        try Files.replace(file, with: Array("two".utf8), mode: 0o600)
        #expect(try Files.read(file) == Array("two".utf8))
        #expect(try FolderScan.names(in: scratch.path) == ["f"])
    }

    @Test func `names the file that can't be written, and what stood there stays`() throws {
        let scratch = try Scratch()
        try scratch.write("f/inside", "x")
        let error = #expect(throws: NightlyError.self) {
            try Files.replace(scratch.path + "/f", with: [1])
        }
        #expect(error?.message == "cannot write '\(scratch.path)/f': Is a directory")
        #expect(try FolderScan.names(in: scratch.path) == ["f"])
        #expect(throws: NightlyError.self) { try Files.read(scratch.path + "/f") }
    }

    @Test func `reads a file longer than a piece`() throws {
        let scratch = try Scratch()
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 * 31) }
        try Files.write(bytes, to: scratch.path + "/f", syncing: false)
        #expect(try Files.read(scratch.path + "/f") == bytes)
    }

    @Test func `gives the lock to one holder at a time`() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        func hold() throws {
            let lock = try WorkspaceLock(path)
            let error = #expect(throws: NightlyError.self) { try tryLock(path) }
            #expect(error?.kind == .locked)
            #expect(error?.message.contains("process \(getpid()), since 2") == true)
            _ = consume lock
        }
        try hold()
        try tryLock(path)
    }

    private func tryLock(_ path: String) throws { _ = try WorkspaceLock(path, timeoutSeconds: 0.1) }

    @Test(arguments: [("a/b", "a"), ("b", "."), ("/b", "/"), ("/a/b/", "/a"), ("/", "/")])
    func `names the folder of a path`(path: String, folder: String) {
        #expect(Files.folder(of: path) == folder)
    }
}
