import Manifest
package import Quantities

/// One item that is to be ingested: which files it is made of, and what is known of them.
struct IngestJob: Hashable, Sendable {
    /// The title's identifier.
    var title: String
    var major: Int32
    /// In the item's order; never empty.
    var sources: [Source]
    /// Size of a full chunk as stored.
    var chunkBytes: Int64
    /// SHA-256 of the chunk index that its feed states; nil: none.
    var statedIndex: Digest?

    /// One file.
    struct Source: Hashable, Sendable {
        /// Where its bytes are read from.
        var path: String
        /// As the feed states it.
        var name: String
        var kind: String
        /// As the feed states it; nil: not stated.
        var sizeBytes: Int64?
        /// As the feed states it; nil: not stated.
        var checksum: String?
    }

    var version: String { String(major) }
    var key: String { ManifestNames.item(title: title, version: version) }
}

/// What became of an item that was to be ingested.
package struct IngestOutcome: Hashable, Sendable {
    /// What it came to.
    package enum Verdict: String, Hashable, Sendable {
        /// It lies at the origin now.
        case ingested
        /// It lay there before, and its bytes are the same.
        case unchanged
        /// It was ingested before and isn't read again.
        case known
        /// Nothing came of it; see ``IngestOutcome/failure``.
        case failed
    }

    package var title: String
    package var version: String
    /// The item key.
    package var item: String
    package var verdict: Verdict
    /// Bytes before sealing.
    package var plainBytes: Int64 = 0
    package var storedBytes: Int64 = 0
    /// Number of chunks.
    package var chunks: Int64 = 0
    /// Chunks that an earlier version of the title had already.
    package var reusedChunks: Int64 = 0
    /// Chunks that a run which was cut short had written already.
    package var resumedChunks: Int64 = 0
    /// SHA-256 of its chunk index; nil when it failed.
    package var index: Digest?
    /// SHA-256 of its stored bytes; nil when it failed.
    package var blob: Digest?
    /// What deserves attention.
    package var warnings: [String] = []
    /// Why nothing came of it; nil when something did.
    package var failure: NightlyError?
    /// How long it took.
    package var seconds = 0.0

    init(_ job: IngestJob, _ verdict: Verdict) {
        title = job.title
        version = job.version
        item = job.key
        self.verdict = verdict
    }
}
