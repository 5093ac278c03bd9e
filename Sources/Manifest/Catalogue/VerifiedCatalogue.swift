package import Quantities

/// What a device knows and trusts when a catalogue comes.
package struct CatalogueRules: Hashable, Sendable {
    /// A signature of any one of these counts; never the keys that sign manifests.
    package var keys: [VerifyingKey]
    /// The device's own fleet.
    package var fleet: String
    /// The last catalogue that was accepted; nil on a new device.
    package var seen: TrustRules.Seen?
    /// The time, from a clock that the caller trusts.
    package var now: Instant
    /// Longest root that is read, in bytes.
    package var maxBytes: Int

    package init(
        keys: [VerifyingKey], fleet: String, seen: TrustRules.Seen? = nil, now: Instant,
        maxBytes: Int = 8 << 20
    ) {
        self.keys = keys
        self.fleet = fleet
        self.seen = seen
        self.now = now
        self.maxBytes = maxBytes
    }
}

/// A catalogue that a device may trust: ``SignedCatalogue/verify(_:)`` alone makes one.
package struct VerifiedCatalogue: Hashable, Sendable {
    package let root: CatalogueRoot
    /// What to remember as the last one seen.
    package let seen: TrustRules.Seen

    fileprivate init(root: CatalogueRoot, seen: TrustRules.Seen) {
        self.root = root
        self.seen = seen
    }

    /// SHA-256, and so the file name, of the shard that is needed to judge an item.
    package func shard(ofItem key: String) -> Digest { root.shard(ofItem: key) }

    /// The index of an item as the catalogue's signer stated it.
    ///
    /// - Parameters:
    ///   - key: the item key.
    ///   - shard: bytes of the file that ``shard(ofItem:)`` names, from anywhere.
    /// - Throws: when these are other bytes, or the item isn't in the catalogue.
    /// - Returns: SHA-256 of the chunk index.
    package func index(ofItem key: String, shard: [UInt8]) throws(CatalogueRefusal) -> Digest {
        let read = try CatalogueShard(json: shard, named: root.shard(ofItem: key))
        guard let index = read.index(ofItem: key) else { throw .unknownItem(key) }
        return index
    }

    /// Whether `index` is the one of an item; says why not.
    ///
    /// - Parameters:
    ///   - index: SHA-256 of a chunk index, as a manifest states it.
    ///   - key: the item key.
    ///   - shard: bytes of the file that ``shard(ofItem:)`` names, from anywhere.
    /// - Throws: when it isn't, or the bytes are others.
    package func check(_ index: Digest, ofItem key: String, shard: [UInt8])
        throws(CatalogueRefusal)
    {
        guard try self.index(ofItem: key, shard: shard) == index else { throw .wrongIndex(key) }
    }
}

extension SignedCatalogue {
    /// Checks everything that the rules ask for, in this order: size, signature, form, fleet,
    /// sequence, time.
    ///
    /// Nothing unsigned is parsed. The same catalogue twice is fine, an older one isn't.
    package func verify(_ rules: CatalogueRules) throws(CatalogueRefusal) -> VerifiedCatalogue {
        guard root.count <= rules.maxBytes else {
            throw .tooLarge(bytes: root.count, limit: rules.maxBytes)
        }
        let comment = try checkedComment(rules.keys)
        let content = try CatalogueRoot(json: root)
        guard comment == content.trustedComment else { throw .commentMismatch }
        guard content.fleet == rules.fleet else { throw .wrongFleet(content.fleet) }
        let seen = TrustRules.Seen(sequence: content.sequence, digest: sha256(root))
        if let last = rules.seen {
            guard seen.sequence >= last.sequence else {
                throw .rollback(sequence: seen.sequence, seen: last.sequence)
            }
            guard seen.sequence > last.sequence || seen.digest == last.digest else {
                throw .conflict(sequence: seen.sequence)
            }
        }
        guard rules.now < content.expires else { throw .expired(at: content.expires) }
        return VerifiedCatalogue(root: content, seen: seen)
    }

    /// The trusted comment, both signatures verified.
    private func checkedComment(_ keys: [VerifyingKey]) throws(CatalogueRefusal) -> String {
        guard let text = MinisignText(file: minisig) else { throw .malformedSignature }
        let named = keys.filter { $0.keyID == text.keyID }
        guard !named.isEmpty else {
            throw .wrongKey(keyID: MinisignText.hexadecimal(ofKeyID: text.keyID))
        }
        guard let key = named.first(where: { $0.accepts(text.signature, of: root) }) else {
            throw .badSignature
        }
        let bound = text.signature + Array(text.trustedComment.utf8)
        guard key.accepts(text.commentSignature, of: bound) else { throw .badCommentSignature }
        return text.trustedComment
    }
}
