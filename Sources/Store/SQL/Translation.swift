import GRDB

extension Store {
    /// Runs `body`; what SQLite throws becomes a ``StoreError`` that names the file, everything
    /// else passes.
    static func translating<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        } catch var error as StoreError where error.code == .notAStore || error.code == .newerSchema
        {
            error.message = "\(path): \(error.message)"
            throw error
        }
    }
}

extension StoreError {
    /// What an SQLite error means to the user.
    init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY:
            self.init(
                .cannotOpen, "\(path): the store can't be opened: \(detail)",
                hint: "check that the workspace exists and may be written")
        case .SQLITE_NOTADB:
            self.init(.notAStore, "\(path): the file is not a store")
        case .SQLITE_CORRUPT:
            self.init(
                .corrupt, "\(path): the store is damaged: \(detail)",
                hint: "restore it from a backup, or import everything into a new workspace")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, "\(path): another program is writing to the store",
                hint: "try again when it is done")
        case .SQLITE_FULL, .SQLITE_IOERR:
            self.init(
                .disk, "\(path): the disk is full or failed: \(detail)",
                hint: "make room on the disk, or check it, and run the command again")
        default:
            self.init(.failed, "\(path): \(detail)")
        }
    }
}
