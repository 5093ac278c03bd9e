import Crypto
package import Quantities

// Sealing a chunk.
//
// Problem: every box must hold the same bytes, equal plain chunks of two
// versions of a title must be equal stored chunks, and no nonce of AES-GCM may
// ever meet two plain texts under one key. Idea: derive the nonce from the
// plain chunk, so that a nonce comes again only with the very same text:
//
//     chunk key  = HKDF-SHA256(content key, no salt, "mediaplan chunk key 1", 32 bytes)
//     nonce key  = HKDF-SHA256(content key, no salt, "mediaplan nonce key 1", 32 bytes)
//     nonce      = first 12 bytes of HMAC-SHA256(nonce key, SHA-256(plain chunk))
//     stored     = nonce | AES-256-GCM(chunk key, nonce, plain chunk) | tag
//
// Who lacks the key learns which chunks of a title are equal, and nothing else.
// 96-bit nonces of n different chunks collide with probability n² / 2⁹⁷: for a
// million chunks of one title (4 TB) that is below 10⁻¹⁷. Order and identity of
// chunks are held by the index, not here. Sources: NIST SP 800-38D (GCM),
// RFC 5869 (HKDF), RFC 2104 (HMAC); the construction is that of RFC 8452 in
// spirit, with GCM's speed.

/// Seals and opens the chunks of one title.
package struct ChunkSealer: ~Copyable, Sendable {
    private let chunkKey: SymmetricKey
    private let nonceKey: SymmetricKey

    /// Derives both keys.
    package init(_ key: borrowing ContentKey) {
        chunkKey = key.derived("mediaplan chunk key 1")
        nonceKey = key.derived("mediaplan nonce key 1")
    }

    /// The first 12 bytes of the stored form of `plain`: equal for equal chunks, so that a chunk
    /// that lies somewhere already is found without sealing it.
    ///
    /// - Parameter digest: SHA-256 of the plain chunk.
    /// - Returns: the nonce.
    package borrowing func nonce(ofPlain digest: Quantities.Digest) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(for: digest.bytes, using: nonceKey)
        return Array(code.prefix(StoredForm.nonceBytes))
    }

    /// Seals a chunk.
    ///
    /// Cost: one pass of AES-GCM. `stored` keeps its storage, so a buffer that is used again
    /// and again is allocated once; swift-crypto needs as much memory again for the time of the
    /// call.
    ///
    /// - Parameters:
    ///   - plain: its bytes, not empty.
    ///   - nonce: ``nonce(ofPlain:)`` of these very bytes: any other one gives the key away.
    ///   - stored: becomes the stored form, ``StoredForm/overheadBytes`` longer.
    /// - Throws: ``SealFault/refused`` for a nonce of another length.
    package borrowing func seal(
        _ plain: ArraySlice<UInt8>, nonce: [UInt8], into stored: inout [UInt8]
    ) throws(SealFault) {
        do {
            let nonce = try AES.GCM.Nonce(data: nonce)
            let box = try AES.GCM.seal(plain, using: chunkKey, nonce: nonce)
            guard let bytes = box.combined else { throw SealFault.refused }
            replace(&stored, with: bytes)
        } catch { throw .refused }
    }

    /// Seals a chunk, its digest and nonce worked out here.
    package borrowing func seal(_ plain: ArraySlice<UInt8>, into stored: inout [UInt8])
        throws(SealFault)
    {
        try seal(plain, nonce: nonce(ofPlain: SHA256Stream.digest(plain)), into: &stored)
    }

    /// Opens a stored chunk.
    ///
    /// - Parameters:
    ///   - stored: the whole chunk.
    ///   - plain: becomes the plain bytes; unchanged when this throws.
    /// - Throws: when the chunk isn't whole, was changed, or belongs to another title.
    package borrowing func open(_ stored: ArraySlice<UInt8>, into plain: inout [UInt8])
        throws(SealFault)
    {
        guard stored.count > StoredForm.overheadBytes else { throw .tooShort }
        do {
            let box = try AES.GCM.SealedBox(combined: stored)
            replace(&plain, with: try AES.GCM.open(box, using: chunkKey))
        } catch { throw .notAuthentic }
    }
}

/// Replaces what is in `target`, which keeps its storage.
private func replace(_ target: inout [UInt8], with bytes: some Sequence<UInt8>) {
    target.removeAll(keepingCapacity: true)
    // Safe: the pointer is read inside the closure alone.
    let done: Void? = bytes.withContiguousStorageIfAvailable {
        unsafe target.append(contentsOf: $0)
    }
    if done == nil { target.append(contentsOf: bytes) }
}

/// Why a chunk can't be sealed or opened.
package enum SealFault: Error, Hashable, Sendable {
    /// Not longer than nonce and tag.
    case tooShort
    /// Changed, cut, or sealed with another title's key.
    case notAuthentic
    /// The library refused key, nonce or size.
    case refused
}

extension SealFault: CustomStringConvertible {
    /// A sentence that says what is wrong.
    package var description: String {
        switch self {
        case .tooShort: "the chunk is too short to be a sealed one"
        case .notAuthentic: "the chunk was changed, or was sealed with another title's key"
        case .refused: "the chunk can't be sealed"
        }
    }
}
