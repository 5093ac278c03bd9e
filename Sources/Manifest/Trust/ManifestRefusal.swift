package import Quantities

/// Why a manifest isn't obeyed.
package enum ManifestRefusal: Error, Hashable, Sendable {
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
    /// Signed, but not a manifest: where, and what is wrong.
    case malformed(String)
    /// A later major version of the format.
    case unknownVersion(String)
    /// The manifest says that whoever doesn't know these members must not obey it.
    case unknownCritical([String])
    /// The trusted comment speaks of another manifest.
    case commentMismatch
    case wrongFleet(String)
    case wrongDevice(String)
    /// A newer one was obeyed already.
    case rollback(sequence: Int64, seen: Int64)
    /// Another one with this sequence number was obeyed already.
    case conflict(sequence: Int64)
    case notYetValid(notBefore: Instant)
    case expired(at: Instant)
}

extension ManifestRefusal: CustomStringConvertible {
    /// A sentence that says what is wrong, and what to do where something can be done.
    package var description: String {
        switch self {
        case .tooLarge(let bytes, let limit):
            "the manifest has \(bytes) bytes, more than the limit of \(limit)"
        case .malformedSignature:
            "the signature isn't in minisign's classic form; sign with minisign -S -l"
        case .wrongKey(let keyID): "the manifest is signed with key \(keyID), which isn't trusted"
        case .badSignature: "the signature doesn't belong to this manifest"
        case .badCommentSignature: "the signature's trusted comment was changed"
        case .malformed(let what): "the manifest is signed but can't be understood: \(what)"
        case .unknownVersion(let version):
            "the manifest has version \(version) of the format; this program knows "
                + "\(ManifestContent.major).\(ManifestContent.minor) and must be updated"
        case .unknownCritical(let names):
            "the manifest needs a program that knows \(names.joined(separator: ", "))"
        case .commentMismatch: "the signature's trusted comment is about another manifest"
        case .wrongFleet(let fleet): "the manifest is for the fleet \(fleet)"
        case .wrongDevice(let device): "the manifest is for the device \(device)"
        case .rollback(let sequence, let seen):
            "the manifest has sequence number \(sequence), but \(seen) was obeyed already"
        case .conflict(let sequence):
            "another manifest with the sequence number \(sequence) was obeyed already"
        case .notYetValid(let notBefore): "the manifest isn't valid before \(notBefore)"
        case .expired(let at): "the manifest expired at \(at)"
        }
    }
}
