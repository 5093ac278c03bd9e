package import Quantities

/// Why a catalogue of indexes, or an item by it, isn't accepted.
package enum CatalogueRefusal: Error, Hashable, Sendable {
    /// Longer than the limit; nothing of it was read.
    case tooLarge(bytes: Int, limit: Int)
    /// The signature file isn't minisign's classic form.
    case malformedSignature
    /// Signed with a key that isn't trusted; the id as minisign prints it.
    case wrongKey(keyID: String)
    /// The signature isn't the key's over these bytes.
    case badSignature
    /// The trusted comment was changed after signing.
    case badCommentSignature
    /// Not a catalogue: where, and what is wrong.
    case malformed(String)
    /// A later major version of the format.
    case unknownVersion(String)
    /// The trusted comment speaks of another catalogue.
    case commentMismatch
    case wrongFleet(String)
    /// A newer one was accepted already.
    case rollback(sequence: Int64, seen: Int64)
    /// Another one with this sequence number was accepted already.
    case conflict(sequence: Int64)
    case expired(at: Instant)
    /// A shard's bytes aren't those that the root names.
    case wrongShard(Digest)
    /// The catalogue doesn't name the item.
    case unknownItem(String)
    /// The catalogue names another index for the item.
    case wrongIndex(String)
}

extension CatalogueRefusal: CustomStringConvertible {
    /// A sentence that says what is wrong, and what to do where something can be done.
    package var description: String {
        switch self {
        case .tooLarge(let bytes, let limit):
            "the catalogue has \(bytes) bytes, more than the limit of \(limit)"
        case .malformedSignature:
            "the signature isn't in minisign's classic form; sign with mediaplan catalogue sign"
        case .wrongKey(let keyID): "the catalogue is signed with key \(keyID), which isn't trusted"
        case .badSignature: "the signature doesn't belong to this catalogue"
        case .badCommentSignature: "the signature's trusted comment was changed"
        case .malformed(let what): "the catalogue can't be understood: \(what)"
        case .unknownVersion(let version):
            "the catalogue has version \(version) of the format; this program knows "
                + "\(CatalogueRoot.version) and must be updated"
        case .commentMismatch: "the signature's trusted comment is about another catalogue"
        case .wrongFleet(let fleet): "the catalogue is for the fleet \(fleet)"
        case .rollback(let sequence, let seen):
            "the catalogue has sequence number \(sequence), but \(seen) was accepted already"
        case .conflict(let sequence):
            "another catalogue with the sequence number \(sequence) was accepted already"
        case .expired(let at): "the catalogue expired at \(at)"
        case .wrongShard(let digest): "the shard's bytes don't have the SHA-256 \(digest.hex)"
        case .unknownItem(let key): "the catalogue doesn't name the item \(key)"
        case .wrongIndex(let key): "the catalogue names another index for the item \(key)"
        }
    }
}
