import Crypto

/// A title's secret: 32 random bytes from which the keys of its chunks are derived.
///
/// It can't be copied by accident, nothing prints it, and its memory is wiped when it goes.
package struct ContentKey: ~Copyable, Sendable {
    /// How many random bytes a new key takes.
    package static let byteCount = 32

    private let secret: SymmetricKey

    /// The key of exactly ``byteCount`` bytes from a cryptographic generator; nil for another
    /// number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == ContentKey.byteCount else { return nil }
        secret = SymmetricKey(data: bytes)
    }

    /// 32 bytes by HKDF-SHA256 (RFC 5869) without a salt.
    ///
    /// - Parameter purpose: tells derived keys apart.
    /// - Returns: the key.
    borrowing func derived(_ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret, info: Array(purpose.utf8), outputByteCount: 32)
    }
}
