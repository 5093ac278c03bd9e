import Feeds
import Fleet
import Quantities
import Testing

struct CompressionTests {
    static let files = FixtureFindings.names(in: "tables").filter {
        $0.contains("gzip") || $0.contains("zstd")
    }

    @Test(arguments: ["wishes-gzip.csv", "wishes-zstd.csv"])
    func `every cut of a compressed file is refused`(name: String) throws {
        let bytes = try FixtureFindings.bytes("tables/\(name)")
        let whole = try table(WishRecord.self, bytes)
        #expect(whole.rows.count == 2)
        for count in 0..<bytes.count {
            let outcome = try table(WishRecord.self, Array(bytes.prefix(count)), piece: 5)
            #expect(outcome.summary == nil, "\(count)")
            #expect(outcome.rows == Array(whole.rows.prefix(outcome.rows.count)))
        }
    }

    @Test(arguments: ["wishes-gzip.csv", "wishes-zstd.csv"])
    func `a flipped bit is refused or changes nothing`(name: String) throws {
        let bytes = try FixtureFindings.bytes("tables/\(name)")
        let whole = try table(WishRecord.self, bytes)
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            let outcome = try table(WishRecord.self, damaged)
            #expect(outcome.summary == nil || outcome.rows == whole.rows, "bit \(bit)")
        }
    }

    @Test(arguments: ["wishes-gzip-members.csv", "wishes-zstd-frames.csv"])
    func `members and frames are joined, whatever the pieces are`(name: String) throws {
        let bytes = try FixtureFindings.bytes("tables/\(name)")
        for piece in 1...bytes.count {
            #expect(try table(WishRecord.self, bytes, piece: piece).rows.map(\.rank) == [1, 2])
        }
    }

    @Test(arguments: files)
    func `limits on the size hold for what is decompressed`(name: String) throws {
        let bytes = try FixtureFindings.bytes("tables/\(name)")
        let isWell = try table(WishRecord.self, bytes).summary != nil
        let large = TableOptions(input: InputLimits(totalBytes: 30))
        let error = try table(WishRecord.self, bytes, options: large).error
        #expect(!isWell || error?.code == "E_TOO_LARGE" || bytes.count < 75)
    }

    @Test func `what grows too much is refused`() throws {
        let bytes = try FixtureFindings.bytes("tables/wishes-gzip-bomb.csv")
        let options = TableOptions(input: InputLimits(ratio: 100, freeBytes: 100_000))
        let outcome = try table(WishRecord.self, bytes, options: options)
        #expect(outcome.error?.code == "E_TOO_LARGE")
        #expect(outcome.rows.count < 200_000 / 10)
        let patient = TableOptions(input: InputLimits(ratio: 2000))
        #expect(try table(WishRecord.self, bytes, options: patient).rows.count == 100_000)
    }

    @Test func `damaged files are read to an end`() throws {
        var random = SplitMix64(seed: 7)
        let seeds = try CompressionTests.files.filter { !$0.contains("bomb") }
            .map { try FixtureFindings.bytes("tables/\($0)") }
        for _ in 0..<600 {
            let bytes = damaged(seeds[random.below(seeds.count)], &random)
            let whole = try table(WishRecord.self, bytes)
            let pieced = try table(WishRecord.self, bytes, piece: 1 + random.below(9))
            #expect(whole.error?.code == pieced.error?.code)
            #expect(whole.summary == pieced.summary)
        }
    }
}
