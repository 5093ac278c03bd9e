import Catalogue
import Content
import Testing

@Suite struct StoredFormTests {
    @Test func `sizes there and back agree with cutting one by one`() {
        for chunkBytes in Int64(64)...70 {
            var reached: Set<Int64> = []
            for plain in Int64(1)...700 {
                var rest = plain
                var stored: Int64 = 0
                while rest > 0 {
                    let part = min(rest, chunkBytes - 28)
                    stored += part + 28
                    rest -= part
                }
                #expect(StoredForm.storedBytes(ofPlain: plain, chunkBytes: chunkBytes) == stored)
                #expect(StoredForm.plainBytes(ofStored: stored, chunkBytes: chunkBytes) == plain)
                reached.insert(stored)
            }
            for stored in Int64(-1)...600 where !reached.contains(stored) {
                #expect(StoredForm.plainBytes(ofStored: stored, chunkBytes: chunkBytes) == nil)
            }
        }
    }

    @Test func `chunks of the stored form are full but for the last`() {
        let stored = StoredForm.storedBytes(ofPlain: 1000, chunkBytes: 100)
        let layout = ChunkLayout(fileBytes: [stored], chunkBytes: 100)
        #expect(layout.count == 14)
        #expect(layout.bytes(ofChunk: 12) == 100)
        #expect(layout.bytes(ofChunk: 13) == 1000 - 13 * 72 + 28)
    }
}
