import CanonicalJSON
import Crypto
import Quantities

/// The secret from which the tokens of transfers are made.
///
/// A token is the first 16 bytes of an HMAC-SHA256 (RFC 2104) over a canonical description of who
/// sends what to whom in which night, in hexadecimal. So the same plan and key give the same
/// tokens, both ends are told the same one, and nobody can make or guess another transfer's.
/// Nothing prints the secret.
package struct TokenKey: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: at least 32 bytes that nobody else knows; the key is derived from them
    ///   by HKDF-SHA256 (RFC 5869), so that they may serve other ends too.
    package init(secret: [UInt8]) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array("mediaplan tokens".utf8),
            outputByteCount: 32)
    }

    /// Who may ask for what.
    struct Grant: Sendable {
        var fleet: String
        var night: CivilDate
        var source: String
        var destination: String
        /// An item key.
        var item: String
        /// Chunk numbers and slot of a transfer; nil for a fall-back, who may be asked for any.
        var part: (chunks: Range<Int32>, slot: Int32)? = nil

        /// An array of texts, as canonical JSON, so that no two grants have the same.
        fileprivate var description: [UInt8] {
            var words = [fleet, "\(night)", source, destination, item]
            if let part {
                words += ["\(part.chunks.lowerBound)", "\(part.chunks.upperBound)", "\(part.slot)"]
            }
            var writer = CanonicalWriter()
            writer.array(words) { $0.value($1) }
            return writer.bytes
        }
    }

    /// 32 lower-case hexadecimal digits.
    func token(_ grant: Grant) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: grant.description, using: key)
        return String(decoding: TokenKey.hexadecimal(code.prefix(16)), as: UTF8.self)
    }

    /// Whether a text has the form of a token.
    static func isToken(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}

extension TokenKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret.
    package var description: String { "token key" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
