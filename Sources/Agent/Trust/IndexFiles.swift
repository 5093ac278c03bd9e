import Content
import Glibc
import Manifest
import Quantities

/// The chunk indexes in `indexes/`, each named by its SHA-256.
final class IndexFiles {
    private let folder: StateFolder
    private let limit: Int

    init(_ folder: StateFolder, limitBytes: Int64) {
        self.folder = folder
        limit = Int(limitBytes)
    }

    /// An index that is there; its bytes are checked each time.
    func read(_ digest: Digest) -> ChunkIndex? { bytes(digest).flatMap { parse($0, digest) } }

    /// The bytes of an index that is there, unchecked.
    func bytes(_ digest: Digest) -> [UInt8]? {
        try? SmallFiles.read(folder.path(of: "indexes/\(digest.hex)"), limit: limit)
    }

    /// The index that these bytes are, if they are the ones that `digest` names.
    func parse(_ bytes: [UInt8], _ digest: Digest) -> ChunkIndex? {
        try? ChunkIndex(json: bytes, named: digest, limit: limit)
    }

    /// Keeps an index; without it, it is fetched again the next time.
    func keep(_ digest: Digest, _ bytes: [UInt8]) {
        try? SmallFiles.replace(folder.path(of: "indexes/\(digest.hex)"), with: bytes)
    }

    /// Deletes indexes that nobody needs: not among `named`, of an item of which nothing lies on
    /// the disk, and not written since `before`, for one may be put here ahead of its item.
    func prune(named: Set<Digest>, files: ShelfFiles, before: Instant) {
        for name in SmallFiles.names(in: folder.path(of: "indexes")) {
            let path = folder.path(of: "indexes/\(name)")
            var status = stat()
            guard let digest = Digest(hex: name), digest.hex == name, !named.contains(digest),
                lstat(path, &status) == 0, Int64(status.st_mtim.tv_sec) < before.seconds
            else { continue }
            if let index = read(digest) {
                let key = ManifestNames.item(title: index.title, version: index.version)
                if files.open(key) != nil { continue }
            }
            _ = unlink(path)
        }
    }

    /// The digests of all indexes that are there, by the key of their item.
    ///
    /// Reads them all: for the start, when files are found that nothing is known of.
    func byItem() -> [String: [Digest]] {
        var found: [String: [Digest]] = [:]
        for name in SmallFiles.names(in: folder.path(of: "indexes")) {
            guard let digest = Digest(hex: name), digest.hex == name, let index = read(digest)
            else { continue }
            let key = ManifestNames.item(title: index.title, version: index.version)
            found[key, default: []].append(digest)
        }
        return found
    }
}
