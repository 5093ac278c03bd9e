import Quantities

/// Why a call on the store can't succeed; nothing was changed by it.
package struct StoreError: Error, Hashable, Sendable {
    /// What kind of failure it is, stable for programs.
    package enum Code: String, Hashable, Sendable {
        /// There is no such file, or its folder can't be written.
        case cannotOpen = "E_STORE_OPEN"
        /// The file is something else than a store.
        case notAStore = "E_STORE_FORMAT"
        /// A newer program wrote it.
        case newerSchema = "E_STORE_NEWER"
        /// Its contents are damaged.
        case corrupt = "E_STORE_CORRUPT"
        /// Another program has held it for too long.
        case busy = "E_STORE_BUSY"
        /// The disk is full, or can't be read or written.
        case disk = "E_STORE_DISK"
        /// The sites that would result are not one tree; see ``StoreError/names``.
        case siteTree = "E_SITE_TREE"
        /// A site names a parent that is not there; see ``StoreError/names``.
        case unknownParent = "E_UNKNOWN_PARENT"
        /// The caller asked for what a session of this table doesn't do.
        case misuse = "E_STORE_MISUSE"
        /// Anything else that SQLite says.
        case failed = "E_STORE_FAILED"
    }

    package var code: Code
    /// One sentence, lower case, no full stop.
    package var message: String
    /// What the user can do; nil when the message says it all.
    package var hint: String?
    /// The identifiers that the failure is about, so that a caller can name their lines; often
    /// empty.
    package var names: [String]

    package init(_ code: Code, _ message: String, hint: String? = nil, names: [String] = []) {
        self.code = code
        self.message = message
        self.hint = hint
        self.names = names
    }
}

extension StoreError: CustomStringConvertible {
    /// `message [CODE]`.
    package var description: String { "\(message) [\(code.rawValue)]" }
}

extension StoreError {
    /// A device's packed row can't be read.
    static func damaged(_ table: String, device: String, _ fault: ByteReader.Fault) -> StoreError {
        StoreError(
            .corrupt, "the packed \(table) row of device '\(device)' is damaged (\(fault))",
            hint: "import all rows of that device again", names: [device])
    }

    /// A packed row has an entry without a name.
    static func missingName(_ device: String) -> StoreError {
        StoreError(
            .corrupt, "a packed row of device '\(device)' has an entry without a name",
            hint: "import all rows of that device again", names: [device])
    }
}
