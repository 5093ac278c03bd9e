import CanonicalJSON
package import Quantities

// The signed catalogue of indexes.
//
// Problem: the key that signs manifests is online, so whoever steals it must
// not be able to bring content of his own onto boxes. Idea: another key, kept
// offline, signs which chunk index belongs to which item; a box accepts no
// other. A fleet has many items and a box needs few, so the list is cut into
// shards by the first bits of SHA-256(item key), each named by its own
// SHA-256; the root names all shards and alone is signed. A box then fetches
// the root and one shard for each item that it is to take.
//
// A root is about 67 bytes for each 256 items. Sources: The Update Framework 1.0
// (roles, expiry, rollback); hashed bins are TUF's too.

/// Which chunk index belongs to which item, before it is signed.
package struct IndexCatalogue: Hashable, Sendable {
    /// Items of a shard on average, at most.
    package static let itemsPerShard = 256
    /// Most shards: 2¹⁶, for some 16 million items.
    package static let shardLimit = 1 << 16

    /// The fleet's name: a catalogue of another fleet is refused.
    package var fleet: String
    /// Grows with every signing; at least 1.
    package var sequence: Int64
    package var issued: Instant
    /// From then on no device accepts it.
    package var expires: Instant
    /// Ascending by key (bytes of its ASCII), no key twice.
    package private(set) var entries: [Entry]

    /// One item.
    package struct Entry: Hashable, Sendable {
        /// An item key; see ``ManifestNames``.
        package var item: String
        /// SHA-256 of its chunk index.
        package var index: Digest

        package init(item: String, index: Digest) {
            self.item = item
            self.index = index
        }
    }

    /// - Parameters:
    ///   - fleet: its name.
    ///   - sequence: at least 1.
    ///   - issued: when it is signed.
    ///   - expires: after `issued`.
    ///   - entries: in any order, each item once.
    /// - Throws: ``CatalogueRefusal/malformed(_:)`` when an item comes twice or isn't a key.
    package init(
        fleet: String, sequence: Int64, issued: Instant, expires: Instant, entries: [Entry]
    ) throws(CatalogueRefusal) {
        self.fleet = fleet
        self.sequence = sequence
        self.issued = issued
        self.expires = expires
        self.entries = entries.sorted { $0.item < $1.item }
        for (one, next) in zip(self.entries, self.entries.dropFirst()) where one.item == next.item {
            throw .malformed("the item \(one.item) comes twice")
        }
        for entry in entries where !CatalogueShard.isKey(entry.item) {
            throw .malformed("'\(entry.item)' is no item key")
        }
        guard CatalogueShard.count(ofItems: entries.count) <= IndexCatalogue.shardLimit else {
            throw .malformed("there are too many items")
        }
    }

    /// The shards in order: their bytes, each to be written to a file named by its SHA-256.
    package var shards: [[UInt8]] {
        let count = CatalogueShard.count(ofItems: entries.count)
        var parts = [[Entry]](repeating: [], count: count)
        for entry in entries {
            parts[CatalogueShard.number(ofItem: entry.item, of: count)].append(entry)
        }
        return parts.map { CatalogueShard(entries: $0).json }
    }

    /// The root of these shards.
    ///
    /// - Parameter shards: what ``shards`` gives.
    /// - Returns: what is signed.
    package func root(of shards: [[UInt8]]) -> CatalogueRoot {
        CatalogueRoot(
            fleet: fleet, sequence: sequence, issued: issued, expires: expires,
            items: Int64(entries.count), shards: shards.map { sha256($0) })
    }
}

/// A root's bytes with a signature that nobody has checked yet.
package struct SignedCatalogue: Hashable, Sendable {
    /// `root.json`.
    package var root: [UInt8]
    /// Its `.minisig` file.
    package var minisig: [UInt8]

    package init(root: [UInt8], minisig: [UInt8]) {
        self.root = root
        self.minisig = minisig
    }
}

extension CatalogueRoot {
    /// Signs it with the offline key. The same root and key give the same bytes.
    package func signed(with key: SigningKey) throws(KeyFault) -> SignedCatalogue {
        let json = json
        let signature = try key.signature(of: json)
        let text = MinisignText(
            keyID: key.publicKey.keyID, signature: signature, trustedComment: trustedComment,
            commentSignature: try key.signature(of: signature + Array(trustedComment.utf8)))
        return SignedCatalogue(root: json, minisig: text.file(of: "catalogue"))
    }
}
