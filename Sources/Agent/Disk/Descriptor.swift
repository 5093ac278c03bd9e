import Glibc

/// An open file or folder, closed when its last owner goes.
final class Descriptor {
    let raw: Int32

    /// - Parameter raw: an open descriptor that nobody else closes.
    init(owning raw: Int32) { self.raw = raw }

    deinit { _ = close(raw) }

    /// Opens a folder; nil, with `errno` set, when there is none or it is a link.
    convenience init?(folder path: String) {
        let raw = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        self.init(owning: raw)
    }

    /// Opens a regular file in a folder, links not followed; nil, with `errno` set, when that
    /// fails or it is something else.
    convenience init?(_ name: String, in folder: Descriptor, _ flags: Int32, mode: mode_t = 0o640) {
        // O_NONBLOCK: a pipe of that name must not hold the agent up.
        let raw = openat(folder.raw, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode)
        guard raw >= 0 else { return nil }
        var status = stat()
        guard fstat(raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = close(raw)
            errno = EINVAL
            return nil
        }
        self.init(owning: raw)
    }

    /// Its size and times.
    var mark: FileMark? {
        var status = stat()
        return fstat(raw, &status) == 0 ? FileMark(status) : nil
    }

    /// Waits until its bytes, or a folder's names, are on the disk; false when they may not be.
    func sync() -> Bool { fsync(raw) == 0 }

    /// Writes all of `bytes` at `offset`; nil when that is done, else the system's number.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Int32? {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                raw, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
            if count > 0 { done += count } else if count == 0 { return ENOSPC }
            if count < 0, errno != EINTR { return errno }
        }
        return nil
    }

    /// Writes all of `bytes` at the end of a file that was opened to append; nil when that is done,
    /// else the system's number, and a part of them may be there.
    func append(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(raw, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count > 0 { done += count } else if count == 0 { return ENOSPC }
            if count < 0, errno != EINTR { return errno }
        }
        return nil
    }

    /// Fills `bytes` from `offset` on; nil when that is done, else the system's number (0: the file
    /// ends before).
    func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int32? {
        var done = 0
        while done < bytes.count {
            let count = pread(
                raw, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
            if count > 0 { done += count } else if count == 0 { return 0 }
            if count < 0, errno != EINTR { return errno }
        }
        return nil
    }
}

/// What tells one state of a file from another without reading it.
struct FileMark: Hashable, Sendable {
    var sizeBytes: Int64
    var inode: UInt64
    /// Nanoseconds since 1970: when its bytes changed.
    var changedNs: Int64
    /// Nanoseconds since 1970: when anything about it changed, which nobody can set back.
    var touchedNs: Int64

    init(sizeBytes: Int64, inode: UInt64, changedNs: Int64, touchedNs: Int64) {
        self.sizeBytes = sizeBytes
        self.inode = inode
        self.changedNs = changedNs
        self.touchedNs = touchedNs
    }

    init(_ status: stat) {
        sizeBytes = Int64(status.st_size)
        inode = UInt64(status.st_ino)
        changedNs = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        touchedNs = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }
}
