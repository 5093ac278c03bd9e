import Glibc

/// A regular file below a folder, open for reading.
struct FolderFile {
    var descriptor: Int32
    var sizeBytes: Int64
    /// Seconds since 1970-01-01T00:00:00Z.
    var modifiedSeconds: Int64
    /// Changes whenever the file is replaced or written: made of inode, size and time.
    var etag: String

    /// Opens `path`, which begins with a slash, below `folder`; nil when there is no such regular
    /// file. No step leads out: empty names are none, nor are those that begin with a dot, which
    /// are hidden work of whoever fills the folder; symbolic links below the folder are not
    /// followed. The folder itself may be reached by one.
    init?(_ path: String, below folder: String) {
        let names = path.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        let isSafe = names.allSatisfy { name in
            !name.isEmpty && !name.hasPrefix(".") && !name.utf8.contains(0)
        }
        guard path.utf8.first == UInt8(ascii: "/"), isSafe, names.count <= 64,
            let descriptor = FolderFile.walk(names, folder)
        else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        sizeBytes = Int64(status.st_size)
        modifiedSeconds = Int64(status.st_mtim.tv_sec)
        let parts = [
            UInt64(status.st_ino), UInt64(bitPattern: sizeBytes),
            UInt64(bitPattern: modifiedSeconds), UInt64(status.st_mtim.tv_nsec),
        ]
        etag = "\"" + parts.map { String($0, radix: 16) }.joined(separator: "-") + "\""
    }

    private static func walk(_ names: [String], _ folder: String) -> Int32? {
        var here = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (place, name) in names.enumerated() {
            guard here >= 0 else { return nil }
            // A pipe must not hold us: it is refused once it is known to be one.
            let kind = place == names.count - 1 ? O_NONBLOCK : O_DIRECTORY
            let next = openat(here, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
            Glibc.close(here)
            here = next
        }
        return here < 0 ? nil : here
    }
}
