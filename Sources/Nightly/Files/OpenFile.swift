import Glibc

/// An open file, closed when it goes away.
package struct OpenFile: ~Copyable {
    /// Of the operating system.
    package let descriptor: Int32
    /// For messages.
    package let path: String
    private let isBorrowed: Bool

    /// Opens `path` for reading; `-` is standard input, which stays open.
    ///
    /// - Throws: when there is no such file, or it is a folder.
    package init(reading path: String) throws(NightlyError) {
        if path == "-" {
            descriptor = 0
            isBorrowed = true
        } else {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            isBorrowed = false
        }
        self.path = path
        if descriptor < 0 { throw fileFault("read", path) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw fileFault("read", path, code: EISDIR)
        }
    }

    /// Creates `path` for writing, empty, with these permission bits.
    package init(creating path: String, mode: UInt32) throws(NightlyError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
        isBorrowed = false
        self.path = path
        if descriptor < 0 { throw fileFault("write", path) }
    }

    /// Opens `path`, which is there, to write at its end.
    package init(appending path: String) throws(NightlyError) {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        isBorrowed = false
        self.path = path
        if descriptor < 0 { throw fileFault("write", path) }
    }

    deinit { if !isBorrowed, descriptor >= 0 { _ = close(descriptor) } }

    /// Reads up to `buffer.count` bytes; 0 at the end.
    package borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(NightlyError)
        -> Int
    {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw fileFault("read", path) }
        }
    }

    /// Writes all of `bytes`.
    package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(NightlyError) {
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.write(
                descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
            if count >= 0 {
                sent += count
            } else if errno != EINTR {
                throw fileFault("write", path)
            }
        }
    }

    /// Writes all of `bytes`.
    package borrowing func write(all bytes: [UInt8]) throws(NightlyError) {
        var fault: NightlyError?
        bytes.withUnsafeBytes { buffer in
            do throws(NightlyError) { try write(buffer) } catch { fault = error }
        }
        if let fault { throw fault }
    }

    /// Waits until what was written is on the disk.
    package borrowing func sync() throws(NightlyError) {
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
            throw fileFault("write", path)
        }
    }
}
