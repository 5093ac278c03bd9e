import Glibc

/// What tells whether a file is still the one it was: enough to notice every ordinary change.
struct FileIdentity: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var sizeBytes: Int64
    var modifiedSeconds: Int64
    var modifiedNanoseconds: Int64
}

/// A regular file that is read or written by offsets, closed when it goes away.
struct ContentFile: ~Copyable {
    let descriptor: Int32
    /// For messages.
    let path: String

    /// Opens a regular file for reading; anything else is refused, without waiting for it.
    init(reading path: String) throws(NightlyError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw fileFault("read", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw NightlyError(.failed, "'\(path)' is no regular file")
        }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    /// Opens a file for reading and writing, made when it isn't there.
    init(keeping path: String) throws(NightlyError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw fileFault("write", path) }
    }

    deinit { if descriptor >= 0 { _ = close(descriptor) } }

    borrowing func identity() throws(NightlyError) -> FileIdentity {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fileFault("read", path) }
        return FileIdentity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino),
            sizeBytes: Int64(status.st_size), modifiedSeconds: Int64(status.st_mtim.tv_sec),
            modifiedNanoseconds: Int64(status.st_mtim.tv_nsec))
    }

    /// Reads `count` bytes at `offset` into the beginning of `buffer`, which grows when it is too
    /// short; fewer at the end of the file.
    ///
    /// - Returns: how many were read.
    borrowing func read(_ count: Int, at offset: Int64, into buffer: inout [UInt8])
        throws(NightlyError) -> Int
    {
        if buffer.count < count {
            buffer += [UInt8](repeating: 0, count: count - buffer.count)
        }
        var done = 0
        while done < count {
            let got = buffer.withUnsafeMutableBytes {
                pread(
                    descriptor, $0.baseAddress?.advanced(by: done), count - done,
                    off_t(offset + Int64(done)))
            }
            if got == 0 { break }
            if got > 0 {
                done += got
            } else if errno != EINTR {
                throw fileFault("read", path)
            }
        }
        return done
    }

    /// Writes all of `bytes` at `offset`.
    borrowing func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(NightlyError) {
        var done = 0
        while done < bytes.count {
            let sent = bytes.withUnsafeBytes {
                pwrite(
                    descriptor, $0.baseAddress?.advanced(by: done), $0.count - done,
                    off_t(offset + Int64(done)))
            }
            if sent >= 0 {
                done += sent
            } else if errno != EINTR {
                throw fileFault("write", path)
            }
        }
    }

    /// Takes `count` bytes over from another file within the kernel, which may let both share them
    /// on the disk.
    ///
    /// - Returns: whether all were taken over; where the file systems don't do it, they are not.
    borrowing func take(
        _ count: Int, from other: borrowing ContentFile, at source: Int64, to target: Int64
    ) -> Bool {
        guard let copy = ContentFile.copyFileRange else { return false }
        var (from, to, rest) = (source, target, count)
        while rest > 0 {
            let taken = copy(other.descriptor, &from, descriptor, &to, rest, 0)
            if taken <= 0 { return false }
            rest -= taken
        }
        return true
    }

    borrowing func truncate(to bytes: Int64) throws(NightlyError) {
        if ftruncate(descriptor, off_t(bytes)) != 0 { throw fileFault("write", path) }
    }

    /// Waits until what was written is on the disk.
    borrowing func sync() throws(NightlyError) {
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
            throw fileFault("write", path)
        }
    }

    private typealias CopyFileRange =
        @convention(c) (
            Int32, UnsafeMutablePointer<Int64>, Int32, UnsafeMutablePointer<Int64>, Int, UInt32
        ) -> Int

    // The C library declares it only for GNU sources, which Swift's module map is not. The type is
    // that of copy_file_range(2) on Linux.
    private static let copyFileRange: CopyFileRange? = dlsym(nil, "copy_file_range").map {
        unsafeBitCast($0, to: CopyFileRange.self)
    }
}
