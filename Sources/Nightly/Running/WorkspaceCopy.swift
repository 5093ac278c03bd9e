import Glibc

/// A workspace with a copy of another's store, for a rehearsal; removed with the last reference.
final class WorkspaceCopy {
    /// Its folder holds the store alone; the configuration is the other's.
    let workspace: Workspace

    /// Copies the store, which nobody may be writing.
    init(of original: Workspace) throws(NightlyError) {
        let folder = original.path(".rehearsal.\(getpid())")
        try Files.removeTree(folder)
        try Files.makeFolder(folder, mode: 0o700)
        workspace = Workspace(folder: folder, configuration: original.configuration)
        for suffix in ["", "-wal"] where Files.kind(original.storePath + suffix) == .file {
            try WorkspaceCopy.copy(original.storePath + suffix, to: workspace.storePath + suffix)
        }
    }

    deinit { try? Files.removeTree(workspace.folder) }

    private static func copy(_ source: String, to target: String) throws(NightlyError) {
        let input = try OpenFile(reading: source)
        let output = try OpenFile(creating: target, mode: 0o600)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try Files.readChunk(input, into: &piece)
            if count == 0 { return }
            try output.write(all: Array(piece[..<count]))
        }
    }
}
