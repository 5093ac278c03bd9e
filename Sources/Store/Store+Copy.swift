import GRDB

extension Store {
    /// Copies the store at `path` to `target`, where nothing may be: what one moment saw, also
    /// while another program writes; `path` isn't changed.
    ///
    /// Throws ``StoreError`` when there is none, it is damaged or of a newer schema, or the copy
    /// can't be written.
    package static func copy(_ path: String, to target: String) throws {
        try translating(path) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.readonly = true
            let looking = try DatabaseQueue(path: path, configuration: configuration)
            _ = try looking.read { try Schema.check($0) }
            try looking.close()
            // One that may write, for only such a one removes the files beside the store that any
            // reader makes.
            configuration.readonly = false
            let source = try DatabaseQueue(path: path, configuration: configuration)
            let copy = try DatabaseQueue(path: target)
            try source.backup(to: copy)
            try copy.close()
            try source.close()
        }
    }
}
