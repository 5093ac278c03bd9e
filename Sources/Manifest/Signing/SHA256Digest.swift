import Crypto
package import Quantities

/// The SHA-256 of `bytes` (FIPS 180-4).
package func sha256(_ bytes: [UInt8]) -> Quantities.Digest {
    guard let digest = Quantities.Digest(bytes: Array(SHA256.hash(data: bytes))) else {
        preconditionFailure("a SHA-256 has 32 bytes")
    }
    return digest
}
