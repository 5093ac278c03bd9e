import Glibc

/// The few things that are done to files and folders.
package enum Files {
    /// What is at a path.
    package enum Kind: Hashable, Sendable {
        case file
        case folder
        case other
    }

    /// What is at `path`, links followed; nil when nothing is.
    package static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// Whether only its owner can read and change the file at `path`.
    package static func isPrivate(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & (S_IRWXG | S_IRWXO) == 0
    }

    /// Sets the permission bits of what is at `path`.
    package static func setMode(_ path: String, _ mode: UInt32) throws(NightlyError) {
        if chmod(path, mode_t(mode)) != 0 { throw fileFault("change", path) }
    }

    /// The whole file.
    package static func read(_ path: String) throws(NightlyError) -> [UInt8] {
        let file = try OpenFile(reading: path)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 262_144)
        while true {
            let count = try readChunk(file, into: &buffer)
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// Fills `buffer` from its start; the number of bytes, 0 at the end.
    static func readChunk(_ file: borrowing OpenFile, into buffer: inout [UInt8])
        throws(NightlyError) -> Int
    {
        var result: Result<Int, NightlyError> = .success(0)
        buffer.withUnsafeMutableBytes { bytes in
            do throws(NightlyError) {
                result = .success(try file.read(into: bytes))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// Writes `bytes` to a new file and waits until they are on the disk.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, syncing: Bool = true
    ) throws(NightlyError) {
        let file = try OpenFile(creating: path, mode: mode)
        try file.write(all: bytes)
        if syncing { try file.sync() }
    }

    /// Replaces `path` by `bytes` in one step: a reader sees the old file or the new one, also
    /// after a crash.
    package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o644)
        throws(NightlyError)
    {
        let temporary = temporary(path)
        do throws(NightlyError) {
            try write(bytes, to: temporary, mode: mode)
            try rename(temporary, to: path)
        } catch {
            remove(temporary)
            throw error
        }
        try syncFolder(folder(of: path))
    }

    /// Where `path` is written until it is whole: beside it, named after this process.
    static func temporary(_ path: String) -> String { "\(path).\(getpid()).tmp" }

    /// Whether ``temporary(_:)`` of some process gives a file this name.
    static func isTemporary(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 2 && parts[parts.count - 1] == "tmp"
            && Int32(parts[parts.count - 2]) != nil
    }

    /// Moves `source` to `destination` in one step, replacing what is there.
    package static func rename(_ source: String, to destination: String) throws(NightlyError) {
        let failed = Glibc.rename(source, destination) != 0
        if failed { throw fileFault("write", destination) }
    }

    /// Removes a file if it is there.
    package static func remove(_ path: String) { _ = unlink(path) }

    /// Waits until the names in `folder` are on the disk.
    package static func syncFolder(_ folder: String) throws(NightlyError) {
        try OpenFolder(folder).sync()
    }

    /// Makes `path` and the folders above it; a folder that is there is left as it is.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o755) throws(NightlyError) {
        if kind(path) == .folder || path.isEmpty { return }
        let parent = folder(of: path)
        if parent != path { try makeFolder(parent) }
        if mkdir(path, mode_t(mode)) != 0, errno != EEXIST { throw fileFault("make", path) }
    }

    /// The path of the folder that `path` is in; `.` for a bare name.
    package static func folder(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// The last part of `path`.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }

    /// `child` in `folder`; an absolute `child` as it is.
    package static func path(_ folder: String, _ child: String) -> String {
        child.hasPrefix("/") || folder.isEmpty
            ? child : folder + (folder.hasSuffix("/") ? "" : "/") + child
    }

    /// `path` from the root on, links and `..` resolved; as it is when nothing is there.
    package static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The folder that this process is in.
    package static func currentFolder() -> String {
        var buffer = [CChar](repeating: 0, count: 4097)
        guard getcwd(&buffer, 4096) != nil else { return "." }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// An open folder.
private struct OpenFolder: ~Copyable {
    let descriptor: Int32
    let path: String

    init(_ path: String) throws(NightlyError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.path = path
        if descriptor < 0 { throw fileFault("open", path) }
    }

    deinit { if descriptor >= 0 { _ = close(descriptor) } }

    borrowing func sync() throws(NightlyError) {
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
            throw fileFault("write", path)
        }
    }
}
