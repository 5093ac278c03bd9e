package import Quantities

/// What a feed says of one title at one version, before it is merged into a catalogue.
package struct TitleRecord: Hashable, Sendable {
    /// What a feed asks for.
    package enum Verb: String, Hashable, Sendable {
        case put
        case delete
    }

    package var verb: Verb
    /// Unique in the workspace, such as `example.com/MOVI0000000000000001`.
    package var id: String
    /// Other identifiers that holdings and wishes may use for it.
    package var aliases: [String]
    /// For people; may be empty.
    package var name: String
    package var licence: LicenceWindow
    package var territories: Territories
    package var peerToPeer: Bool
    /// Orders what is said of one title: a lower one never replaces a higher.
    package var version: Version
    /// In the feed's order; empty when it states none: the title can be imported, not planned.
    package var files: [FileRecord]
    /// Stated by a feed that knows the ingested form; nil: the workspace's chunk size.
    package var chunkBytes: Int64?
    /// SHA-256 of the chunk index; nil: not ingested yet, or not stated.
    package var indexDigest: Digest?
    /// Where it stands in its input, for messages.
    package var line: Int

    /// A version of a title: the major number counts changes of content, the minor those of
    /// metadata.
    package struct Version: Hashable, Comparable, Sendable {
        /// Counts changes of content; not negative.
        package var major: Int32
        /// Counts changes of metadata; not negative.
        package var minor: Int32

        package init(major: Int32, minor: Int32 = 0) {
            self.major = major
            self.minor = minor
        }

        package static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
    }

    package init(
        verb: Verb = .put, id: String, aliases: [String] = [], name: String = "",
        licence: LicenceWindow = LicenceWindow(), territories: Territories = .everywhere,
        peerToPeer: Bool = true, version: Version, files: [FileRecord] = [],
        chunkBytes: Int64? = nil, indexDigest: Digest? = nil, line: Int = 0
    ) {
        self.verb = verb
        self.id = id
        self.aliases = aliases
        self.name = name
        self.licence = licence
        self.territories = territories
        self.peerToPeer = peerToPeer
        self.version = version
        self.files = files
        self.chunkBytes = chunkBytes
        self.indexDigest = indexDigest
        self.line = line
    }
}

/// What a feed says of one file.
package struct FileRecord: Hashable, Sendable {
    /// Its name or location as stated, blanks trimmed.
    package var name: String
    /// `movie`, `preview`, `box-cover`, …: lower case, words joined by hyphens.
    package var kind: String
    /// Nil when absent, empty or zero: the title can be imported, not planned.
    package var sizeBytes: Int64?
    /// As stated, hexadecimal in lower case; the length tells the kind (32 is MD5, 64 SHA-256).
    package var checksum: String?
    /// Identifies it within its provider; may be empty.
    package var id: String

    package init(
        name: String, kind: String, sizeBytes: Int64?, checksum: String? = nil, id: String = ""
    ) {
        self.name = name
        self.kind = kind
        self.sizeBytes = sizeBytes
        self.checksum = checksum
        self.id = id
    }
}
