import Glibc
import Quantities
import Store

/// One file of a source.
struct InputFile: Hashable, Sendable {
    /// As the user gave it, or below the folder that was given; for messages.
    let name: String
    /// Where its bytes are: the same but for standard input.
    let path: String
    let sizeBytes: Int64
    let modifiedAt: Instant
    let digest: Digest

    /// Reads the file once for its digest.
    init(name: String, path: String) throws(NightlyError) {
        self.name = name
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else { throw fileFault("read", path) }
        sizeBytes = Int64(status.st_size)
        modifiedAt = Instant(seconds: Int64(status.st_mtim.tv_sec))
        digest = try FileBytes.digest(of: path)
    }

    /// A new pass over its bytes.
    func open() throws(NightlyError) -> FileBytes { try FileBytes(path) }

    /// Its name without folder and extensions: of a drop, the device's identifier, with `~XX` and
    /// `%XX` left as they are.
    var stem: String {
        var name = Files.name(of: name)
        for suffix in [".gz", ".zst", ".csv", ".jsonl", ".json", ".txt", ".tsv", ".ndjson"]
        where name.lowercased().hasSuffix(suffix) {
            name.removeLast(suffix.count)
        }
        return name
    }

    /// As the store records it, under its absolute path, so that it is known again from any folder.
    var imported: ImportFile {
        ImportFile(
            name: Files.absolute(name), sizeBytes: sizeBytes, modifiedAt: modifiedAt, digest: digest
        )
    }
}

/// The files of one source: a file, a folder's, or standard input.
struct InputFiles {
    let files: [InputFile]
    /// Whether a folder was given.
    let isFolder: Bool
    private let spooled: SpooledInput?

    /// - Parameters:
    ///   - source: a path, or `-`.
    ///   - spoolFolder: where standard input is kept while it is read.
    /// - Throws: when something can't be read.
    init(_ source: String, spoolFolder: String) throws(NightlyError) {
        if source == "-" {
            let input = try SpooledInput(in: spoolFolder)
            spooled = input
            files = [try InputFile(name: "-", path: input.path)]
            isFolder = false
        } else {
            spooled = nil
            isFolder = Files.kind(source) == .folder
            var files: [InputFile] = []
            for path in isFolder ? try FolderScan.files(in: source) : [source] {
                files.append(try InputFile(name: path, path: path))
            }
            self.files = files
        }
    }
}

/// Standard input in a file, so that it can be read twice; removed with the last reference.
private final class SpooledInput {
    let path: String

    init(in folder: String) throws(NightlyError) {
        path = Files.path(folder, ".stdin.\(getpid()).tmp")
        let source = try FileBytes("-")
        let target = try OpenFile(creating: path, mode: 0o600)
        while true {
            let piece = try source.next()
            if piece.isEmpty { return }
            try target.write(all: piece)
        }
    }

    deinit { Files.remove(path) }
}
