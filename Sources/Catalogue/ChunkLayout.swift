/// How an item's files are cut into chunks: each file begins a chunk, a file's last chunk may be
/// shorter.
///
/// Chunk numbers run through the item from 0.
package struct ChunkLayout: Hashable, Sendable {
    /// Size of a full chunk in bytes, positive.
    package let chunkBytes: Int64
    /// Bytes of the whole item.
    package let totalBytes: Int64
    /// Number of chunks, at most `Int32.max - 1`.
    package let count: Int32
    /// Numbers of the chunks that are shorter than ``chunkBytes``, ascending: at most one a file.
    package let shortChunks: [Int32]
    /// Sizes of ``shortChunks`` in bytes.
    package let shortBytes: [Int64]

    /// - Parameters:
    ///   - fileBytes: sizes of the files in order, each positive.
    ///   - chunkBytes: positive.
    package init(fileBytes: [Int64], chunkBytes: Int64) {
        var count: Int64 = 0
        var short: [Int32] = []
        var shortSizes: [Int64] = []
        for size in fileBytes {
            count += (size - 1) / chunkBytes + 1
            precondition(
                size > 0 && count < Int64(Int32.max),
                "an item has positive files and fewer than 2³¹ chunks")
            if size % chunkBytes != 0 {
                short.append(Int32(count) - 1)
                shortSizes.append(size % chunkBytes)
            }
        }
        self.chunkBytes = chunkBytes
        self.totalBytes = fileBytes.reduce(0, +)
        self.count = Int32(count)
        self.shortChunks = short
        self.shortBytes = shortSizes
    }

    /// Size in bytes of chunk `chunk`, which must be in `0..<count`.
    package func bytes(ofChunk chunk: Int32) -> Int64 { bytes(in: chunk..<(chunk + 1)) }

    /// Bytes of the chunks in `range`, which must lie in `0..<count`. O(files).
    package func bytes(in range: Range<Int32>) -> Int64 {
        var total = Int64(range.count) * chunkBytes
        for (chunk, size) in zip(shortChunks, shortBytes) where range.contains(chunk) {
            total += size - chunkBytes
        }
        return total
    }

    /// Offset in bytes of a chunk's first byte in the files laid end to end; `count` gives the
    /// total.
    package func offset(ofChunk chunk: Int32) -> Int64 { bytes(in: 0..<chunk) }
}
