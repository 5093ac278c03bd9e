import Catalogue
import Content
import Manifest
import Quantities

/// An item made of arbitrary bytes, as if sealed elsewhere.
struct TrialItem {
    let key: String
    let bytes: [UInt8]
    let index: ChunkIndex

    /// - Parameters:
    ///   - title: its identifier.
    ///   - version: its version.
    ///   - sizes: of its files.
    ///   - chunkBytes: of a full chunk.
    ///   - seed: of its bytes.
    init(
        _ title: String, version: String = "1", sizes: [Int] = [300_000, 70_000],
        chunkBytes: Int = 65_536, seed: UInt64 = 1
    ) {
        var random = SplitMix64(seed: seed)
        var bytes: [UInt8] = []
        while bytes.count < sizes.reduce(0, +) {
            var word = random.next()
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        bytes.removeLast(bytes.count - sizes.reduce(0, +))
        self.init(
            title, version: version, sizes: sizes, chunkBytes: chunkBytes, bytes: bytes)
    }

    init(_ title: String, version: String, sizes: [Int], chunkBytes: Int, bytes: [UInt8]) {
        self.bytes = bytes
        key = ManifestNames.item(title: title, version: version)
        let files = sizes.enumerated().map { number, size in
            StoredFile(
                name: "file-\(number)", kind: "movie", plainBytes: Int64(size),
                storedBytes: Int64(size))
        }
        let layout = ChunkLayout(fileBytes: sizes.map { Int64($0) }, chunkBytes: Int64(chunkBytes))
        let chunks = (0..<layout.count).map { chunk in
            let start = Int(layout.offset(ofChunk: chunk))
            return sha256(Array(bytes[start..<(start + Int(layout.bytes(ofChunk: chunk)))]))
        }
        index = ChunkIndex(
            title: title, version: version, chunkBytes: Int64(chunkBytes), files: files,
            blob: sha256(bytes), chunks: chunks)
    }

    var layout: ChunkLayout { index.layout }
    var digest: Digest { index.digest }

    /// The bytes of a chunk.
    func chunk(_ number: Int32) -> ArraySlice<UInt8> {
        let start = Int(layout.offset(ofChunk: number))
        return bytes[start..<(start + Int(layout.bytes(ofChunk: number)))]
    }

    /// As a manifest describes it.
    func described(
        fallbacks: [ManifestContent.End] = [], completes: Bool = true
    ) -> ManifestItem {
        ManifestItem(
            key: key, title: index.title, version: index.version, name: "Trial \(index.title)",
            fileBytes: index.files.map(\.storedBytes), chunkBytes: index.chunkBytes, index: digest,
            completes: completes,
            path: "blobs/\(index.blob.hex)", fallbacks: fallbacks)
    }
}
