import Catalogue
import Content
import Glibc
import Quantities

/// An origin's folder, as mediaplan-origin(5) tells it.
package struct OriginFolder: Hashable, Sendable {
    /// As given.
    package let path: String

    package init(_ path: String) { self.path = path }

    func blob(_ digest: Digest) -> String { Files.path(path, "blobs/\(digest.hex)") }
    func index(_ digest: Digest) -> String { Files.path(path, "indexes/\(digest.hex)") }
    func shard(_ digest: Digest) -> String { Files.path(path, "catalogue/\(digest.hex).json") }
    func metalink(_ key: String) -> String { Files.path(path, "metalinks/\(key).meta4") }

    /// `root.json` of the signed catalogue; its signature has `.minisig` behind.
    package var rootPath: String { Files.path(path, "catalogue/root.json") }
    /// Of the catalogue's root.
    package var signaturePath: String { rootPath + ".minisig" }
    /// Where items lie while they are ingested, a folder each.
    var workFolder: String { Files.path(path, ".ingest") }

    /// Where an item lies while it is ingested.
    func work(_ key: String) -> String { Files.path(workFolder, key) }

    /// Makes the folders that ingest writes to; the one that they are in must be there, so that a
    /// disk that isn't mounted is noticed.
    func make() throws(NightlyError) {
        let parent = Files.folder(of: path)
        guard Files.kind(path) == .folder || Files.kind(parent) == .folder else {
            throw NightlyError(
                .failed, "there is no folder '\(parent)' for the origin",
                hint: "make it, or set origin.folder in mediaplan.yaml, or give --origin DIR")
        }
        for name in ["blobs", "indexes", "metalinks", ".ingest"] {
            try Files.makeFolder(Files.path(path, name))
        }
    }

    /// Takes the right to change the folder.
    func lock(timeoutSeconds: Double) throws(NightlyError) -> WorkspaceLock {
        try WorkspaceLock(Files.path(workFolder, "lock"), timeoutSeconds: timeoutSeconds)
    }

    /// The index of this name, its bytes checked; nil when there is none.
    func readIndex(_ digest: Digest) throws(NightlyError) -> ChunkIndex? {
        let file = index(digest)
        guard Files.kind(file) == .file else { return nil }
        let json = try Files.read(file, limit: ChunkIndex.textLimit)
        do throws(ChunkIndexFault) { return try ChunkIndex(json: json, named: digest) } catch {
            throw NightlyError(
                .failed, "\(file): \(error)", hint: "ingest its files again with --replace")
        }
    }

    /// Takes an index out of what is served and signed, if it is there.
    func retireIndex(_ digest: Digest) throws(NightlyError) {
        guard Files.kind(index(digest)) != nil else { return }
        try Files.rename(index(digest), to: index(digest) + ".retired")
    }

    /// Whether an item lies here in this form: its index, and a blob of the right size.
    func holds(_ index: ChunkIndex) -> Bool {
        Files.kind(self.index(index.digest)) == .file
            && Files.size(blob(index.blob)) == index.layout.totalBytes
    }

    /// Names in one of the folders that are digests with `suffix` behind, ascending, and the paths
    /// of what else lies there.
    func digests(in folder: String, suffix: String = "") throws(NightlyError)
        -> (named: [Digest], strays: [String])
    {
        let full = Files.path(path, folder)
        guard Files.kind(full) == .folder else { return ([], []) }
        var found: (named: [Digest], strays: [String]) = ([], [])
        for name in try FolderScan.names(in: full) {
            if name.hasSuffix(suffix), let digest = Digest(hex: name.dropLast(suffix.count)),
                digest.hex + suffix == name
            {
                found.named.append(digest)
            } else {
                found.strays.append(Files.path(full, name))
            }
        }
        return found
    }
}

extension Files {
    /// Bytes of a regular file; nil when there is none.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// The whole of a file that may not be longer than `limit` bytes.
    static func read(_ path: String, limit: Int) throws(NightlyError) -> [UInt8] {
        guard let size = size(path) else { throw fileFault("read", path, code: ENOENT) }
        guard size <= limit else {
            throw NightlyError(
                .failed, "'\(path)' has \(size) bytes, more than the limit of \(limit)")
        }
        return try read(path)
    }

    /// Whether the file at `path` has a second name on its file system.
    static func hasOtherNames(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_nlink > 1
    }

    /// Writes a file unless it has these bytes already.
    ///
    /// - Returns: whether it was written.
    @discardableResult
    static func keep(_ path: String, _ bytes: [UInt8]) throws(NightlyError) -> Bool {
        if holds(path, exactly: bytes) { return false }
        try replace(path, with: bytes)
        return true
    }
}
