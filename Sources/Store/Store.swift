import GRDB
import Quantities

/// What a workspace knows: one SQLite file.
///
/// Settings of every connection, and why:
///
/// | pragma | value | why |
/// | --- | --- | --- |
/// | `journal_mode` | WAL | readers never block the nightly writer, nor it them |
/// | `synchronous` | FULL | a published sequence number must outlive a power cut |
/// | `foreign_keys` | on | a device's site and account exist |
/// | `page_size` | 8192 | a device's packed holdings fit beside others on a page |
/// | `busy_timeout` | 10 s | another command's short write is waited for |
/// | `cache_size` | 64 MiB | a night's snapshot reads each page once |
///
/// Everything is synchronous; a method may be called from any thread. Errors
/// are ``StoreError``, beside what a caller's own closure throws.
package final class Store: Sendable {
    /// The file's path as given.
    package let path: String
    private let pool: DatabasePool

    /// Opens the store at `path`; makes an empty one when `creating` and nothing is there.
    ///
    /// A file of something else, a damaged one, or one of a newer schema is
    /// refused before anything in it is touched; an older schema is migrated.
    package init(path: String, creating: Bool = true) throws {
        self.path = path
        pool = try Store.translating(path) {
            try Store.inspect(path, creating: creating)
            let pool = try DatabasePool(path: path, configuration: Store.configuration())
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try Schema.migrate(database)
            }
            return pool
        }
    }

    /// Closes all connections; the store must not be used after it.
    package func close() throws { try Store.translating(path) { try pool.close() } }

    /// Whether SQLite finds the whole file sound; its complaints, empty when there are none. Reads
    /// everything.
    package func complaints() throws -> [String] {
        try read { try String.fetchAll($0, sql: "PRAGMA integrity_check").filter { $0 != "ok" } }
    }

    /// Runs `body` in one read transaction: it sees one moment, whatever is written meanwhile.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Store.translating(path) { try pool.read(body) }
    }

    /// Runs `body` in one write transaction, rolled back when it throws.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Store.translating(path) { try pool.write(body) }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -65536")
            if !database.configuration.readonly {
                try database.execute(sql: "PRAGMA page_size = 8192")
            }
        }
        return configuration
    }

    /// Looks at an existing file through a connection that can't change it.
    private static func inspect(_ path: String, creating: Bool) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            _ = try queue.read { try Schema.check($0) }
            try queue.close()
        } catch let error as DatabaseError
            where creating && error.resultCode == .SQLITE_CANTOPEN
        {
            return
        }
    }
}
