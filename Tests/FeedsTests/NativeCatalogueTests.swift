import Catalogue
import Feeds
import Foundation
import Quantities
import Testing

struct NativeCatalogueTests {
    @Test func `reads back what is written`() throws {
        var random = SplitMix64(seed: 3)
        for round in 0..<50 {
            let records = (0..<random.below(5)).map { randomRecord($0, &random) }
            let document = NativeCatalogue.document(records, isFull: round % 2 == 0)
            var outcome = try feed(document, piece: 1 + random.below(200))
            #expect(outcome.error == nil)
            #expect(outcome.diagnostics.allSatisfy { $0.code == "W_SIZE" }, "\(outcome.findings)")
            for i in outcome.records.indices { outcome.records[i].line = 0 }
            #expect(outcome.records == records)
            #expect(outcome.summary?.isFull == (round % 2 == 0))
            #expect(NativeCatalogue.document(outcome.records, isFull: round % 2 == 0) == document)
        }
    }

    @Test func `what is written fits the schema`() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint") else { return }
        var random = SplitMix64(seed: 4)
        let records = (0..<200).map { randomRecord($0, &random) }
        let document = NativeCatalogue.document(records, isFull: true)
        #expect(try validates(document))
        #expect(try !validates(Array(native("<title id='a'/>").utf8)), "a version is required")
        #expect(try !validates(Array(native("<title id='' major='1'/>").utf8)))
    }

    @Test func `fixtures that are read without an error fit the schema`() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint") else { return }
        for name in FixtureFindings.names(in: "feeds/native") {
            let bytes = try FixtureFindings.bytes("feeds/native/\(name)")
            let outcome = try feed(bytes)
            if outcome.error?.code == "E_TEMPLATE" { continue }
            let isClean =
                outcome.error == nil && outcome.diagnostics.allSatisfy { $0.code == "W_SIZE" }
            #expect(try validates(bytes) == isClean, "\(name)")
        }
    }

    @Test func `takes the defaults of the workspace where the feed is silent`() throws {
        let settings = FeedSettings(defaultTerritories: .only(["DE"]), defaultPeerToPeer: false)
        let titles = """
            <title id="silent" major="1"/>
            <title id="stated" major="1" peer-to-peer="yes"><territories/></title>
            """
        let outcome = try feed(native(titles), settings: settings)
        #expect(outcome.records.map(\.territories) == [.only(["DE"]), .everywhere])
        #expect(outcome.records.map(\.peerToPeer) == [false, true])
    }

    @Test func `streams: a title is there before the next one has come`() throws {
        var seen: [String] = []
        var pieces = [
            native("<title id='a' major='1'/>").split(separator: "</cat").first.map(Array.init)
                ?? []
        ].map { String($0) }
        pieces.append("<title id='b' major='1'/></catalogue>")
        var at = 0
        _ = try readCatalogue(
            from: "f",
            read: {
                at += 1
                if at == 2 { #expect(seen == ["a"]) }
                return at <= pieces.count ? Array(pieces[at - 1].utf8) : []
            }, emit: { seen.append($0.id) }, diagnose: { _ in })
        #expect(seen == ["a", "b"])
    }

    @Test func `passes on what the closures throw`() throws {
        struct Stop: Error {}
        let bytes = Array(native("<title id='a' major='1'/><title id='' major='1'/>").utf8)
        #expect(throws: Stop.self) {
            try readCatalogue(
                from: "f", read: pieces(of: bytes, 9), emit: { _ in throw Stop() },
                diagnose: { _ in })
        }
        #expect(throws: Stop.self) {
            try readCatalogue(
                from: "f", read: pieces(of: bytes, 9), emit: { _ in },
                diagnose: { _ in throw Stop() })
        }
    }

    private func validates(_ document: [UInt8]) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(CatalogueSchema.xsd.utf8).write(to: folder.appending(path: "c.xsd"))
        try Data(document).write(to: folder.appending(path: "c.xml"))
        let lint = Process()
        lint.executableURL = URL(filePath: "/usr/bin/xmllint")
        lint.currentDirectoryURL = folder
        lint.arguments = ["--nonet", "--noout", "--schema", "c.xsd", "c.xml"]
        lint.standardError = FileHandle.nullDevice
        try lint.run()
        lint.waitUntilExit()
        #expect([0, 1, 3, 4].contains(lint.terminationStatus), "the schema itself is well")
        return lint.terminationStatus == 0
    }

    private func randomRecord(_ number: Int, _ random: inout SplitMix64) -> TitleRecord {
        func chance() -> Bool { random.below(2) == 0 }
        let names = ["", "Überläufer & Söhne", "a \"quoted\" <name>", "&#38;amp; ]]>", "日本 – 👍"]
        let start = Instant(seconds: Int64(random.below(2_000_000_000)))
        let codes = [["DE"], ["AT", "DE"], ["CH", "DE", "FR"]][random.below(3)]
        let digits = Array("0123456789abcdef")
        func hex(_ count: Int) -> String {
            String((0..<count).map { _ in digits[random.below(16)] })
        }
        return TitleRecord(
            verb: chance() ? .put : .delete, id: "example.com/T\(number)&'<",
            aliases: chance() ? [] : ["vod://example.com/T\(number)", "T \(number)"],
            name: names[random.below(names.count)],
            licence: LicenceWindow(
                start: chance() ? start : nil,
                end: chance() ? start.advanced(bySeconds: 1 + Int64(random.below(99_999))) : nil),
            territories: [.everywhere, .only(codes), .except(codes)][random.below(3)],
            peerToPeer: chance(),
            version: .init(major: Int32(random.below(9)), minor: Int32(random.below(9))),
            files: (0..<random.below(4)).map { i in
                FileRecord(
                    name: "file \(i).mpg", kind: ["movie", "box-cover"][i % 2],
                    sizeBytes: chance() ? Int64(1 + random.below(1 << 32)) : nil,
                    checksum: chance() ? hex([32, 40, 64, 96, 128][random.below(5)]) : nil,
                    id: chance() ? "" : "example.com/F\(i)")
            },
            chunkBytes: chance() ? 4_194_304 : nil,
            indexDigest: chance() ? Digest(hex: hex(64)) : nil)
    }
}
