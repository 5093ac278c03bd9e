package import Quantities

/// Everything that is licensed, at one moment: what a night's plan may move.
///
/// Positions in ``titles`` and ``items`` are the dense indices that `Fleet`,
/// `Planner`, `Audit` and `Schedule` use; both arrays are sorted, so equal
/// contents give equal indices, whatever the order of the imports.
package struct Catalogue: Hashable, Sendable {
    /// Ascending by ``Title/id`` (bytes of its UTF-8).
    package var titles: [Title]
    /// Ascending by title, then by ``Item/version``; every version still known, the current one
    /// among them.
    package var items: [Item]

    package init(titles: [Title] = [], items: [Item] = []) {
        self.titles = titles
        self.items = items
    }
}

/// What is licensed, wished for, bought and watched.
package struct Title: Hashable, Sendable {
    /// Unique in the workspace, such as `example.com/MOVI0000000000000001`.
    package var id: String
    /// For people; may be empty.
    package var name: String
    /// When it may go to a device: `[start, end)`; nil bounds are open.
    package var licence: LicenceWindow
    /// Where it may be kept.
    package var territories: Territories
    /// False: only an origin may send it.
    package var peerToPeer: Bool
    /// Position in ``Catalogue/items`` of the version that is moved tonight; -1 when nothing of
    /// known size is there.
    package var currentItem: Int32

    package init(
        id: String, name: String, licence: LicenceWindow, territories: Territories,
        peerToPeer: Bool,
        currentItem: Int32
    ) {
        self.id = id
        self.name = name
        self.licence = licence
        self.territories = territories
        self.peerToPeer = peerToPeer
        self.currentItem = currentItem
    }
}

/// A half-open time `[start, end)` in which a title may be sent; nil bounds are open.
package struct LicenceWindow: Hashable, Sendable {
    /// The first second in it; nil: since ever.
    package var start: Instant?
    /// The first second after it; nil: without end.
    package var end: Instant?

    package init(start: Instant? = nil, end: Instant? = nil) {
        self.start = start
        self.end = end
    }
}

/// The ISO 3166 countries in which a title may be kept.
package enum Territories: Hashable, Sendable {
    case everywhere
    /// Only these (upper case, ascending).
    case only([String])
    /// All but these (upper case, ascending).
    case except([String])

    /// Whether a place of this territory may keep the title. An unknown territory is allowed only
    /// `everywhere`.
    package func allow(_ territory: String?) -> Bool {
        switch self {
        case .everywhere: true
        case .only(let list): territory.map(list.contains) ?? false
        case .except(let list): territory.map { !list.contains($0) } ?? false
        }
    }
}

/// What is moved: a title's files at one version, cut into chunks.
package struct Item: Hashable, Sendable {
    /// Position of its title in ``Catalogue/titles``.
    package var title: Int32
    /// The feed's word for the content's version; unique within the title.
    package var version: String
    /// Its files in order; never empty, sizes positive.
    package var files: [ItemFile]
    /// The size of a full chunk in bytes.
    package var chunkBytes: Int64
    /// SHA-256 of its chunk index; nil when nothing was ingested or stated: then it moves only if
    /// the workspace plans on sizes alone.
    package var indexDigest: Digest?
    /// SHA-256 of all its bytes, by which it lies at origins; nil when it wasn't ingested here.
    package var blobDigest: Digest?

    package init(
        title: Int32, version: String, files: [ItemFile], chunkBytes: Int64, indexDigest: Digest?,
        blobDigest: Digest? = nil
    ) {
        self.title = title
        self.version = version
        self.files = files
        self.chunkBytes = chunkBytes
        self.indexDigest = indexDigest
        self.blobDigest = blobDigest
    }

    /// How it is cut.
    package var layout: ChunkLayout {
        ChunkLayout(fileBytes: files.map(\.sizeBytes), chunkBytes: chunkBytes)
    }
}

/// One file of an item.
package struct ItemFile: Hashable, Sendable {
    /// Its name or location as the feed states it.
    package var name: String
    /// Bytes, positive.
    package var sizeBytes: Int64
    /// `movie`, `preview`, `poster`, … in lower case.
    package var kind: String

    package init(name: String, sizeBytes: Int64, kind: String) {
        self.name = name
        self.sizeBytes = sizeBytes
        self.kind = kind
    }
}
