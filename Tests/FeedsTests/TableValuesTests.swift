import Feeds
import Fleet
import Quantities
import Testing

/// The quick parsers of fields against the plain ones of the vocabulary.
struct TableValuesTests {
    @Test func `chunk ranges are read as the vocabulary reads them`() throws {
        var random = SplitMix64(seed: 8)
        let alphabet = Array("0123456789--,, ")
        var accepted = 0
        for _ in 0..<3000 {
            let text = String(
                (0...random.below(9)).map { _ in alphabet[random.below(alphabet.count)] })
            let trimmed = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            if trimmed.isEmpty { continue }
            let row = try holding(chunks: text)
            #expect(row?.chunks == RangeSet32(trimmed).map { .some($0) }, "'\(text)'")
            accepted += row == nil ? 0 : 1
        }
        #expect(accepted > 100)
    }

    @Test(arguments: [
        ("2147483646", true), ("2147483647", false), ("0-2147483646", true),
        ("99999999999999999999", false), ("ALL", true), ("a", false), ("1,", false),
    ])
    func `chunk numbers end before 2³¹ - 1`(text: String, isTaken: Bool) throws {
        #expect(try (holding(chunks: text) != nil) == isTaken)
    }

    @Test func `times are read as the vocabulary reads them`() throws {
        var random = SplitMix64(seed: 9)
        let good = Array("2026-02-28T23:59:59Z".utf8)
        let bytes = Array("0123456789:-TZtz+ .".utf8)
        var accepted = 0
        for _ in 0..<3000 {
            var text = good
            for _ in 0...random.below(2) {
                text[random.below(text.count)] = bytes[random.below(bytes.count)]
            }
            let time = String(decoding: text, as: UTF8.self)
            let row = try table(
                HoldingRecord.self, "device,item,observed_at\nb,i,\"\(time)\"\n"
            ).rows.first
            let trimmed = String(time.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            #expect((row?.observedAt).map { $0 } == Instant(rfc3339: trimmed), "\(time)")
            accepted += row == nil ? 0 : 1
        }
        #expect(accepted > 500)
    }

    @Test(arguments: [
        ("0", 0), ("1", 1_000_000), ("0.5", 500_000), ("0.000001", 1), ("12.3400000", 12_340_000),
        ("1000000000", 1_000_000_000_000_000), ("1000000000.000001", nil), ("0.0000001", nil),
        ("1.", nil), (".5", nil), ("1,5", nil), ("-0", nil), ("1e3", nil), ("", 0), ("1.2.3", nil),
    ])
    func `costs are exact millionths`(text: String, millionths: Int64?) throws {
        let outcome = try table(SiteRecord.self, "site,parent,cost_per_gb\ns,p,\"\(text)\"\n")
        #expect(outcome.rows.first?.costPerGB == millionths)
    }

    @Test func `integers are exact to the last digit`() throws {
        for value: Int64 in [0, 1, 9_007_199_254_740_993, 10_000_000_000_000_000] {
            let csv = try table(HoldingRecord.self, "device,item,bytes\nb,i,\(value)\n")
            let json = try table(
                HoldingRecord.self, "{\"device\":\"b\",\"item\":\"i\",\"bytes\":\(value)}\n")
            #expect(csv.rows.first?.bytes == value)
            #expect(json.rows.first?.bytes == value)
        }
        for text in ["10000000000000001", "9223372036854775807", "9223372036854775808", "-1"] {
            let outcome = try table(HoldingRecord.self, "device,item,bytes\nb,i,\(text)\n")
            #expect(outcome.codes == ["E_RANGE@2"])
        }
    }

    private func holding(chunks: String) throws -> HoldingRecord? {
        try table(HoldingRecord.self, "device,item,chunks\nb,i,\"\(chunks)\"\n").rows.first
    }
}
