import Catalogue
import Feeds
import Quantities
import Testing

/// Every file of `Fixtures/feeds`: what it gives and what is said of it. The feed's zone is UTC+1.
struct FeedFixtureTests {
    static let folders = ["feeds/adi", "feeds/native", "feeds/xml"]
    static let names = folders.flatMap { folder in
        FixtureFindings.names(in: folder).map { "\(folder)/\($0)" }
    }

    @Test(arguments: names)
    func `says of each fixture what is written beside it`(name: String) throws {
        let file = String(name.split(separator: "/").last ?? "")
        let outcome = try feed(try FixtureFindings.bytes(name), name: file)
        let titles = outcome.records.flatMap(described)
        let total = outcome.summary.map {
            [
                "\($0.format.rawValue) \($0.isFull ? "full" : "delta"): \($0.titles) taken, "
                    + "\($0.rejected) rejected, \($0.zonelessTimes) times without a zone"
            ]
        }
        try FixtureFindings.expect(titles + outcome.findings + (total ?? []), beside: name)
    }

    @Test(arguments: names)
    func `gives the same whatever the pieces are`(name: String) throws {
        let bytes = try FixtureFindings.bytes(name)
        let whole = try feed(bytes)
        for piece in [1, 3, 100] {
            let pieced = try feed(bytes, piece: piece)
            #expect(pieced == whole)
        }
    }

    private func described(_ record: TitleRecord) -> [String] {
        let licence =
            "\(record.licence.start?.description ?? "")..\(record.licence.end?.description ?? "")"
        let head =
            "\(record.line): \(record.verb) \(record.id) \(record.version.major)."
            + "\(record.version.minor) '\(record.name)' \(licence) \(record.territories)"
            + (record.peerToPeer ? "" : " origin only")
            + (record.chunkBytes.map { " chunks of \($0)" } ?? "")
            + (record.indexDigest.map { " index \($0.hex.prefix(8))" } ?? "")
        let files = record.files.map {
            "  \($0.kind) '\($0.name)' \($0.sizeBytes.map { "\($0)" } ?? "?") "
                + "\($0.checksum ?? "-") \($0.id)"
        }
        return [head]
            + (record.aliases.isEmpty ? [] : ["  " + record.aliases.joined(separator: " ")])
            + files
    }
}
