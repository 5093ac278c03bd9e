import Catalogue
import Content
import Quantities
import Store

/// Finds out which items given files are, and which files the items of the catalogue are.
struct IngestChoice {
    private let request: IngestContent.Request
    private let items: [ShownItem]
    private let chunkBytes: Int64

    init(_ request: IngestContent.Request, _ store: Store, chunkBytes: Int64) throws {
        self.request = request
        self.chunkBytes = chunkBytes
        var items: [ShownItem] = []
        try store.forEachItem(ofTitle: request.title) { items.append($0) }
        self.items = items
    }

    // MARK: - Files that are given

    /// The items of the files that were given, in the order of the files.
    func jobs(ofFiles files: [String]) throws(NightlyError) -> [IngestJob] {
        if let title = request.title, let job = try named(title, files) { return [job] }
        var jobs: [IngestJob] = []
        for file in files where !jobs.contains(where: { $0.sources.contains { $0.path == file } }) {
            let item = try item(ofFile: file)
            jobs.append(try job(item, given: files))
        }
        return jobs
    }

    /// The item that title and version name; nil when the catalogue tells which of several it is.
    private func named(_ title: String, _ files: [String]) throws(NightlyError) -> IngestJob? {
        let known = items.filter { item in
            request.version.map { String($0) == item.version } ?? item.isCurrent
        }
        if let item = known.first, !item.files.isEmpty {
            guard item.files.count == 1, files.count == 1 else {
                return try job(item, given: files)
            }
            return job(item, paths: files)
        }
        let sources = files.map {
            IngestJob.Source(path: $0, name: Files.name(of: $0), kind: request.kind)
        }
        return IngestJob(
            title: title, major: request.version ?? 1, sources: sources,
            chunkBytes: request.chunkBytes ?? chunkBytes)
    }

    private func item(ofFile path: String) throws(NightlyError) -> ShownItem {
        let name = Files.name(of: path)
        guard Files.kind(path) != nil else {
            throw NightlyError(.failed, "there is no file '\(path)'")
        }
        var found = items.filter { item in
            item.files.contains { FileLocation($0.name).base == name }
        }
        let whole = Files.absolute(path)
        let closer = found.filter { item in
            item.files.contains {
                whole.hasSuffix("/" + FileLocation($0.name).parts.joined(separator: "/"))
            }
        }
        if !closer.isEmpty { found = closer }
        let current = found.filter(\.isCurrent)
        if !current.isEmpty { found = current }
        guard let item = found.first else {
            throw NightlyError(
                .failed, "no title of the catalogue has a file '\(name)'",
                hint: "import its feed first, or name it with --title ID --version NUMBER")
        }
        guard found.count == 1 else {
            let titles = found.prefix(3).map { "'\($0.title)' version \($0.version)" }
            throw NightlyError(
                .failed, "'\(name)' is a file of \(titles.joined(separator: " and of "))",
                hint: "say which with --title ID --version NUMBER")
        }
        return item
    }

    /// The job of an item, whose files are among those given or lie beside them.
    private func job(_ item: ShownItem, given files: [String]) throws(NightlyError) -> IngestJob {
        var paths: [String] = []
        for file in item.files {
            let location = FileLocation(file.name)
            let beside = files.lazy.map(Files.folder(of:)).flatMap { location.paths(in: $0) }
            guard
                let path = files.first(where: { Files.name(of: $0) == location.base })
                    ?? beside.first(where: { Files.kind($0) == .file })
            else {
                throw NightlyError(
                    .failed,
                    "'\(item.title)' version \(item.version) has a file '\(file.name)' too, which "
                        + "isn't there", hint: "give all of its files, or put it beside the others")
            }
            paths.append(path)
        }
        return job(item, paths: paths)
    }

    private func job(_ item: ShownItem, paths: [String]) -> IngestJob {
        let sources = zip(item.files, paths).map { file, path in
            IngestJob.Source(
                path: path, name: file.name, kind: file.kind, sizeBytes: file.sizeBytes,
                checksum: file.checksum)
        }
        return IngestJob(
            title: item.title, major: Int32(item.version) ?? 1, sources: sources,
            chunkBytes: request.chunkBytes ?? item.chunkBytes ?? chunkBytes,
            statedIndex: item.statedIndexDigest)
    }

    // MARK: - Files that the catalogue names

    /// The current items of the catalogue whose files all lie below `folders`, and those of which
    /// some are missing, each with the first one.
    func jobs(below folders: [String]) -> (found: [IngestJob], missing: [IngestOutcome]) {
        var (found, missing): ([IngestJob], [IngestOutcome]) = ([], [])
        for item in items where item.isCurrent && !item.files.isEmpty {
            let paths = item.files.map { path(of: $0.name, below: folders) }
            let present = paths.compactMap(\.self)
            if present.count == paths.count {
                found.append(job(item, paths: present))
            } else if let gap = paths.firstIndex(of: nil) {
                var outcome = IngestOutcome(job(item, paths: paths.map { $0 ?? "" }), .failed)
                outcome.failure = NightlyError(
                    .failed,
                    "'\(item.files[gap].name)' isn't below \(folders.joined(separator: ", "))")
                missing.append(outcome)
            }
        }
        return (found, missing)
    }

    /// Where a feed's file lies. What leads out of the folders, by `..` or by a link, isn't there.
    private func path(of name: String, below folders: [String]) -> String? {
        let location = FileLocation(name)
        for folder in folders {
            let root = Files.absolute(folder)
            for path in location.paths(in: folder) where Files.kind(path) == .file {
                if Files.absolute(path).hasPrefix(root == "/" ? "/" : root + "/") { return path }
            }
        }
        return nil
    }
}

/// A file's name or location as a feed states it, taken apart with suspicion.
struct FileLocation: Hashable, Sendable {
    /// Its parts, the last one the name; empty when it leads upwards or names nothing.
    let parts: [String]

    /// - Parameter text: a name, a path, or a URL; `\` parts like `/`.
    init(_ text: String) {
        var rest = Substring(text)
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        let parts = rest.split { $0 == "/" || $0 == "\\" }.map(String.init).filter { $0 != "." }
        let isSafe = parts.allSatisfy { $0 != ".." && ChunkIndex.isWord($0) }
        self.parts = isSafe ? parts : []
    }

    /// The name without folders; empty when there is none.
    var base: String { parts.last ?? "" }

    /// Where it may lie in a folder: at its own path, at the ends of it, and by its name alone.
    func paths(in folder: String) -> [String] {
        parts.indices.map { Files.path(folder, parts[$0...].joined(separator: "/")) }
    }
}
