import Glibc

/// Files that are read and replaced whole: settings, manifests, indexes, records.
enum SmallFiles {
    /// The bytes of a regular file of at most `limit` bytes; nil when there is no such file.
    ///
    /// Links are followed only where that is said: in paths that the operator gave.
    static func read(_ path: String, limit: Int, following: Bool = false) throws(AgentError)
        -> [UInt8]?
    {
        let links = following ? 0 : O_NOFOLLOW
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | links)
        guard raw >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw fileError("read", path)
        }
        let file = Descriptor(owning: raw)
        var status = stat()
        guard fstat(raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw AgentError(.failed, "'\(path)' isn't a file")
        }
        guard Int64(status.st_size) <= Int64(limit) else {
            throw AgentError(
                .failed, "'\(path)' has \(status.st_size) bytes, more than the limit of \(limit)")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let fault = bytes.withUnsafeMutableBytes { file.read($0, at: 0) }
        if let fault { throw fileError("read", path, code: fault == 0 ? EIO : fault) }
        return bytes
    }

    /// Replaces a file in one step: a reader sees the old one or the new one, also after a power
    /// cut; `isLasting`: unless told that it isn't worth waiting for the disk.
    static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t = 0o644, isLasting: Bool = true
    ) throws(AgentError) {
        try replace(path, mode: mode, isLasting: isLasting) { file in
            bytes.withUnsafeBytes { file.write($0, at: 0) }
        }
    }

    /// Replaces a file in one step by what another holds, of whatever size; when that can't be read
    /// the old one stays.
    static func replace(_ path: String, withCopyOf source: Descriptor) throws(AgentError) {
        try replace(path, mode: 0o644, isLasting: true) { file in
            guard let sizeBytes = source.mark?.sizeBytes else { return errno }
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            var done: Int64 = 0
            while done < sizeBytes {
                let count = Int(min(Int64(piece.count), sizeBytes - done))
                let code = piece.withUnsafeMutableBytes { piece in
                    let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<count])
                    let code = source.read(part, at: done).map { $0 == 0 ? EIO : $0 }
                    return code ?? file.write(UnsafeRawBufferPointer(part), at: done)
                }
                if let code { return code }
                done += Int64(count)
            }
            return nil
        }
    }

    /// `fill` writes the new one and says what the system said against it.
    private static func replace(
        _ path: String, mode: mode_t, isLasting: Bool, fill: (Descriptor) -> Int32?
    ) throws(AgentError) {
        let temporary = "\(path).tmp"
        _ = unlink(temporary)
        let raw = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard raw >= 0 else { throw fileError("write", temporary) }
        let file = Descriptor(owning: raw)
        var code = fill(file)
        if code == nil, isLasting, !file.sync() { code = errno }
        if code == nil, rename(temporary, path) != 0 { code = errno }
        if let code {
            _ = unlink(temporary)
            throw fileError("write", path, code: code)
        }
        guard !isLasting || Descriptor(folder: folder(of: path))?.sync() == true else {
            throw fileError("write", path)
        }
    }

    /// The path of the folder that `path` is in; `.` for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names in a folder, ascending; empty when it can't be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            // d_name is an array of bytes that ends with a zero.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    String(validatingCString: $0)
                }
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
