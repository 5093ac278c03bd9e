import Catalogue
import Quantities
import Testing

struct ChunkLayoutTests {
    /// The chunk that each byte of the files laid end to end belongs to.
    private func chunkOfByte(_ files: [Int64], _ chunkBytes: Int64) -> [Int32] {
        var chunks: [Int32] = []
        var next: Int32 = -1
        for size in files {
            for byte in 0..<size {
                if byte % chunkBytes == 0 { next += 1 }
                chunks.append(next)
            }
        }
        return chunks
    }

    @Test(arguments: [1, 2, 3, 4, 7] as [Int64])
    func `agrees with walking through every byte of small items`(chunkBytes: Int64) {
        var wrong: [[Int64]] = []
        let sizes = Array(Int64(0)...8)
        for a in sizes.dropFirst() {
            for b in sizes {
                for c in sizes {
                    let files = [a, b, c].filter { $0 > 0 }
                    if !agrees(files, chunkBytes) { wrong.append(files) }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    private func agrees(_ files: [Int64], _ chunkBytes: Int64) -> Bool {
        let layout = ChunkLayout(fileBytes: files, chunkBytes: chunkBytes)
        let bytes = chunkOfByte(files, chunkBytes)
        let count = (bytes.last ?? -1) + 1
        guard layout.count == count, layout.totalBytes == Int64(bytes.count),
            layout.offset(ofChunk: count) == layout.totalBytes
        else { return false }
        for lower in 0..<count {
            let size = Int64(bytes.filter { $0 == lower }.count)
            guard layout.bytes(ofChunk: lower) == size,
                layout.offset(ofChunk: lower) == Int64(bytes.filter { $0 < lower }.count),
                layout.shortChunks.contains(lower) == (size < chunkBytes)
            else { return false }
            for upper in lower...count {
                let inside = bytes.filter { $0 >= lower && $0 < upper }.count
                guard layout.bytes(in: lower..<upper) == Int64(inside) else { return false }
            }
        }
        return layout.shortChunks.count == layout.shortBytes.count
            && layout.shortChunks == layout.shortChunks.sorted()
    }

    @Test func `counts the chunks of large files without overflow`() {
        let layout = ChunkLayout(fileBytes: [8_000_000_001, 1 << 40], chunkBytes: 4 << 20)
        #expect(layout.count == 1_908 + (1 << 18))
        #expect(layout.bytes(ofChunk: 1_907) == 8_000_000_001 - 1_907 * (4 << 20))
        #expect(layout.totalBytes == 8_000_000_001 + (1 << 40))
    }

    @Test func `an item is cut as its files say`() {
        let files = [3, 5].map { ItemFile(name: "f\($0)", sizeBytes: $0, kind: "movie") }
        let item = Item(title: 0, version: "1", files: files, chunkBytes: 4, indexDigest: nil)
        #expect(item.layout == ChunkLayout(fileBytes: [3, 5], chunkBytes: 4))
    }
}

struct TerritoriesTests {
    @Test(
        arguments: [
            (.everywhere, "DE", true), (.everywhere, nil, true), (.only(["DE", "FI"]), "FI", true),
            (.only(["DE", "FI"]), "PT", false), (.only(["DE"]), nil, false),
            (.only([]), "DE", false),
            (.except(["DE"]), "DE", false), (.except(["DE"]), "PT", true),
            (.except(["DE"]), nil, false),
            (.except([]), "PT", true), (.except([]), nil, false),
        ] as [(Territories, String?, Bool)])
    func `an unknown place may keep only what may be kept everywhere`(
        territories: Territories, place: String?, allowed: Bool
    ) {
        #expect(territories.allow(place) == allowed)
    }
}

struct VersionTests {
    @Test func `the major number comes before the minor`() {
        let ascending = [(1, 0), (1, 9), (2, 0), (2, 1), (10, 0)].map {
            TitleRecord.Version(major: $0, minor: $1)
        }
        #expect(ascending.sorted() == ascending)
        for (a, b) in zip(ascending, ascending.dropFirst()) { #expect(a < b && !(b < a)) }
    }
}
