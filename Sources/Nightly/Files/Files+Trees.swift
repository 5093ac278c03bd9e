import Glibc
package import Quantities

extension Files {
    /// Removes a folder with all that is in it, without following links; nothing there is no fault.
    ///
    /// Files go in the order in which they lie on the disk, which is much faster where there are
    /// many; the folders right below `path` are shared out among `workers`.
    package static func removeTree(_ path: String, by workers: some Workers = OneWorker())
        throws(NightlyError)
    {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            if unlink(path) != 0 { throw fileFault("remove", path) }
            return
        }
        var folders: [String] = []
        for name in try FolderScan.namesAsStored(in: path) {
            let child = Files.path(path, name)
            if unlink(child) == 0 { continue }
            guard errno == EISDIR || errno == EPERM else { throw fileFault("remove", child) }
            folders.append(child)
        }
        let found = folders
        for result in workers.map(
            found.count, { k in Result { () throws(NightlyError) in try removeTree(found[k]) } })
        {
            try result.get()
        }
        if rmdir(path) != 0 { throw fileFault("remove", path) }
    }

    /// Waits until everything written to the file system that `folder` is on has reached the disk.
    package static func syncFileSystem(_ folder: String) throws(NightlyError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fileFault("open", folder) }
        defer { _ = close(descriptor) }
        // The C library declares `syncfs` only for GNU sources, which Swift's module map is not.
        guard let symbol = dlsym(nil, "syncfs") else { return sync() }
        let syncFileSystem = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        if syncFileSystem(descriptor) != 0 { throw fileFault("write", folder) }
    }

    /// Whether `path` is a file of exactly these bytes.
    package static func holds(_ path: String, exactly bytes: [UInt8]) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Int(status.st_size) == bytes.count, let held = try? read(path)
        else { return false }
        return held == bytes
    }
}
