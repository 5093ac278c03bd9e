import Glibc

/// Lists what is dropped into a folder.
package enum FolderScan {
    /// Paths of the regular files in `folder` and below it, by the bytes of their paths.
    ///
    /// Left out are dot-files and what is still being written (`*.tmp`, `*.part`),
    /// and folders whose name begins with a dot. An absent folder holds nothing.
    ///
    /// - Throws: when a folder can't be read.
    package static func files(in folder: String) throws(NightlyError) -> [String] {
        guard Files.kind(folder) == .folder else { return [] }
        var found: [String] = []
        var waiting = [folder]
        while let next = waiting.popLast() {
            for name in try names(in: next) {
                let path = Files.path(next, name)
                switch Files.kind(path) {
                case .folder: waiting.append(path)
                case .file where !isUnfinished(name): found.append(path)
                default: break
                }
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Names in `folder` that don't begin with a dot, by their bytes.
    package static func names(in folder: String) throws(NightlyError) -> [String] {
        try allNames(in: folder).filter { !$0.hasPrefix(".") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// All names in `folder` but `.` and `..`, in any order.
    static func allNames(in folder: String) throws(NightlyError) -> [String] {
        guard let stream = opendir(folder) else { throw fileFault("read", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = name(of: entry)
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The name that a folder's entry has.
    static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }

    private static func isUnfinished(_ name: String) -> Bool {
        name.hasSuffix(".tmp") || name.hasSuffix(".part")
    }
}
