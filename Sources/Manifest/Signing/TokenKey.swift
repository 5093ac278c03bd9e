import CanonicalJSON
import Crypto
package import Quantities

/// The secret from which the tokens of a night are made.
///
/// A token is the first 16 bytes of an HMAC-SHA256 (RFC 2104) over a canonical description of who
/// sends what to whom in which night, in hexadecimal. So the same plan and key give the same
/// tokens, both ends are told the same one, and nobody can make or guess another pair's.
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

    /// What makes the tokens of one fleet and night.
    func tokens(fleet: String, night: CivilDate) -> NightTokens {
        NightTokens(HMAC<SHA256>(key: key), fleet: fleet, night: night)
    }

    /// Whether a text has the form of a token.
    static func isToken(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}

/// The tokens of one fleet and night.
///
/// A description is an array of texts, as canonical JSON, so that no two have the same. All of a
/// night begin alike: that beginning is gone through once.
struct NightTokens: Sendable {
    /// Fleet and night are in it.
    private let begun: HMAC<SHA256>

    fileprivate init(_ keyed: HMAC<SHA256>, fleet: String, night: CivilDate) {
        var text = Array("[".utf8)
        text.append(quoted: fleet)
        text.append(UInt8(ascii: ","))
        text.append(quoted: night.description)
        var begun = keyed
        begun.update(data: text)
        self.begun = begun
    }

    /// 32 lower-case hexadecimal digits.
    ///
    /// - Parameters:
    ///   - source: the device that sends.
    ///   - destination: the device that receives.
    ///   - item: an item key, where the source is a fall-back for it; nil for all that is planned,
    ///     whose movements have tokens that follow from this one
    ///     (``ManifestContent/End/token(for:at:)``).
    /// - Returns: the token.
    func token(source: String, destination: String, item: String? = nil) -> String {
        var digits: [UInt8] = []
        append(source: source, destination: destination, item: item, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Appends a token to `bytes`; see ``token(source:destination:item:)``.
    func append(
        source: String, destination: String, item: String? = nil, to bytes: inout [UInt8]
    ) {
        var text: [UInt8] = []
        text.reserveCapacity(160)
        text.append(UInt8(ascii: ","))
        text.append(quoted: source)
        text.append(UInt8(ascii: ","))
        text.append(quoted: destination)
        if let item {
            text.append(UInt8(ascii: ","))
            text.append(quoted: item)
        }
        text.append(UInt8(ascii: "]"))
        var code = begun
        code.update(data: text)
        bytes.append(tokenOf: code)
    }
}

extension ManifestContent.End {
    /// The token of one movement with this end.
    ///
    /// The first 16 bytes, in hexadecimal, of an HMAC-SHA256 (RFC 2104) whose key is the text of
    /// ``token`` and whose message is `STARTS KEY FIRST LAST`: the second since 1970 at which
    /// the movement's slot starts, the item's key, and the numbers of the first and the last chunk.
    /// So who overhears one movement's token can't ask for another.
    ///
    /// - Parameters:
    ///   - piece: what moves.
    ///   - starts: when its first slot starts.
    /// - Returns: 32 lower-case hexadecimal digits; nothing for an end without a token.
    package func token(for piece: ManifestContent.Piece, at starts: Instant) -> String {
        guard !token.isEmpty else { return "" }
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(token.utf8)))
        let (first, last) = (piece.chunks.lowerBound, piece.chunks.upperBound)
        code.update(data: Array("\(starts.seconds) \(piece.item) \(first) \(last)".utf8))
        var digits: [UInt8] = []
        digits.append(tokenOf: code)
        return String(decoding: digits, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends the first 16 bytes of a code, in lower-case hexadecimal.
    fileprivate mutating func append(tokenOf code: HMAC<SHA256>) {
        for byte in code.finalize().prefix(16) {
            append(digit(byte >> 4))
            append(digit(byte & 15))
        }
    }

    private func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? 48 : 87) }
}

extension TokenKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret.
    package var description: String { "token key" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension NightTokens: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret.
    var description: String { "tokens of a night" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
