import Feeds
import Fleet
import Quantities
import Testing

@testable import Nightly

/// Records written as rows and read back.
@Suite struct PrintedRecordTests {
    private func readBack<Row: TableRow & PrintedRecord>(_ records: [Row], delta: Bool = false)
        throws
        -> [Row]
    {
        let head = (delta ? ["op"] : []) + Row.printedColumns
        var bytes = CSVLine(head).bytes
        for record in records {
            bytes +=
                CSVLine(
                    (delta ? [record.printedOperation?.rawValue ?? ""] : []) + record.printedFields
                ).bytes
        }
        var pieces = [bytes, []]
        var read: [Row] = []
        _ = try readTable(
            Row.self, from: "t", options: TableOptions(delta: delta),
            read: { pieces.removeFirst() },
            emit: { row, _ in read.append(row) }, reject: { Issue.record("\($0.diagnostic)") })
        return read
    }

    @Test func `reads back the rows of every table`() throws {
        let at = try #require(Instant(rfc3339: "2026-11-23T20:15:00Z"))
        let sites = [
            SiteRecord(site: "root"),
            SiteRecord(
                site: "a,\"b\"", parent: "root", territory: "PT", timezone: "Europe/Lisbon",
                cidr: ["10.0.0.0/8", "192.168.0.0/16"], upKbps: 0, downKbps: 7, costPerGB: 1_250_000
            ),
        ]
        #expect(try readBack(sites) == sites)
        let origins = [
            OriginRecord(origin: "o", site: "s", egressKbps: 5, baseURL: "http://o.example/x"),
            OriginRecord(
                origin: "p", site: "s", egressKbps: 5, baseURL: "http://o.example/", costPerGB: 1,
                nightlyBytes: 1_500_000_001),
        ]
        #expect(try readBack(origins) == origins)
        let accounts = [Account(id: "x"), Account(id: "y", status: .suspended, territory: "DE")]
        #expect(try readBack(accounts) == accounts)
        let links = [
            LinkRecord(from: "a", to: "b", kbps: 3),
            LinkRecord(
                from: "a", to: "c", kbps: 3, isCapacity: true, measuredAt: at, bytes: 9,
                paced: true,
                failures: 2),
        ]
        #expect(try readBack(links) == links)
        let devices = [
            DeviceRecord(
                device: "d", account: "x", site: "s", wishBytes: 1, cacheBytes: 2, upKbps: 3,
                downKbps: 4),
            DeviceRecord(
                device: "e", account: "x", site: "s", wishBytes: 1, cacheBytes: 2, upKbps: 3,
                downKbps: 4,
                window: DailyWindow(fromMinute: 1380, untilMinute: 390), accepts: true,
                address: "10.1.2.3:7000", publicKey: "k", lastServed: at.utcDate, lastSent: at,
                state: .retired, picks: ["t/1", "t/2"]),
        ]
        #expect(try readBack(devices) == devices)
    }

    @Test func `reads back rows of reports`() throws {
        let at = try #require(Instant(rfc3339: "2026-11-23T23:15:00Z"))
        let reports = [
            ReportRecord(
                device: "d", night: at.utcDate, item: "i", source: "e", result: .failed),
            ReportRecord(
                device: "d", night: at.utcDate, item: "i", version: "2", chunks: .all, source: "e",
                sourceKind: .origin, bytes: 7, wasteBytes: 8, milliseconds: 1_234, at: at,
                paced: false, result: .complete, area: .wish, completed: true),
            ReportRecord(
                device: "d", night: at.utcDate, item: "i", chunks: .some(RangeSet32(0..<4)),
                milliseconds: 1_000, result: .removed, area: .cache),
        ]
        #expect(try readBack(reports) == reports)
    }

    @Test func `reads back rows of holdings and wishes, also as a delta`() throws {
        let at = try #require(Instant(rfc3339: "2026-11-23T20:15:00Z"))
        var holdings = [
            HoldingRecord(device: "d", item: "i"),
            HoldingRecord(
                device: "d", item: "j", version: "2", chunks: .some(RangeSet32([0..<4, 9..<10])),
                area: .wish,
                bought: true, bytes: 7, observedAt: at),
        ]
        #expect(try readBack(holdings) == holdings)
        holdings[0].operation = .remove
        #expect(try readBack(holdings, delta: true) == holdings)
        var wishes = [
            WishRecord(device: "d", title: "t", rank: 3),
            WishRecord(device: "d", title: "u", rank: 1, wantedUntil: at),
        ]
        #expect(try readBack(wishes) == wishes)
        wishes[1] = WishRecord(operation: .remove, device: "d", title: "u", rank: 0)
        #expect(try readBack(wishes, delta: true) == wishes)
    }
}
