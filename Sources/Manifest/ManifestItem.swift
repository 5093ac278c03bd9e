package import Catalogue
package import Quantities

/// What a manifest says of one item that it names.
package struct ManifestItem: Hashable, Sendable {
    /// Its name on disks and at origins; see ``ManifestNames``.
    package var key: String
    /// The title's identifier.
    package var title: String
    package var version: String
    /// The title's name for people; empty where it isn't fetched.
    package var name: String
    /// Bytes of its files in order, each positive.
    package var fileBytes: [Int64]
    package var chunkBytes: Int64
    /// SHA-256 of its chunk index; nil: no index is known, and nothing but sizes can be checked.
    package var index: Digest?
    /// Whether the device wishes for it, lacks some of it now, and holds all of it once the
    /// manifest is carried out.
    package var completes: Bool
    /// Where the item lies at an origin, below its base URL: `blobs/` and the SHA-256 of all its
    /// bytes, or its key where that isn't known; empty where it isn't fetched.
    package var path: String
    /// Whom to ask for what a source failed to send, in this order: devices that hold some of it,
    /// which accept connections, then origins.
    package var fallbacks: [ManifestContent.End]

    package init(
        key: String, title: String, version: String, name: String, fileBytes: [Int64],
        chunkBytes: Int64, index: Digest?, completes: Bool, path: String = "",
        fallbacks: [ManifestContent.End] = []
    ) {
        self.key = key
        self.title = title
        self.version = version
        self.name = name
        self.fileBytes = fileBytes
        self.chunkBytes = chunkBytes
        self.index = index
        self.completes = completes
        self.path = path
        self.fallbacks = fallbacks
    }

    /// Whether title and version need not be said beside the key: they stand there as they are, or
    /// nothing is fetched, so that nobody reports of them, and they can be told from it.
    var keyTellsTitle: Bool {
        let isEscaped = key.utf8.contains(UInt8(ascii: "~"))
        return path.isEmpty || !isEscaped ? !ManifestNames.isShortened(key) : false
    }

    /// Bytes of all files.
    package var totalBytes: Int64 { fileBytes.reduce(0, +) }

    /// Number of chunks: each file begins one.
    package var chunkCount: Int64 {
        fileBytes.reduce(0) { $0 + ($1 - 1) / chunkBytes + 1 }
    }

    /// How it is cut.
    package var layout: ChunkLayout {
        ChunkLayout(fileBytes: fileBytes, chunkBytes: chunkBytes)
    }
}
