package import Catalogue
package import Quantities

/// What an item consists of, chunk by chunk, in the form in which it is stored and sent.
///
/// Its canonical bytes are a file of their own, named by their SHA-256, which manifests and the
/// signed catalogue state.
package struct ChunkIndex: Hashable, Sendable {
    /// The title's identifier.
    package var title: String
    package var version: String
    /// Size of a full chunk as stored.
    package var chunkBytes: Int64
    /// In order; never empty.
    package var files: [StoredFile]
    /// SHA-256 of all stored bytes, the files laid end to end.
    package var blob: Digest
    /// SHA-256 of each stored chunk, in order.
    package var chunks: [Digest]

    package init(
        title: String, version: String, chunkBytes: Int64, files: [StoredFile], blob: Digest,
        chunks: [Digest]
    ) {
        self.title = title
        self.version = version
        self.chunkBytes = chunkBytes
        self.files = files
        self.blob = blob
        self.chunks = chunks
    }

    /// How the stored bytes are cut.
    package var layout: ChunkLayout {
        ChunkLayout(fileBytes: files.map(\.storedBytes), chunkBytes: chunkBytes)
    }
}

/// One file of an item, sealed.
package struct StoredFile: Hashable, Sendable {
    /// As the feed states it.
    package var name: String
    /// `movie`, `preview`, `poster`, … in lower case.
    package var kind: String
    /// Bytes before sealing, positive.
    package var plainBytes: Int64
    /// Bytes as stored: positive.
    package var storedBytes: Int64

    package init(name: String, kind: String, plainBytes: Int64, storedBytes: Int64) {
        self.name = name
        self.kind = kind
        self.plainBytes = plainBytes
        self.storedBytes = storedBytes
    }
}
