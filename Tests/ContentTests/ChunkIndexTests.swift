import Catalogue
import Content
import Quantities
import Testing

@Suite struct ChunkIndexTests {
    @Test func `an index is printed in canonical form`() {
        let text = String(decoding: exampleIndex().json, as: UTF8.self)
        let digests = (0..<4).map { "\"\(digest($0).hex)\"" }.joined(separator: ",")
        #expect(
            text == "{\"blob\":\"\(digest(7).hex)\",\"bytes\":280,\"chunk_bytes\":100,"
                + "\"chunks\":[\(digests)],\"files\":["
                + #"{"bytes":250,"kind":"movie","name":"alpha \"α\".ts","plain_bytes":166},"#
                + #"{"bytes":30,"kind":"poster","name":"posters/alpha.jpg","plain_bytes":2}],"#
                + #""schema":"mediaplan-index","title":"example.com/ALPHA","version":"2"}"#)
    }

    @Test func `what is printed is read, and printed again the same`() throws {
        for seed in 0..<200 {
            let index = random(seed: UInt64(seed))
            let read = try ChunkIndex(json: index.json)
            #expect(read == index, "seed \(seed)")
            #expect(read.json == index.json, "seed \(seed)")
            #expect(try ChunkIndex(json: index.json, named: index.digest) == index)
        }
    }

    @Test func `a flipped bit anywhere gives another name, and never the same index`() throws {
        let index = exampleIndex()
        let json = index.json
        for place in json.indices {
            for bit in 0..<8 {
                var changed = json
                changed[place] ^= 1 << bit
                #expect(throws: ChunkIndexFault.self) {
                    try ChunkIndex(json: changed, named: index.digest)
                }
                if let read = try? ChunkIndex(json: changed) {
                    #expect(read != index && read.json == changed, "byte \(place), bit \(bit)")
                }
            }
        }
    }

    @Test func `an index that is cut or longer is refused`() {
        let json = exampleIndex().json
        for count in json.indices {
            #expect(throws: ChunkIndexFault.self) { try ChunkIndex(json: Array(json[..<count])) }
        }
        #expect(throws: ChunkIndexFault.self) { try ChunkIndex(json: json + [0x0A]) }
        #expect(throws: ChunkIndexFault.self) { try ChunkIndex(json: [0x20] + json) }
        #expect(throws: ChunkIndexFault.self) { try ChunkIndex(json: json, limit: json.count - 1) }
    }

    @Test(arguments: [
        (#""schema":"mediaplan-index""#, #""schema":"mediaplan-index-2""#, "schema"),
        (#""bytes":280"#, #""bytes":281"#, "bytes"),
        (#""bytes":280"#, #""bytes":280.0"#, "integer"),
        (#""bytes":250"#, #""bytes":-250"#, "bytes"),
        (#""bytes":30"#, #""bytes":9007199254740991"#, "too long"),
        (#""bytes":250"#, #""bytes":9007199254740992"#, "2⁵³"),
        (#""chunk_bytes":100"#, #""chunk_bytes":1"#, "chunk_bytes"),
        (#""chunk_bytes":100"#, #""chunk_bytes":1073741825"#, "chunk_bytes"),
        (#""plain_bytes":166"#, #""plain_bytes":167"#, "plain_bytes"),
        (#""plain_bytes":166"#, #""plain_bytes":0"#, "plain_bytes"),
        (#""title":"example.com/ALPHA""#, #""title":"""#, "title"),
        (#""title":"example.com/ALPHA""#, #""title":"a\u0000b""#, "title"),
        (#""title":"example.com/ALPHA""#, #""extra":1,"title":"example.com/ALPHA""#, "canonical"),
        (#""title":"example.com/ALPHA""#, #""title":"example.com\/ALPHA""#, "canonical"),
        (#""version":"2""#, #""version":2"#, "version"),
        (#""version":"2""#, #""version":"2","version":"3""#, "twice"),
    ])
    func `a wrong member is refused and named`(part: String, replacement: String, told: String)
        throws
    {
        let text = String(decoding: exampleIndex().json, as: UTF8.self)
        #expect(text.contains(part))
        let changed = text.replacing(part, with: replacement, maxReplacements: 1)
        let fault = #expect(throws: ChunkIndexFault.self) {
            try ChunkIndex(json: Array(changed.utf8))
        }
        #expect(fault?.description.contains(told) == true, "\(fault?.description ?? "")")
    }

    @Test func `too few, too many and none of files or chunks are refused`() throws {
        var index = exampleIndex()
        index.chunks.removeLast()
        #expect(throws: ChunkIndexFault.self) { try ChunkIndex(json: index.json) }
        index = exampleIndex()
        index.chunks.append(digest(9))
        #expect(throws: ChunkIndexFault.self) { try ChunkIndex(json: index.json) }
        index.files = []
        index.chunks = []
        #expect(throws: ChunkIndexFault.self) { try ChunkIndex(json: index.json) }
    }

    @Test func `bytes that came sealed have one size in both places`() throws {
        var index = exampleIndex()
        index.files = [StoredFile(name: "x", kind: "", plainBytes: 301, storedBytes: 301)]
        #expect(try ChunkIndex(json: index.json) == index)
    }

    @Test func `random bytes and spliced texts never crash the reader`() {
        let json = exampleIndex().json
        for seed in 0..<2000 {
            var random = SplitMix64(seed: UInt64(seed))
            var text = json
            for _ in 0...random.below(3) {
                let start = random.below(text.count)
                let end = min(text.count, start + random.below(20))
                let from = random.below(json.count)
                text.replaceSubrange(
                    start..<end, with: json[from..<min(json.count, from + random.below(20))])
                if text.isEmpty { text = json }
            }
            if let read = try? ChunkIndex(json: text) { #expect(read.json == text, "seed \(seed)") }
        }
    }

    private func random(seed: UInt64) -> ChunkIndex {
        var random = SplitMix64(seed: seed)
        let chunkBytes = Int64(64 + random.below(500))
        let files = (0...random.below(4)).map { number in
            let plain = Int64(1 + random.below(3000))
            return StoredFile(
                name: "f\(number)\\\"\u{1F600}", kind: random.below(2) == 0 ? "" : "movie",
                plainBytes: plain,
                storedBytes: StoredForm.storedBytes(ofPlain: plain, chunkBytes: chunkBytes))
        }
        var index = ChunkIndex(
            title: "t\(seed)", version: "\(random.below(9))", chunkBytes: chunkBytes, files: files,
            blob: digest(1), chunks: [])
        index.chunks = (0..<Int(index.layout.count)).map { digest($0 % 256) }
        return index
    }
}
