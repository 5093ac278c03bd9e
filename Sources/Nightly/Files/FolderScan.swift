import Glibc
import Quantities

/// Lists what is dropped into a folder.
package enum FolderScan {
    /// What a folder holds.
    struct Contents {
        /// Paths of the regular files, by their bytes.
        var files: [String] = []
        /// What looks like input and can't be read, ascending by path: errors for names that are no
        /// UTF-8 (`E_FILE_NAME`), warnings for symbolic links (`W_LINK`).
        var findings: [Diagnostic] = []
    }

    /// Paths of the regular files in `folder` and below it, by the bytes of their paths.
    ///
    /// Left out are dot-files and what is still being written (`*.tmp`, `*.part`),
    /// and folders whose name begins with a dot. An absent folder holds nothing.
    ///
    /// - Throws: when a folder can't be read.
    package static func files(in folder: String) throws(NightlyError) -> [String] {
        try contents(of: folder).files
    }

    /// As ``files(in:)``, with what was left out and shouldn't be there.
    ///
    /// `folder` itself may be a symbolic link. Links in it are not followed: they could lead back
    /// to a folder above, or to files that nobody dropped.
    static func contents(of folder: String) throws(NightlyError) -> Contents {
        guard Files.kind(folder) == .folder else { return Contents() }
        var found = Contents()
        var waiting = [folder]
        while let next = waiting.popLast() {
            for entry in try entries(in: next) where !entry.name.hasPrefix(".") {
                if entry.isFolder {
                    if entry.isText {
                        waiting.append(entry.path)
                    } else {
                        found.findings.append(entry.nameFault)
                    }
                } else if !isUnfinished(entry.name) {
                    found.take(entry)
                }
            }
        }
        found.files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        found.findings.sort { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
        return found
    }

    /// Names in `folder` that don't begin with a dot, by their bytes.
    package static func names(in folder: String) throws(NightlyError) -> [String] {
        try allNames(in: folder).filter { !$0.hasPrefix(".") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// All names in `folder` but `.` and `..`, in any order; what is no UTF-8 in them is replaced.
    static func allNames(in folder: String) throws(NightlyError) -> [String] {
        try entries(in: folder).map(\.name)
    }

    /// All names in `folder` but `.` and `..`, in the order in which the disk has what they name.
    static func namesAsStored(in folder: String) throws(NightlyError) -> [String] {
        guard let stream = opendir(folder) else { throw fileFault("read", folder) }
        defer { closedir(stream) }
        var found: [(inode: UInt, name: String)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { found.append((UInt(entry.pointee.d_ino), name)) }
        }
        return found.sorted { $0.inode < $1.inode }.map(\.name)
    }

    private static func entries(in folder: String) throws(NightlyError) -> [FolderEntry] {
        guard let stream = opendir(folder) else { throw fileFault("read", folder) }
        defer { closedir(stream) }
        var entries: [FolderEntry] = []
        while let entry = readdir(stream) {
            let found = FolderEntry(entry, of: stream, in: folder)
            if found.name != ".", found.name != ".." { entries.append(found) }
        }
        return entries
    }

    private static func isUnfinished(_ name: String) -> Bool {
        name.hasSuffix(".tmp") || name.hasSuffix(".part")
    }
}

extension FolderScan.Contents {
    /// Takes what is no folder.
    fileprivate mutating func take(_ entry: FolderEntry) {
        switch entry.mode & S_IFMT {
        case S_IFREG where entry.isText: files.append(entry.path)
        case S_IFREG: findings.append(entry.nameFault)
        case S_IFLNK:
            findings.append(
                Diagnostic(
                    .warning, code: "W_LINK", file: entry.path,
                    message: "a symbolic link is not followed",
                    hint: "move or copy what it leads to into the folder"))
        default: break
        }
    }
}

/// What one name in a folder is.
private struct FolderEntry {
    /// What is no UTF-8 in it is replaced.
    let name: String
    /// With the folder before it.
    let path: String
    /// Whether the name is UTF-8, so that ``path`` leads to it.
    let isText: Bool
    /// As `lstat` gives it; 0 when it is gone again.
    let mode: mode_t

    init(_ entry: UnsafeMutablePointer<dirent>, of stream: OpaquePointer, in folder: String) {
        var status = stat()
        (name, isText, mode) = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                let found = fstatat(dirfd(stream), text, &status, AT_SYMLINK_NOFOLLOW) == 0
                return (
                    String(cString: text), String(validatingCString: text) != nil,
                    found ? status.st_mode : 0
                )
            }
        }
        path = Files.path(folder, name)
    }

    var isFolder: Bool { mode & S_IFMT == S_IFDIR }

    var nameFault: Diagnostic {
        Diagnostic(
            .error, code: "E_FILE_NAME", file: path,
            message: "the name isn't UTF-8, so nothing of it is read", hint: "rename it")
    }
}
