package import Quantities

/// The tables that are imported, by the names that commands and files use.
package enum ImportTable: String, Hashable, Sendable, CaseIterable {
    case catalogue
    case sites
    case origins
    case accounts
    case devices
    case holdings
    case wishes
    case links
    case reports
}

/// One file that an import reads.
package struct ImportFile: Hashable, Sendable {
    /// Its path as given.
    package var name: String
    package var sizeBytes: Int64
    package var modifiedAt: Instant
    /// SHA-256 of its bytes as they are on disk.
    package var digest: Digest

    package init(name: String, sizeBytes: Int64, modifiedAt: Instant, digest: Digest) {
        self.name = name
        self.sizeBytes = sizeBytes
        self.modifiedAt = modifiedAt
        self.digest = digest
    }
}

/// What one import reads, and how its rows are meant: all of it is one transaction.
package struct ImportSource: Hashable, Sendable {
    /// What rows say of what they don't name.
    package enum Extent: String, Hashable, Sendable {
        /// Nothing: sites, origins, accounts, devices, links and titles that are not named stay; a
        /// device that is named has exactly the named holdings or wishes.
        case named
        /// It is gone: sites, origins, accounts, devices and links that are not named are removed,
        /// unless something that stays refers to them. Holdings, wishes and titles are taken as
        /// with ``named``.
        case whole
        /// Nothing, and rows of holdings and wishes add or remove one each.
        case delta
    }

    package var table: ImportTable
    /// Which catalogue feed it is, so that titles which it no longer names can be told; empty
    /// otherwise.
    package var feed: String
    /// What was read, in order.
    package var files: [ImportFile]
    package var extent: Extent
    /// When it is imported.
    package var at: Instant

    package init(
        table: ImportTable, feed: String = "", files: [ImportFile], extent: Extent = .named,
        at: Instant
    ) {
        self.table = table
        self.feed = feed
        self.files = files
        self.extent = extent
        self.at = at
    }
}

/// A row that was not taken.
package struct RowRefusal: Hashable, Sendable {
    /// Position in the batch that was given.
    package var row: Int
    /// `E_UNKNOWN_SITE`, `E_UNKNOWN_ACCOUNT`, `E_UNKNOWN_DEVICE`, `E_TEXT` for a text that can't
    /// be stored, `E_TOO_MANY` and `E_TOO_MUCH` for what a device can't have; of reports
    /// `E_FUTURE` and `E_NIGHT` for times that can't be true.
    package var code: String
    /// One sentence, lower case, no full stop.
    package var message: String

    package init(row: Int, code: String, message: String) {
        self.row = row
        self.code = code
        self.message = message
    }
}

/// What an import did, or is about to do when its session is still open.
package struct ImportReport: Hashable, Sendable {
    /// Rows (of a catalogue: titles) that were given.
    package var rows = 0
    /// Rows that were not taken.
    package var refused = 0
    /// Rows that another row of the same import replaced: the last by time of observation, else by
    /// order.
    package var duplicates = 0
    /// Rows of a delta that are older than what is stored, or remove what isn't there; titles of a
    /// lower version; rows of reports that were taken before, or are older than what was.
    package var ignored = 0
    /// Rows that name a title or an item which the catalogue doesn't know; they are kept.
    package var unknownNames = 0
    /// Devices (of holdings and wishes), titles, or rows of the others that are new in the store.
    package var added = 0
    /// The same, whose contents changed.
    package var changed = 0
    /// The same, which are as they were.
    package var unchanged = 0
    /// The same, which are gone.
    package var removed = 0
    /// Rows that ``ImportSource/Extent/whole`` would remove but for what still refers to them;
    /// ascending.
    package var kept: [String] = []
    /// What reports told, whatever the nights.
    package var reported = ReportedNight(night: CivilDate(dayNumber: 0))

    package init() {}
}
