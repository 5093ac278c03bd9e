import Glibc

/// A file being written in pieces, which gets its name when it is whole and is removed when it is
/// given up.
final class TemporaryFile {
    private static let pieceBytes = 65_536

    /// Nil while it is closed.
    private var file: SharedFile?
    private let temporary: String
    private var buffer: [UInt8] = []
    private var isCommitted = false

    /// Begins a file beside `path`, making its folder.
    init(_ path: String) throws(NightlyError) {
        temporary = Files.temporary(path)
        try Files.makeFolder(Files.folder(of: path))
        file = SharedFile(try OpenFile(creating: temporary, mode: 0o644))
    }

    deinit { if !isCommitted { Files.remove(temporary) } }

    /// Adds bytes.
    func write(_ bytes: [UInt8]) throws(NightlyError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= TemporaryFile.pieceBytes { try flush() }
    }

    /// Whether a file has the bytes that were written so far.
    func holdsSame(as path: String) throws(NightlyError) -> Bool {
        try flush()
        return Files.holds(path, exactly: try Files.read(temporary))
    }

    /// Closes the file until more is written: for many that are written in turn.
    func pause() throws(NightlyError) {
        try flush()
        file = nil
        buffer = []
    }

    /// Waits until everything is on the disk and gives the file its name.
    func commit(as path: String) throws(NightlyError) {
        try flush()
        try opened().file.sync()
        file = nil
        try Files.rename(temporary, to: path)
        isCommitted = true
        try Files.syncFolder(Files.folder(of: path))
    }

    private func flush() throws(NightlyError) {
        guard !buffer.isEmpty else { return }
        try opened().file.write(all: buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func opened() throws(NightlyError) -> SharedFile {
        if let file { return file }
        let open = SharedFile(try OpenFile(appending: temporary))
        file = open
        return open
    }
}
