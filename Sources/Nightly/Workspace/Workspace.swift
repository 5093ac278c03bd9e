package import Quantities
package import Store

/// The folder that everything of one fleet lives in.
///
/// ```
/// mediaplan.yaml      the configuration
/// store.sqlite        what was imported
/// keys/               manifest.key (secret, mode 0600), manifest.pub, manifest.pem;
///                     content.json (secret, mode 0600): the keys that items are sealed with
/// origin/             the origin's folder, unless the configuration names another
/// drop/               catalogue, sites, origins, …: what `nightly` imports
/// rejects/            rejected records, to be mended and imported again
/// nights/DATE/        the plan of a night, and the one that was published
/// published/current   what devices fetch: a link to the latest complete folder
/// lock                held by the command that changes the workspace
/// ```
package struct Workspace: Hashable, Sendable {
    /// The name of the configuration file, by which a workspace is known.
    package static let fileName = "mediaplan.yaml"

    /// Its folder.
    package var folder: String
    package var configuration: Configuration

    package init(folder: String, configuration: Configuration) {
        self.folder = folder
        self.configuration = configuration
    }

    /// The workspace that the user means: `option`, else `MEDIAPLAN_WORKSPACE`, else the current
    /// folder or the nearest above it that is one.
    ///
    /// - Throws: a ``NightlyError`` of kind `configuration` when there is none or its file is
    ///   wrong.
    package static func find(option: String?, environment: [String: String])
        throws(NightlyError) -> Workspace
    {
        if let option { return try open(option, from: "--workspace") }
        if let variable = environment["MEDIAPLAN_WORKSPACE"], !variable.isEmpty {
            return try open(variable, from: "MEDIAPLAN_WORKSPACE")
        }
        let start = Files.currentFolder()
        var folder = start
        while Files.kind(Files.path(folder, fileName)) != .file {
            if folder == "/" || folder == "." {
                throw NightlyError(
                    .configuration,
                    "no workspace here: neither '\(start)' nor a folder above it holds \(fileName)",
                    hint:
                        "make one with `mediaplan init DIR`, or name one with --workspace DIR or MEDIAPLAN_WORKSPACE"
                )
            }
            folder = Files.folder(of: folder)
        }
        return try open(folder, from: "")
    }

    /// The workspace in `folder`, its configuration read strictly.
    ///
    /// - Parameters:
    ///   - folder: of the workspace.
    ///   - origin: where the name came from, for the message.
    /// - Throws: of kind `configuration` when it is none or its file is wrong.
    /// - Returns: the workspace.
    package static func open(_ folder: String, from origin: String) throws(NightlyError)
        -> Workspace
    {
        let trimmed = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let file = Files.path(trimmed, fileName)
        guard Files.kind(file) == .file else {
            throw NightlyError(
                .configuration,
                "'\(folder)'\(origin.isEmpty ? "" : " (\(origin))") is no workspace: it has no \(fileName)",
                hint: "make one with `mediaplan init \(folder)`")
        }
        let bytes = try Files.read(file)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw NightlyError(.configuration, "\(file): error: not UTF-8 text")
        }
        let configuration = try ConfigurationReader.read(text, file: file)
        return Workspace(folder: trimmed, configuration: configuration)
    }
}

extension Workspace {
    /// A path inside the workspace; an absolute one as it is.
    package func path(_ name: String) -> String { Files.path(folder, name) }

    /// The SQLite file.
    package var storePath: String { path("store.sqlite") }
    /// The secret key that signs manifests.
    package var secretKeyPath: String { path("keys/manifest.key") }
    /// Its public key, which agents and operators verify with.
    package var publicKeyPath: String { path("keys/manifest.pub") }
    /// The secret keys that items are sealed with.
    package var contentKeysPath: String { path("keys/content.json") }
    /// The origin's folder, which ingest writes.
    package var originFolder: String { path(configuration.originFolder) }
    /// Where rejected records go.
    package var rejectsFolder: String { path("rejects") }
    /// What devices fetch.
    package var publishedFolder: String { path("published") }
    /// The lock file.
    package var lockPath: String { path("lock") }

    /// Where one table of the fleet is dropped.
    package func dropFolder(_ table: ImportTable) -> String { path("drop/\(table.rawValue)") }

    /// The folder of one night.
    package func nightFolder(_ date: CivilDate) -> String { path("nights/\(date)") }

    /// The plan of one night.
    package func planPath(_ date: CivilDate) -> String { path("nights/\(date)/plan") }

    /// The plan of one night that was published last.
    package func publishedPlanPath(_ date: CivilDate) -> String { path("nights/\(date)/published") }

    /// Takes the right to change the workspace.
    ///
    /// - Throws: of kind `locked` when another run holds it longer than `timeoutSeconds`.
    package func lock(timeoutSeconds: Double) throws(NightlyError) -> WorkspaceLock {
        let lock = try WorkspaceLock(lockPath, timeoutSeconds: timeoutSeconds)
        try sweep()
        return lock
    }

    /// Removes what runs that were cut short left; the lock is held, so none of it is in use.
    private func sweep() throws(NightlyError) {
        for name in try FolderScan.allNames(in: folder)
        where name.hasPrefix(".rehearsal.") || name.hasPrefix(".stdin.") {
            try Files.removeTree(path(name))
        }
        try PublishedFolder.sweep(root: publishedFolder)
        try removeTemporaries(in: rejectsFolder)
        let nights = path("nights")
        let dates = Files.kind(nights) == .folder ? try FolderScan.names(in: nights) : []
        for date in dates { try removeTemporaries(in: Files.path(nights, date)) }
        guard !configuration.metricsFile.isEmpty else { return }
        let metrics = path(configuration.metricsFile)
        try removeTemporaries(in: Files.folder(of: metrics), of: Files.name(of: metrics) + ".")
    }

    private func removeTemporaries(in folder: String, of prefix: String = "")
        throws(NightlyError)
    {
        guard Files.kind(folder) == .folder else { return }
        for name in try FolderScan.names(in: folder)
        where name.hasPrefix(prefix) && Files.isTemporary(name) {
            Files.remove(Files.path(folder, name))
        }
    }
}

extension Workspace {
    /// Its store.
    ///
    /// - Throws: of kind `configuration` when it is missing or no store.
    package func openStore() throws -> Store {
        try reportingStore { try Store(path: storePath, creating: false) }
    }

    /// Runs `body`; a store that is missing or none is a fault of the workspace.
    func reportingStore<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StoreError {
            let kinds: [StoreError.Code] = [.cannotOpen, .notAStore, .newerSchema]
            throw NightlyError(
                kinds.contains(error.code) ? .configuration : .failed,
                error.message, hint: error.hint)
        }
    }
}
