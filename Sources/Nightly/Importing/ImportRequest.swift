package import Quantities
package import Store

/// What is to be imported, and how strictly.
package struct ImportRequest: Hashable, Sendable {
    package var table: ImportTable
    /// Files, folders, or `-` for standard input; each is a source: one transaction.
    package var sources: [String]
    /// What rows say of what they don't name.
    package var extent: ImportSource.Extent
    /// Of catalogue feeds: how they are read, and the feed's name (its folder).
    package var feed: FeedFolder
    /// Reads and judges everything, changes nothing.
    package var isCheck: Bool
    /// Takes what the guards refuse, and files that were imported before.
    package var isForced: Bool
    /// When it is imported.
    package var now: Instant

    package init(
        table: ImportTable, sources: [String], extent: ImportSource.Extent = .named,
        feed: FeedFolder = FeedFolder(), isCheck: Bool = false, isForced: Bool = false, now: Instant
    ) {
        self.table = table
        self.sources = sources
        self.extent = extent
        self.feed = feed
        self.isCheck = isCheck
        self.isForced = isForced
        self.now = now
    }
}

/// What became of one source.
package struct ImportOutcome: Hashable, Sendable {
    /// How it ended.
    package enum Verdict: String, Hashable, Sendable {
        /// Its rows are in the store (of a check: would be).
        case imported
        /// These bytes were imported before: nothing to do.
        case unchanged
        /// There were no files.
        case empty
        /// Nothing of it was taken; ``ImportOutcome/failure`` says why.
        case failed
    }

    package var table: ImportTable
    /// As given.
    package var source: String
    package var verdict: Verdict
    /// Files that were read.
    package var files = 0
    /// Files of the source that were left alone, since they were imported before.
    package var knownFiles = 0
    /// Bytes of the files that were read, as they lie on the disk.
    package var bytes: Int64 = 0
    /// Rows that were read, titles of a catalogue.
    package var records: Int64 = 0
    /// What was turned down: rows, and of a folder whole files.
    package var rejected: Int64 = 0
    /// How often, by code, ascending by code.
    package var rejectedByCode: [CodeCount] = []
    /// What the store says.
    package var report = ImportReport()
    /// The first findings of each code, for people.
    package var findings: [Diagnostic] = []
    /// How many there were of each code, ascending by code.
    package var findingsByCode: [CodeCount] = []
    /// Files of rejected records.
    package var rejectFiles: [String] = []
    /// When its newest file was last changed; nil without files.
    package var newestFile: Instant?
    /// How long it took.
    package var seconds: Double = 0
    /// Why nothing was taken.
    package var failure: NightlyError?

    package init(table: ImportTable, source: String, verdict: Verdict = .imported) {
        self.table = table
        self.source = source
        self.verdict = verdict
    }
}

/// How often a code occurred.
package struct CodeCount: Hashable, Sendable {
    /// Of a finding, such as `E_RANGE`.
    package var code: String
    /// At least 1.
    package var count: Int64

    package init(code: String, count: Int64) {
        self.code = code
        self.count = count
    }

    static func sorted(_ counts: [String: Int64]) -> [CodeCount] {
        counts.map { CodeCount(code: $0.key, count: $0.value) }.sorted { $0.code < $1.code }
    }
}
