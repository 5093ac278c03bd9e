import Feeds
import Fleet
import Foundation
import Quantities
import Testing

struct JSONLinesReaderTests {
    @Test func `reads back what another encoder writes`() throws {
        var random = SplitMix64(seed: 5)
        let alphabet = Array("aZ\"\\/,{}[]: üß日👍é\u{2028}")
        func word() -> String {
            "x" + String((0..<random.below(8)).map { _ in alphabet[random.below(alphabet.count)] })
                + "y"
        }
        for _ in 0..<100 {
            let rows = (1...5).map { WishRecord(device: word(), title: word(), rank: $0) }
            let lines = try rows.map { row in
                let object: [String: Any] = [
                    "device": row.device, "title": row.title, "rank": Int(row.rank),
                    word(): [1, [word(): NSNull()], 2.5],
                ]
                return Array(try JSONSerialization.data(withJSONObject: object)) + [10]
            }
            let outcome = try table(WishRecord.self, Array(lines.joined()), piece: 7)
            #expect(outcome.rows == rows)
        }
    }

    @Test func `takes of damaged lines only what another decoder takes, and the same of it`() throws
    {
        var random = SplitMix64(seed: 6)
        let line =
            #"{"device":"b\u00fc\\x","title":"t\"é👍","rank":12,"x":[1.5,-2e3,true,{"y":null}]}"#
        var taken = 0
        for _ in 0..<3000 {
            let bytes = damaged(Array(line.utf8), &random).filter { $0 != 10 }
            let outcome = try table(WishRecord.self, bytes + [10])
            guard let row = outcome.rows.first, outcome.rows.count == 1 else { continue }
            let object =
                try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
            let folded = Dictionary(object.map { ($0.key.lowercased(), $0.value) }) { first, _ in
                first
            }
            #expect(described(folded["device"]) == row.device)
            #expect(described(folded["title"]) == row.title)
            #expect(described(folded["rank"]) == "\(row.rank)")
            taken += 1
        }
        #expect(taken > 40)
    }

    @Test func `a row beyond its limit is dropped and the next one read`() throws {
        var options = TableOptions()
        options.limits.rowBytes = 100
        options.limits.fillBytes = 16
        let long = #"{"device":"\#(String(repeating: "x", count: 1000))"}"#
        let good = #"{"device":"b","title":"t","rank":1}"#
        for piece in [1, 64, 5000] {
            let outcome = try table(
                WishRecord.self, "\(good)\n\(long)\n\(good)\n", options: options, piece: piece)
            #expect(outcome.codes == ["E_LENGTH@2"])
            #expect(outcome.rejectedText == [String(long.prefix(100))])
            #expect(outcome.lines == [1, 3])
        }
    }

    @Test func `says of each unknown member once, up to a number`() throws {
        let lines = (1...30).map {
            #"{"device":"b","title":"t","rank":1,"x\#($0)":1,"n":2}"# + "\n"
        }
        let outcome = try table(WishRecord.self, (lines + lines).joined())
        #expect(outcome.rows.count == 60)
        #expect(outcome.summary?.warnings.count == 21)
    }

    /// A JSON value as a field would show it, without blanks around it.
    private func described(_ value: Any?) -> String {
        "\(value ?? "")".trimmingCharacters(in: CharacterSet(charactersIn: " \t\r"))
    }
}
