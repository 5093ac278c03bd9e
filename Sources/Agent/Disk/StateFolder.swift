import Glibc

/// The folder that everything of one agent lies in, and its lock.
package final class StateFolder {
    /// As given, without a last slash.
    package let path: String
    let items: Descriptor
    let partial: Descriptor
    /// Nil while this process only looks.
    private let lock: Descriptor?

    /// Opens the folder, makes what is missing in it, and takes its lock.
    ///
    /// - Throws: of kind `locked` when another agent works there; `configuration` when there is no
    ///   such folder.
    package convenience init(working path: String) throws(AgentError) {
        let lock = try StateFolder.lock(path)
        for name in StateFolder.folders where mkdir("\(path)/\(name)", 0o750) != 0 {
            guard errno == EEXIST else { throw fileError("make", "\(path)/\(name)") }
        }
        try self.init(path, lock: lock)
    }

    /// Opens the folder to look at it only.
    package convenience init(looking path: String) throws(AgentError) {
        try self.init(path, lock: nil)
    }

    private init(_ path: String, lock: Descriptor?) throws(AgentError) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.lock = lock
        guard let items = Descriptor(folder: "\(path)/items"),
            let partial = Descriptor(folder: "\(path)/partial")
        else { throw StateFolder.missing(path) }
        self.items = items
        self.partial = partial
    }

    // Closing isn't enough: a program that is being started has the file open until it runs.
    deinit { if let lock { _ = flock(lock.raw, LOCK_UN) } }

    static let folders = [
        "items", "partial", "bought", "indexes", "catalogue", "reports", "holdings",
    ]

    private static func missing(_ path: String) -> AgentError {
        AgentError(
            .configuration, "'\(path)' isn't the state folder of an agent",
            hint: "make one with mediaplan-agent enroll, or name another with --state")
    }

    private static func lock(_ path: String) throws(AgentError) -> Descriptor {
        guard let folder = Descriptor(folder: path) else { throw missing(path) }
        guard let file = Descriptor("lock", in: folder, O_RDWR | O_CREAT, mode: 0o600) else {
            throw fileError("open", "\(path)/lock")
        }
        while flock(file.raw, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw fileError("lock", "\(path)/lock") }
            throw AgentError(
                .locked, "another agent works in '\(path)'",
                hint: "stop it first: systemctl stop mediaplan-agent")
        }
        return file
    }

    /// The path of what lies in the folder.
    package func path(of name: String) -> String { "\(path)/\(name)" }

    /// Bytes that may still be written, the reserve left alone; never negative.
    func freeBytes(reserve: Int64) -> Int64 {
        var status = statvfs()
        guard fstatvfs(partial.raw, &status) == 0 else { return 0 }
        let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        let bytes = free.overflow ? Int64.max : Int64(clamping: free.partialValue)
        return max(0, bytes - reserve)
    }
}
