import Catalogue
import Feeds
import Fleet
import Quantities
import Testing

@testable import Synthesis

/// The readers of the feeds take everything that is written, without a finding.
struct ReadingTests {
    static let written = Result { try Written(700, 300) }
    static let world = World(
        deviceCount: 700, titleCount: 300, seed: 1, night: CivilDate(dayNumber: 20_780))

    /// A table's records; any finding fails the test.
    private func records<Row: TableRow>(_ row: Row.Type) throws -> [Row] {
        var rows: [Row] = []
        var pieces = [try Self.written.get().bytes[Row.table + ".csv"] ?? []]
        let summary = try readTable(
            row, from: Row.table, read: { pieces.popLast() ?? [] },
            emit: { record, _ in rows.append(record) },
            reject: { Issue.record("\(Row.table): \($0)") })
        #expect(summary.warnings.isEmpty)
        #expect(summary.rows == rows.count && !rows.isEmpty)
        return rows
    }

    @Test func `the tables say what was made up`() throws {
        let world = Self.world
        let boxes = (0..<700).map { Box($0, in: world) }
        let shelves = boxes.map { Shelf(of: $0, in: world) }
        #expect(
            try records(SiteRecord.self).count == 1 + 3 + world.network.popCount
                + world.network.nodeCount)
        #expect(try records(OriginRecord.self).count == 2)
        #expect(try records(Account.self).count == Set(boxes.map(\.accountNumber)).count)
        let devices = try records(DeviceRecord.self)
        #expect(devices.map(\.upKbps) == boxes.map(\.upKbps))
        #expect(devices.map(\.lastServed) == boxes.map(\.lastServed))
        #expect(devices.map(\.lastSent) == boxes.map(\.lastSent))
        #expect(devices.map { $0.window?.description ?? "" } == boxes.map(\.window))
        #expect(devices.map(\.picks.count) == shelves.map(\.picks.count))
        let holdings = try records(HoldingRecord.self)
        let made = shelves.flatMap(\.holdings)
        #expect(holdings.map(\.chunks) == made.map { $0.chunks.map { .some($0) } ?? .all })
        #expect(holdings.map(\.bought) == made.map(\.isBought))
        #expect(holdings.map { $0.area == .wish } == made.map(\.isInWishArea))
        let ranks = try records(WishRecord.self).map(\.rank)
        #expect(ranks == shelves.flatMap { $0.wishes.indices.map { Int32($0) + 1 } })
        #expect(try records(LinkRecord.self).contains { !$0.isCapacity && $0.paced })
    }

    /// The titles of catalogue documents, by number; any finding but a size that isn't stated fails
    /// the test.
    private func titles(_ isWanted: (String) -> Bool) throws -> [TitleRecord] {
        let written = try Self.written.get()
        var records: [TitleRecord] = []
        for path in written.paths where path.hasSuffix(".xml") && isWanted(path) {
            var pieces = [written.bytes[path] ?? []]
            var findings: [Diagnostic] = []
            _ = try readCatalogue(
                from: path, read: { pieces.popLast() ?? [] }, emit: { records.append($0) },
                diagnose: { findings.append($0) })
            #expect(findings.allSatisfy { $0.code == "W_SIZE" }, "\(path): \(findings)")
        }
        return records.sorted { $0.id.suffix(16) < $1.id.suffix(16) }
    }

    private func sizes(_ title: SyntheticTitle) -> [Int64?] {
        title.files.map { title.sizeIsKnown ? $0.sizeBytes : nil }
    }

    @Test func `the catalogue says what was made up`() throws {
        let made = Self.world.titles.filter { !$0.isPackage }
        let records = try titles { $0 == "catalogue.xml" }
        #expect(records.map(\.id) == made.map(\.id))
        #expect(records.map(\.name) == made.map(\.name))
        for (record, title) in zip(records, made) {
            #expect(record.files.map(\.sizeBytes) == sizes(title))
            #expect(record.licence.start == title.licenceStart)
            #expect(record.licence.end == title.licenceEnd)
            #expect(record.indexDigest?.bytes == title.indexDigest)
            #expect(record.peerToPeer == title.peerToPeer)
            #expect(record.aliases == (title.alias.map { [$0] } ?? []))
            for place in ["DE", "PT", "FI"] {
                let allowed =
                    switch title.territories {
                    case .everywhere: true
                    case .only(let only): only == place
                    case .except(let except): except != place
                    }
                #expect(record.territories.allow(place) == allowed)
            }
        }
    }

    @Test func `the packages say what was made up`() throws {
        let made = Self.world.titles.filter(\.isPackage)
        let records = try titles { $0.hasPrefix("adi/") }
        #expect(records.map(\.id) == made.map(\.id))
        #expect(records.map(\.name) == made.map(\.name))
        for (record, title) in zip(records, made) {
            #expect(record.files.map(\.sizeBytes) == sizes(title))
            #expect(record.files.map(\.kind) == title.files.map(\.kind))
            #expect(record.licence.start == title.licenceStart)
            #expect(record.licence.end == title.licenceEnd || title.licenceEnd == nil)
            #expect(record.indexDigest == nil)
        }
    }
}
