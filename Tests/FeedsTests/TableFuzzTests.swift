import Feeds
import Fleet
import Quantities
import Testing

/// Random damage to good files: no trap, an end, the counts right, and the same whatever the pieces
/// are.
struct TableFuzzTests {
    @Test(arguments: 0..<8)
    func `damaged tables are read to an end`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let seeds = try [
            "holdings.jsonl", "devices.jsonl", "holdings.csv", "devices.csv", "wishes.csv",
            "sites.csv", "links.csv",
        ].map {
            try FixtureFindings.bytes("tables/\($0)")
        }
        for _ in 0..<60 {
            let bytes = damaged(seeds[random.below(seeds.count)], &random)
            try check(HoldingRecord.self, bytes)
            try check(DeviceRecord.self, bytes)
            try check(WishRecord.self, bytes)
            try check(SiteRecord.self, bytes)
            try check(LinkRecord.self, bytes)
        }
    }

    private func check<Row: TableRow & Equatable>(_ row: Row.Type, _ bytes: [UInt8]) throws {
        var options = TableOptions()
        options.limits = TableLimits(fieldBytes: 200, rowBytes: 300, columns: 50, fillBytes: 4096)
        let whole = try table(Row.self, bytes, options: options)
        options.limits.fillBytes = 5
        let pieced = try table(Row.self, bytes, options: options, piece: 3)
        #expect(whole.rows == pieced.rows)
        #expect(whole.rejects == pieced.rejects)
        #expect(whole.error == pieced.error)
        guard let summary = whole.summary else { return }
        #expect(summary.rows == summary.accepted + summary.rejected)
        #expect(summary.accepted == whole.rows.count)
        #expect(summary.rejected == whole.rejects.count)
        #expect(whole.lines == whole.lines.sorted())
    }
}

/// `bytes` with a few random changes: bytes replaced, cut out, doubled, or put in from a list of
/// awkward ones.
func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    let awkward: [[UInt8]] = [
        [34], [34, 34], [10], [13], [13, 10], [44], [59], [9], [0], [0xFF], [0xC3], [0xE2, 0x82],
        Array("-".utf8), Array("99999999999999999999".utf8), Array("1e5".utf8), [92], [123], [125],
        Array("&x;".utf8), Array("<".utf8), Array(">".utf8), Array("]]>".utf8), [0xEF, 0xBB, 0xBF],
    ]
    var result = bytes
    for _ in 0...random.below(6) {
        let at = random.below(result.count + 1)
        let until = min(result.count, at + random.below(20))
        switch random.below(5) {
        case 0: result.insert(contentsOf: awkward[random.below(awkward.count)], at: at)
        case 1: result.removeSubrange(at..<until)
        case 2: result.insert(contentsOf: result[at..<until], at: at)
        case 3 where at < result.count: result[at] = UInt8(random.below(256))
        default: result.removeSubrange(at..<(random.below(10) == 0 ? result.count : until))
        }
    }
    return result
}
