import Quantities

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
        try Files.makeFolder(folder)
        for name in folders(workspace) { try Files.makeFolder(workspace.path(name)) }
        try Files.replace(file, with: Array(workspace.configuration.text.utf8))
        return workspace
    }

    private static func folders(_ workspace: Workspace) -> [String] {
        let tables = InputKind.allCases.filter { $0 != .catalogue }.map { "drop/\($0.rawValue)" }
        return ["keys", "rejects", "nights", "published"] + tables
            + workspace.configuration.feeds.map(\.folder)
    }
}
