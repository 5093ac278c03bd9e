import Manifest
import Quantities
import Store

/// Makes a new workspace.
package enum InitWorkspace {
    /// Makes `folder` a workspace: configuration with every default, store, keys and drop folders.
    ///
    /// The configuration file is written last, so a run that was cut short leaves
    /// no workspace and can be repeated; keys that are there are kept.
    ///
    /// - Throws: when it is a workspace already, or something can't be written.
    /// - Returns: the new workspace.
    package static func run(_ folder: String) throws -> Workspace {
        let workspace = Workspace(folder: folder, configuration: Configuration())
        let file = workspace.path(Workspace.fileName)
        guard Files.kind(file) == nil else {
            throw NightlyError(
                .failed, "'\(folder)' is a workspace already; nothing was changed",
                hint: "edit \(file), or name another folder")
        }
        try Files.makeFolder(folder, mode: 0o750)
        try Files.makeFolder(workspace.path("keys"), mode: 0o700)
        for name in folders(workspace) { try Files.makeFolder(workspace.path(name)) }
        try makeKeys(workspace)
        try Store(path: workspace.storePath).close()
        try Files.setMode(workspace.storePath, 0o600)
        try Files.replace(file, with: Array(workspace.configuration.text.utf8))
        return workspace
    }

    /// Makes the pair that signs manifests, unless there is a secret key already.
    private static func makeKeys(_ workspace: Workspace) throws {
        guard Files.kind(workspace.secretKeyPath) == nil else { return }
        var generator = SystemRandomNumberGenerator()
        let random = (0..<SigningKey.randomByteCount).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        let key = try SigningKey(random: random)
        try Files.replace(workspace.publicKeyPath, with: key.publicKey.publicKeyFile)
        try Files.replace(workspace.path("keys/manifest.pem"), with: key.publicKey.pem)
        try Files.replace(workspace.secretKeyPath, with: key.secretKeyFile, mode: 0o600)
    }

    private static func folders(_ workspace: Workspace) -> [String] {
        let tables = ImportTable.allCases.filter { $0 != .catalogue }.map { "drop/\($0.rawValue)" }
        return ["rejects", "nights", "published"] + tables
            + workspace.configuration.feeds.map(\.folder)
    }
}
