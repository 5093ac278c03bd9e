import Catalogue
package import Quantities

/// The form in which an item lies at the workspace's origin, as its ingest wrote it.
///
/// It stands in place of what a feed says of sizes, chunks and index, and stays whatever feeds
/// say later: a feed that states files of other sizes for the same version sets it aside.
package struct IngestedForm: Hashable, Sendable {
    /// The title's identifier; a feed may name it later.
    package var title: String
    /// The version's major number: that of its content.
    package var major: Int32
    /// Size of a full chunk as stored.
    package var chunkBytes: Int64
    /// SHA-256 of the chunk index.
    package var indexDigest: Digest
    /// SHA-256 of all stored bytes.
    package var blobDigest: Digest
    /// Sizes of the files in order; never empty.
    package var files: [File]
    /// When it was ingested first.
    package var at: Instant

    /// Sizes of one file, positive.
    package struct File: Hashable, Sendable {
        /// As its feed states it.
        package var plainBytes: Int64
        package var storedBytes: Int64

        package init(plainBytes: Int64, storedBytes: Int64) {
            self.plainBytes = plainBytes
            self.storedBytes = storedBytes
        }
    }

    package init(
        title: String, major: Int32, chunkBytes: Int64, indexDigest: Digest, blobDigest: Digest,
        files: [File], at: Instant
    ) {
        self.title = title
        self.major = major
        self.chunkBytes = chunkBytes
        self.indexDigest = indexDigest
        self.blobDigest = blobDigest
        self.files = files
        self.at = at
    }

    /// Whether it was made of files of these sizes; one that isn't stated fits.
    func isOf(_ stated: [FileRecord]) -> Bool {
        stated.count == files.count
            && zip(stated, files).allSatisfy { ($0.sizeBytes ?? $1.plainBytes) == $1.plainBytes }
    }

    /// The item, its files called as the feed calls them.
    func item(files stated: [FileRecord], title: Int32) -> Item {
        Item(
            title: title, version: String(major),
            files: zip(stated, files).map {
                ItemFile(name: $0.name, sizeBytes: $1.storedBytes, kind: $0.kind)
            }, chunkBytes: chunkBytes, indexDigest: indexDigest, blobDigest: blobDigest)
    }
}
