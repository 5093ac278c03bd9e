package import Catalogue
package import Fleet
package import Quantities

/// A title as it is kept.
package struct ShownTitle: Hashable, Sendable {
    /// What its newest version says; its verb is `delete` for a deleted title.
    package var record: TitleRecord
    /// The feed that stated it.
    package var feed: String

    package init(record: TitleRecord, feed: String) {
        self.record = record
        self.feed = feed
    }
}

/// A version of a title as it is kept.
package struct ShownItem: Hashable, Sendable {
    package var title: String
    package var version: String
    /// Whether it is what the title's newest version has.
    package var isCurrent: Bool
    /// In order; sizes may be unknown.
    package var files: [FileRecord]
    /// Nil: the workspace's chunk size.
    package var chunkBytes: Int64?
    /// SHA-256 of its chunk index: of what was ingested, else as stated; nil: neither.
    package var indexDigest: Digest?
    /// SHA-256 of its chunk index as its feed states it; nil: not stated.
    package var statedIndexDigest: Digest?

    package init(
        title: String, version: String, isCurrent: Bool, files: [FileRecord], chunkBytes: Int64?,
        indexDigest: Digest?, statedIndexDigest: Digest? = nil
    ) {
        self.title = title
        self.version = version
        self.isCurrent = isCurrent
        self.files = files
        self.chunkBytes = chunkBytes
        self.indexDigest = indexDigest
        self.statedIndexDigest = statedIndexDigest
    }

    /// Bytes of all files; nil when a file's size isn't known, or the sum is absurd.
    package var totalBytes: Int64? {
        guard !files.isEmpty else { return nil }
        return files.reduce(0 as Int64?) { sum, file in
            guard let sum, let size = file.sizeBytes else { return nil }
            let (total, overflow) = sum.addingReportingOverflow(size)
            return overflow ? nil : total
        }
    }
}

/// A holding as it is kept.
package struct ShownHolding: Hashable, Sendable {
    /// As it would be imported again, by title and version where the catalogue knows them.
    package var record: HoldingRecord
    /// Whether the catalogue knows the item.
    package var isKnown: Bool

    package init(record: HoldingRecord, isKnown: Bool) {
        self.record = record
        self.isKnown = isKnown
    }
}

/// A wish as it is kept.
package struct ShownWish: Hashable, Sendable {
    /// As it would be imported again.
    package var record: WishRecord
    /// Whether the catalogue knows the title.
    package var isKnown: Bool

    package init(record: WishRecord, isKnown: Bool) {
        self.record = record
        self.isKnown = isKnown
    }
}
