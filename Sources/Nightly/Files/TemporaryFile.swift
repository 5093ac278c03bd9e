import Glibc

/// A file being written in pieces, which gets its name when it is whole and is removed when it is
/// given up.
final class TemporaryFile {
    private static let pieceBytes = 65_536

    private let file: OpenFile
    private let temporary: String
    private var buffer: [UInt8] = []
    private var isCommitted = false

    /// Begins a file beside `path`, making its folder.
    init(_ path: String) throws(NightlyError) {
        temporary = Files.temporary(path)
        try Files.makeFolder(Files.folder(of: path))
        file = try OpenFile(creating: temporary, mode: 0o644)
    }

    deinit { if !isCommitted { Files.remove(temporary) } }

    /// Adds bytes.
    func write(_ bytes: [UInt8]) throws(NightlyError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= TemporaryFile.pieceBytes { try flush() }
    }

    /// Waits until everything is on the disk and gives the file its name.
    func commit(as path: String) throws(NightlyError) {
        try flush()
        try file.sync()
        try Files.rename(temporary, to: path)
        isCommitted = true
        try Files.syncFolder(Files.folder(of: path))
    }

    private func flush() throws(NightlyError) {
        try file.write(all: buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
