import Feeds
import Fleet
import Quantities
import Testing

struct CSVReaderTests {
    private let header = "device,title,rank\n"

    @Test func `gives the same whatever the pieces are`() throws {
        let names = FixtureFindings.names(in: "tables").filter {
            $0.hasPrefix("wishes") && !$0.contains("bomb")
        }
        for name in names {
            let bytes = try FixtureFindings.bytes("tables/\(name)")
            var options = TableOptions(delta: name.contains("delta"))
            let whole = try table(WishRecord.self, bytes, options: options)
            for (piece, fill) in [(1, 1), (2, 3), (5, 1), (1, 64), (64, 1)] {
                options.limits.fillBytes = fill
                let outcome = try table(WishRecord.self, bytes, options: options, piece: piece)
                #expect(outcome.error == whole.error)
                // How much of a damaged stream comes out before the damage shows depends on the
                // pieces.
                if whole.error != nil, CompressionTests.files.contains(name) { continue }
                #expect(outcome.rows == whole.rows, "\(name)")
                #expect(outcome.lines == whole.lines)
                #expect(outcome.rejects == whole.rejects)
                #expect(outcome.summary == whole.summary)
            }
        }
    }

    @Test func `takes each delimiter, told from the header`() throws {
        for delimiter in [",", ";", "\t", "|"] {
            let text = ["device,title,rank", "b,t,1"].joined(separator: "\n")
                .split(separator: ",").joined(separator: delimiter)
            #expect(try table(WishRecord.self, text).rows.map(\.title) == ["t"])
        }
    }

    @Test func `takes the delimiter it is told`() throws {
        let options = TableOptions(delimiter: UInt8(ascii: ":"))
        let outcome = try table(WishRecord.self, "device:title:rank\nb:t:1\n", options: options)
        #expect(outcome.rows.map(\.title) == ["t"])
    }

    @Test func `a quoted field beyond its limit costs one line`() throws {
        var options = TableOptions()
        options.limits.fieldBytes = 40
        let text = header + "b,\"" + String(repeating: "x\n", count: 40) + "b,t,1\n"
        let outcome = try table(WishRecord.self, text, options: options)
        #expect(outcome.rows == [WishRecord(device: "b", title: "t", rank: 1)])
        #expect(outcome.codes.first == "E_QUOTE@2")
        #expect(outcome.rejects.count == 40)
        #expect(outcome.lines == [42])
    }

    @Test func `a row beyond its limit is dropped and the next one read`() throws {
        var options = TableOptions()
        options.limits.rowBytes = 100
        options.limits.fillBytes = 16
        let long = "b," + String(repeating: "x", count: 1000) + ",1"
        for piece in [1, 64, 5000] {
            let outcome = try table(
                WishRecord.self, header + long + "\nb,t,1\n", options: options, piece: piece)
            #expect(outcome.codes == ["E_LENGTH@2"])
            #expect(outcome.rejectedText == [String(long.prefix(100))])
            #expect(outcome.lines == [3])
        }
    }

    @Test func `the limits as shipped hold`() throws {
        let megabyte = String(repeating: "x", count: 1 << 20)
        let text = header + "b,\"" + megabyte + "\n" + "b,t,1\n" + "b," + megabyte + megabyte
        let outcome = try table(WishRecord.self, text + ",1\nb,t,2\n")
        #expect(outcome.codes == ["E_QUOTE@2", "E_LENGTH@4"])
        #expect(outcome.rows.map(\.rank) == [1, 2])
    }

    @Test func `a header beyond its limits is refused`() throws {
        var options = TableOptions()
        options.limits.columns = 5
        let wide = try table(WishRecord.self, "device,title,rank,a,b,c\n", options: options)
        #expect(wide.error?.code == "E_HEADER")
        options.limits.rowBytes = 10
        let long = try table(WishRecord.self, header, options: options)
        #expect(long.error?.code == "E_HEADER")
    }

    @Test func `rejects can be mended and imported again`() throws {
        let text = "\u{FEFF}rank;Title;device\r\n1;t;b\r\nzero;t;b\r\n3;\"t;b\r\n"
        let first = try table(WishRecord.self, text)
        #expect(first.rows.count == 1)
        #expect(first.rejectedText == ["zero;t;b", "3;\"t;b"])
        let again = [first.summary?.header ?? []] + first.rejects.map(\.bytes)
        let mended = again.map {
            String(decoding: $0, as: UTF8.self).replacing("zero", with: "2")
                .replacing("\"", with: "") + "\n"
        }
        let second = try table(WishRecord.self, mended.joined())
        #expect(second.rejects.isEmpty)
        #expect(second.rows.map(\.rank) == [2, 3])
    }

    @Test func `passes on what the closures throw`() throws {
        struct Stop: Error {}
        let bytes = Array((header + "b,t,1\nb,t,x\n").utf8)
        #expect(throws: Stop.self) {
            try readTable(
                WishRecord.self, from: "f", read: { throw Stop() }, emit: { _, _ in },
                reject: { _ in })
        }
        #expect(throws: Stop.self) {
            try readTable(
                WishRecord.self, from: "f", read: pieces(of: bytes, 8),
                emit: { _, _ in throw Stop() }, reject: { _ in })
        }
        #expect(throws: Stop.self) {
            try readTable(
                WishRecord.self, from: "f", read: pieces(of: bytes, 8), emit: { _, _ in },
                reject: { _ in throw Stop() })
        }
    }

    @Test func `a table without a delta form refuses to be one`() throws {
        let outcome = try table(
            SiteRecord.self, "site,parent\neu,\n", options: TableOptions(delta: true))
        #expect(outcome.error?.code == "E_DELTA")
    }

    @Test func `an input beyond its size is refused`() throws {
        let options = TableOptions(input: InputLimits(totalBytes: 40))
        let outcome = try table(
            WishRecord.self, header + "b,t,1\nb,t,2\nb,t,3\nb,t,4\n", options: options)
        #expect(outcome.error?.code == "E_TOO_LARGE")
    }

    @Test func `says of each unknown column once, up to a number`() throws {
        let names = (1...30).map { "x\($0)" }.joined(separator: ",")
        let row = "b,t,1," + (1...30).map { _ in "" }.joined(separator: ",")
        let outcome = try table(
            WishRecord.self, "device,title,rank,\(names)\n\(row)\n\(row)\n")
        #expect(outcome.rows.count == 2)
        #expect(outcome.summary?.warnings.count == 21)
    }

    @Test func `reads back what is written, whatever quotes and delimiters it holds`() throws {
        var random = SplitMix64(seed: 1)
        let alphabet = ["a", "\"", ",", ";", "ü", " ", "|", "\"\""]
        func word() -> String {
            (0...random.below(6)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
        }
        for _ in 0..<200 {
            let rows = (0..<4).map { i in
                WishRecord(
                    device: "a" + word() + "b", title: "x" + word() + "y", rank: Int32(i + 1))
            }
            let text = rows.map { "\(quoted($0.device)),\(quoted($0.title)),\($0.rank)\r\n" }
            let outcome = try table(
                WishRecord.self, "device,title,rank\r\n" + text.joined(), piece: 3)
            #expect(outcome.rows == rows, "\(outcome.rejects.map(\.diagnostic))")
        }
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }
}
