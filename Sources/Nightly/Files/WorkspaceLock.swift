import Glibc
import Quantities

/// The right to change a workspace: held by one process at a time, freed by the kernel when it
/// ends, however it ends.
///
/// An advisory lock (`flock`) on the file `lock`; the file's text tells who holds
/// it, for messages only, and is never tested.
package struct WorkspaceLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock, waiting at most `timeoutSeconds` for another run to end.
    ///
    /// - Parameters:
    ///   - path: of the lock file; made when absent.
    ///   - timeoutSeconds: 0 gives up at once.
    /// - Throws: of kind `locked` when another run holds it.
    package init(_ path: String, timeoutSeconds: Double = 0) throws(NightlyError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fileFault("open", path) }
        let deadline = Steady.seconds() + timeoutSeconds
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            guard code == EWOULDBLOCK || code == EINTR else {
                _ = close(file)
                throw fileFault("lock", path, code: code)
            }
            guard Steady.seconds() < deadline else {
                let holder = WorkspaceLock.holder(file)
                _ = close(file)
                throw NightlyError(
                    .locked, "another run holds the lock\(holder)",
                    hint: "wait for it to end, or give --lock-timeout SECONDS")
            }
            usleep(50_000)
        }
        descriptor = file
        let text = Array("\(getpid()) \(SystemClock.now())\n".utf8)
        _ = ftruncate(file, 0)
        _ = text.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    }

    deinit { _ = close(descriptor) }

    /// ` (process 4711, since 2026-11-23T22:00:00Z)`, or nothing when the file doesn't say.
    private static func holder(_ file: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = buffer.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        let words = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split {
            $0 == " " || $0 == "\n"
        }
        return words.count == 2 ? " (process \(words[0]), since \(words[1]))" : ""
    }
}
