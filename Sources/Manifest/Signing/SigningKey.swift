import Crypto

/// An Ed25519 secret key (RFC 8032) with its minisign key id.
///
/// A reference, so that the secret lies in memory once; it is wiped when the
/// last reference goes. Nothing prints it: every description is the key's id,
/// and only ``secretKeyFile`` gives the secret away.
package final class SigningKey: Sendable {
    private let privateKey: Curve25519.Signing.PrivateKey

    /// What verifies this key's signatures.
    package let publicKey: VerifyingKey

    /// How many random bytes a new key takes.
    package static let randomByteCount = 40

    /// A new key.
    ///
    /// - Parameter random: ``randomByteCount`` bytes from a cryptographic generator: the seed, then
    ///   the key id.
    /// - Throws: ``KeyFault/malformed`` for another number of bytes.
    package init(random: [UInt8]) throws(KeyFault) {
        guard random.count == SigningKey.randomByteCount else { throw .malformed }
        privateKey = try SigningKey.key(seed: random[..<32])
        publicKey = VerifyingKey(keyID: Array(random[32...]), of: privateKey)
    }

    /// Reads minisign's secret key file without a password.
    package init(secretKeyFile text: [UInt8]) throws(KeyFault) {
        let blob = try MinisignText.blob(ofKeyFile: text, count: SecretKeyLayout.count)
        guard Array(blob[SecretKeyLayout.algorithm]) == MinisignText.algorithm else {
            throw .malformed
        }
        guard blob[SecretKeyLayout.derivation].allSatisfy({ $0 == 0 }) else { throw .encrypted }
        privateKey = try SigningKey.key(seed: blob[SecretKeyLayout.seed])
        publicKey = VerifyingKey(keyID: Array(blob[SecretKeyLayout.keyID]), of: privateKey)
        guard publicKey.bytes == Array(blob[SecretKeyLayout.publicHalf]) else {
            throw .malformed
        }
    }

    private static func key(seed: ArraySlice<UInt8>) throws(KeyFault)
        -> Curve25519.Signing.PrivateKey
    {
        do { return try Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed)) } catch {
            throw .malformed
        }
    }

    /// The key as minisign's secret key file without a password (as `minisign -G -W` writes): for a
    /// file of mode 0600.
    package var secretKeyFile: [UInt8] {
        var blob = [UInt8](repeating: 0, count: SecretKeyLayout.count)
        blob.replaceSubrange(SecretKeyLayout.algorithm, with: MinisignText.algorithm)
        blob.replaceSubrange(SecretKeyLayout.checksumKind, with: Array("B2".utf8))
        blob.replaceSubrange(SecretKeyLayout.keyID, with: publicKey.keyID)
        blob.replaceSubrange(SecretKeyLayout.seed, with: Array(privateKey.rawRepresentation))
        blob.replaceSubrange(SecretKeyLayout.publicHalf, with: publicKey.bytes)
        return Array("untrusted comment: minisign secret key\n\(Base64.encode(blob))\n".utf8)
    }

    /// What the tokens of transfers are made with: follows from the secret key alone.
    package var tokenKey: TokenKey { TokenKey(secret: Array(privateKey.rawRepresentation)) }

    /// The `.minisig` file of a manifest's bytes.
    package func minisig(of json: [UInt8], trustedComment: String) throws(KeyFault) -> [UInt8] {
        let signature = try signature(of: json)
        return MinisignText(
            keyID: publicKey.keyID, signature: signature, trustedComment: trustedComment,
            commentSignature: try self.signature(of: signature + Array(trustedComment.utf8))
        ).file
    }

    /// The 64 bytes of the Ed25519 signature of `message`.
    ///
    /// The same key and message give the same bytes: swift-crypto signs with
    /// BoringSSL on Linux, which follows RFC 8032 to the letter.
    package func signature(of message: [UInt8]) throws(KeyFault) -> [UInt8] {
        do { return Array(try privateKey.signature(for: message)) } catch { throw .malformed }
    }
}

/// Where the parts of minisign's secret key lie: 158 bytes, the three that hold a password's
/// derivation all zero here.
private enum SecretKeyLayout {
    static let count = 158
    static let algorithm = 0..<2
    static let derivation = 2..<4
    static let checksumKind = 4..<6
    static let keyID = 54..<62
    static let seed = 62..<94
    static let publicHalf = 94..<126
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `secret key 78F0A675FFAC455B`: its id, never the secret.
    package var description: String { "secret key \(publicKey.keyIDText)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a key can't be used.
package enum KeyFault: Error, Hashable, Sendable {
    /// Not a key file of minisign's, or its halves don't belong together.
    case malformed
    /// Its secret key is encrypted with a password.
    case encrypted
}

extension KeyFault: CustomStringConvertible {
    /// A sentence that says what to do.
    package var description: String {
        switch self {
        case .malformed: "the key isn't one that minisign writes; restore it from a copy"
        case .encrypted: "the key has a password; remove it with minisign -C -W"
        }
    }
}
