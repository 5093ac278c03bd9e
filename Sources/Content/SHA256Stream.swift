import Crypto
package import Quantities

/// A SHA-256 (FIPS 180-4) of bytes that come in pieces.
package struct SHA256Stream: Sendable {
    private var hash = SHA256()

    package init() {}

    /// Takes the next piece.
    package mutating func add(_ bytes: ArraySlice<UInt8>) { hash.update(data: bytes) }

    /// The digest of all pieces so far; more may follow.
    package var digest: Quantities.Digest {
        guard let digest = Quantities.Digest(bytes: Array(hash.finalize())) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return digest
    }

    /// The digest of `bytes`.
    package static func digest(_ bytes: ArraySlice<UInt8>) -> Quantities.Digest {
        var stream = SHA256Stream()
        stream.add(bytes)
        return stream.digest
    }
}

/// An MD5 (RFC 1321) of bytes that come in pieces: for checksums of feeds, which guard against
/// accidents and against nobody.
package struct MD5Stream: Sendable {
    private var hash = Insecure.MD5()

    package init() {}

    /// Takes the next piece.
    package mutating func add(_ bytes: ArraySlice<UInt8>) { hash.update(data: bytes) }

    /// 32 lower-case hexadecimal digits, of all pieces so far.
    package var hex: String {
        hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
