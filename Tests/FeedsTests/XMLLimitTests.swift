import Catalogue
import Feeds
import Quantities
import Testing

struct XMLLimitTests {
    @Test func `a tag of megabytes is refused before its attributes are compared`() throws {
        let attributes = (0..<100_000).map { "a\($0)=\"\"" }.joined(separator: " ")
        for piece in [1000, 1 << 24] {
            let outcome = try feed(native("<title \(attributes)/>"), piece: piece)
            #expect(outcome.error?.code == "E_XML_SIZE")
        }
    }

    @Test func `a long comment is refused, long text between tags isn't`() throws {
        let filler = String(repeating: "x ", count: 100_000)
        #expect(try feed(native("<!-- \(filler) -->")).error?.code == "E_XML_SIZE")
        let outcome = try feed(native(filler + "<title id='a' major='1'/>" + filler))
        #expect(outcome.records.map(\.id) == ["a"])
    }

    @Test func `nesting is limited`() throws {
        for (depth, isTaken) in [(60, true), (70, false), (100_000, false)] {
            let outcome = try feed(
                native(
                    String(repeating: "<x>", count: depth)
                        + String(repeating: "</x>", count: depth)))
            #expect((outcome.error == nil) == isTaken)
        }
    }

    @Test func `a package of as many titles as may be is read, each with what is its own`() throws {
        let titles = (0..<2_000).map { i in
            "<Asset><Metadata><AMS Asset_Class='title' Provider_ID='p.example' Asset_ID='T\(i)'/>"
                + "<App_Data Name='Licensing_Window_Start' Value='2026-11-01'/>"
                + "<App_Data Name='Licensing_Window_End' Value='2027-01-31'/></Metadata>"
                + "<Asset><Metadata><AMS Asset_Class='movie' Provider_ID='p.example'"
                + " Asset_ID='M\(i)'/></Metadata><Content Value='f\(i)'/></Asset></Asset>"
        }
        let outcome = try feed(
            Array(
                ("<ADI><Metadata><AMS Asset_Class='package' Version_Major='1' Version_Minor='0'/>"
                    + "</Metadata>" + titles.joined() + "</ADI>").utf8))
        #expect(outcome.error == nil)
        #expect(outcome.records.map { $0.files.map(\.name) } == (0..<2_000).map { ["f\($0)"] })
    }

    @Test func `a document beyond its size is refused`() throws {
        let settings = FeedSettings(input: InputLimits(totalBytes: 1000))
        let titles = String(repeating: "<title id='a' major='1'/>", count: 100)
        let outcome = try feed(native(titles), settings: settings, piece: 100)
        #expect(outcome.error?.code == "E_TOO_LARGE")
    }

    @Test func `a title of many titles is bounded`() throws {
        let aliases = (0..<1001).map { "<alias id='x\($0)'/>" }.joined()
        let files = (0..<1001).map { "<file name='x\($0)' kind='k' size='1'/>" }.joined()
        let outcome = try feed(
            native(
                "<title id='a' major='1'>\(aliases)</title><title id='b' major='1'>\(files)</title>"
            ))
        #expect(outcome.diagnostics.map(\.code) == ["E_ID", "E_FILES"])
    }

    @Test(arguments: 0..<6)
    func `damaged documents are read to an end`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let seeds = try FeedFixtureTests.names.map { try FixtureFindings.bytes($0) }
        for _ in 0..<150 {
            let bytes = damaged(seeds[random.below(seeds.count)], &random)
            let whole = try feed(bytes)
            let pieced = try feed(bytes, piece: 1 + random.below(50))
            #expect(whole.records == pieced.records)
            #expect((whole.error == nil) == (pieced.error == nil))
            #expect((whole.summary == nil) == (whole.error != nil))
            if let summary = whole.summary {
                #expect(summary.titles == whole.records.count)
                #expect(summary.rejected <= whole.diagnostics.count)
            }
        }
    }
}
