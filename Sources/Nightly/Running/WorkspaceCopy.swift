import Glibc
import Store

/// A workspace with a copy of another's store, for a rehearsal; removed with the last reference.
final class WorkspaceCopy {
    /// Its folder holds the store alone; the configuration is the other's.
    let workspace: Workspace

    /// Copies the store as one moment saw it.
    init(of original: Workspace) throws {
        let folder = original.path(".rehearsal.\(getpid())")
        workspace = Workspace(folder: folder, configuration: original.configuration)
        try Files.removeTree(folder)
        try Files.makeFolder(folder, mode: 0o700)
        try original.reportingStore {
            try Store.copy(original.storePath, to: workspace.storePath)
        }
    }

    deinit { try? Files.removeTree(workspace.folder) }
}
