import Content
import Quantities

/// An index of two files, of two full chunks and a short one each.
func exampleIndex(title: String = "example.com/ALPHA", version: String = "2") -> ChunkIndex {
    let files = [
        StoredFile(name: "alpha \"α\".ts", kind: "movie", plainBytes: 250 - 84, storedBytes: 250),
        StoredFile(name: "posters/alpha.jpg", kind: "poster", plainBytes: 2, storedBytes: 30),
    ]
    return ChunkIndex(
        title: title, version: version, chunkBytes: 100, files: files, blob: digest(7),
        chunks: (0..<4).map(digest))
}

/// The SHA-256 of one byte.
func digest(_ byte: Int) -> Digest { SHA256Stream.digest([UInt8(byte)]) }

/// So many bytes that are the same everywhere.
func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}

/// Two digits a byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
