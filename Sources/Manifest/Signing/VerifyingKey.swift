import Crypto

/// An Ed25519 public key (RFC 8032) with its minisign key id.
package struct VerifyingKey: Hashable, Sendable {
    /// 8 bytes, as they lie in files.
    package let keyID: [UInt8]
    /// 32 bytes.
    package let bytes: [UInt8]

    init(keyID: [UInt8], of key: Curve25519.Signing.PrivateKey) {
        self.keyID = keyID
        bytes = Array(key.publicKey.rawRepresentation)
    }

    /// Reads minisign's public key file: a comment line and 42 bytes in base 64.
    package init(publicKeyFile text: [UInt8]) throws(KeyFault) {
        let blob = try MinisignText.blob(ofKeyFile: text, count: 42)
        guard Array(blob[..<2]) == MinisignText.algorithm else { throw .malformed }
        keyID = Array(blob[2..<10])
        bytes = Array(blob[10...])
    }

    /// The key id as minisign prints it: at most 16 hexadecimal digits, the last byte first.
    package var keyIDText: String { MinisignText.hexadecimal(ofKeyID: keyID) }

    /// The key as minisign's public key file (`minisign.pub`), which signify reads too.
    package var publicKeyFile: [UInt8] {
        let blob = Base64.encode(MinisignText.algorithm + keyID + bytes)
        return Array("untrusted comment: minisign public key \(keyIDText)\n\(blob)\n".utf8)
    }

    /// The key as a PEM file (RFC 8410), which openssl reads.
    package var pem: [UInt8] {
        let prefix: [UInt8] = [
            0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
        ]
        let blob = Base64.encode(prefix + bytes)
        return Array("-----BEGIN PUBLIC KEY-----\n\(blob)\n-----END PUBLIC KEY-----\n".utf8)
    }

    /// Whether `signature` (64 bytes) is this key's over `message`.
    package func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return false
        }
        return key.isValidSignature(signature, for: message)
    }
}
