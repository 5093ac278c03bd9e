/// The sizes of the stored form.
///
/// A stored chunk is a nonce of 12 bytes, the ciphertext, and a tag of 16 bytes, so it is
/// ``overheadBytes`` longer than its plain bytes. A file is cut so that its full chunks have the
/// chunk size as stored; each file begins a chunk.
package enum StoredForm {
    /// Bytes of the nonce in front of the ciphertext.
    package static let nonceBytes = 12
    /// Bytes of the tag behind it.
    package static let tagBytes = 16
    /// What sealing adds to a chunk.
    package static let overheadBytes = nonceBytes + tagBytes
    /// Sizes that a full chunk may have as stored: 64 bytes to 1 GiB.
    package static let chunkBytesRange: ClosedRange<Int64> = 64...1_073_741_824
    /// Greatest size of an item, of which every sum below stays exact in JSON: 2⁵³ - 1.
    package static let itemBytesLimit: Int64 = 9_007_199_254_740_991

    /// Plain bytes of a full chunk.
    package static func plainChunkBytes(_ chunkBytes: Int64) -> Int64 {
        chunkBytes - Int64(overheadBytes)
    }

    /// Bytes as stored of a file of `plainBytes`.
    ///
    /// - Parameters:
    ///   - plainBytes: positive, at most ``itemBytesLimit``.
    ///   - chunkBytes: in ``chunkBytesRange``.
    /// - Returns: bytes of all its chunks.
    package static func storedBytes(ofPlain plainBytes: Int64, chunkBytes: Int64) -> Int64 {
        let chunks = (plainBytes - 1) / plainChunkBytes(chunkBytes) + 1
        return plainBytes + chunks * Int64(overheadBytes)
    }

    /// Plain bytes of a file of `storedBytes`; nil when no file has that size as stored: its last
    /// chunk would be empty.
    package static func plainBytes(ofStored storedBytes: Int64, chunkBytes: Int64) -> Int64? {
        let last = (storedBytes - 1) % chunkBytes + 1
        guard storedBytes > 0, last > Int64(overheadBytes) else { return nil }
        let chunks = (storedBytes - 1) / chunkBytes + 1
        return storedBytes - chunks * Int64(overheadBytes)
    }
}
