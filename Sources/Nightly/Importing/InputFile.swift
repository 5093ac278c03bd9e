import Feeds
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
    /// As the store records it, under its absolute path, so that it is known again from any folder.
    let imported: ImportFile
    /// Whether ``digest`` was taken of its bytes just now, and not known from its last import.
    private let isDigestRead: Bool

    /// Reads the file once for its digest, unless it is surely as it was.
    ///
    /// - Parameters:
    ///   - name: for messages.
    ///   - path: where it is.
    ///   - last: the last import of a file, by its absolute path.
    /// - Throws: when it can't be read.
    init(name: String, path: String, last: [String: ImportEntry] = [:]) throws(NightlyError) {
        self.name = name
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else { throw fileFault("read", path) }
        sizeBytes = Int64(status.st_size)
        modifiedAt = Instant(seconds: Int64(status.st_mtim.tv_sec))
        let absolute = Files.absolute(name)
        if let last = last[absolute], last.surelyHas(size: sizeBytes, changedAt: modifiedAt) {
            (digest, isDigestRead) = (last.file.digest, false)
        } else {
            (digest, isDigestRead) = (try FileBytes.digest(of: path), true)
        }
        imported = ImportFile(
            name: absolute, sizeBytes: sizeBytes, modifiedAt: modifiedAt, digest: digest)
    }

    /// Whether one file was changed before another; of one second the first by name counts as
    /// older.
    static func isOlder(_ a: InputFile, _ b: InputFile) -> Bool {
        a.modifiedAt == b.modifiedAt
            ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : a.modifiedAt < b.modifiedAt
    }

    /// A new pass over its bytes.
    func open() throws(NightlyError) -> FileBytes { try FileBytes(path) }

    /// Makes sure that what was read is what the digest was taken of.
    ///
    /// - Parameter bytes: a pass, read to where its reader needed it.
    /// - Throws: `FeedError` when the file changed in between: somebody is still writing it.
    func check(_ bytes: FileBytes) throws {
        guard isDigestRead else { return }
        while try !bytes.next().isEmpty {}
        guard bytes.digest == digest else {
            throw FeedError(
                code: "E_CHANGED", file: name, message: "the file changed while it was read",
                hint: "write it under a name that ends in .tmp, and rename it when it is complete")
        }
    }

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
}

extension ImportEntry {
    /// Whether a file of this size and time must have the bytes that were imported.
    ///
    /// Its time must lie well before the import: what is changed twice in one second has one time.
    /// An import that was told a time still to come says nothing.
    fileprivate func surelyHas(size: Int64, changedAt time: Instant) -> Bool {
        file.sizeBytes == size && file.modifiedAt == time
            && time.seconds + 2 < importedAt.seconds && importedAt <= SystemClock.now()
    }
}

/// The files of one source: a file, a folder's, or what a pipe or standard input gives.
struct InputFiles {
    let files: [InputFile]
    /// Whether a folder was given.
    let isFolder: Bool
    /// Of a folder: what of it is no input, see ``FolderScan/Contents``.
    let findings: [Diagnostic]
    /// Of a folder: the digest that was imported last, by absolute path.
    private(set) var last: [String: Digest] = [:]
    private let spooled: SpooledInput?

    /// - Parameters:
    ///   - source: a path, or `-`.
    ///   - spoolFolder: where what can be read once only is kept while it is read.
    ///   - store: knows the files of a folder that were imported before.
    ///   - table: what the source is imported into.
    /// - Throws: when something can't be read.
    init(_ source: String, spoolFolder: String, store: Store, table: ImportTable) throws {
        if source == "-" || Files.kind(source) == .other {
            let input = try SpooledInput(source, in: spoolFolder)
            spooled = input
            files = [try InputFile(name: source, path: input.path)]
            isFolder = false
            findings = []
        } else {
            spooled = nil
            isFolder = Files.kind(source) == .folder
            guard isFolder else {
                files = [try InputFile(name: source, path: source)]
                findings = []
                return
            }
            var last: [String: ImportEntry] = [:]
            for entry in try store.lastImportsByName(table: table) { last[entry.file.name] = entry }
            let contents = try FolderScan.contents(of: source)
            findings = contents.findings
            var files: [InputFile] = []
            for path in contents.files {
                files.append(try InputFile(name: path, path: path, last: last))
            }
            self.files = files
            self.last = last.mapValues(\.file.digest)
        }
    }
}

/// Standard input, or what comes through a pipe, in a file, so that it can be read twice; removed
/// with the last reference.
private final class SpooledInput {
    let path: String

    init(_ source: String, in folder: String) throws(NightlyError) {
        path = Files.path(folder, ".stdin.\(getpid()).tmp")
        let source = try FileBytes(source)
        let target = try OpenFile(creating: path, mode: 0o600)
        while true {
            let piece = try source.next()
            if piece.isEmpty { return }
            try target.write(all: piece)
        }
    }

    deinit { Files.remove(path) }
}
