import Catalogue
import Fleet
import Foundation
import Quantities
import TestSupport

@testable import Store

/// Runs `body` with an empty store in a fresh folder.
func withStore<T>(_ body: (Store) throws -> T) throws -> T {
    try Fixtures.withFolder { folder in
        let store = try Store(path: folder.appending(path: "store.sqlite").path)
        defer { try? store.close() }
        return try body(store)
    }
}

/// A source of one file; other numbers are other bytes.
func source(
    _ table: ImportTable, feed: String = "", extent: ImportSource.Extent = .named, number: UInt8 = 1
) -> ImportSource {
    ImportSource(
        table: table, feed: feed,
        files: [
            ImportFile(
                name: "\(table.rawValue)-\(number).csv", sizeBytes: 100 + Int64(number),
                modifiedAt: Instant(seconds: 1_790_000_000),
                digest: Digest(bytes: [UInt8](repeating: number, count: 32))!)
        ], extent: extent, at: Instant(seconds: 1_790_000_100))
}

extension Store {
    /// Two sites, two accounts, devices `d1` and `d2`: enough to hold and wish.
    func importSmallFleet() throws {
        try importing(source(.sites)) {
            _ = try $0.put(sites: [
                SiteRecord(site: "root", territory: "DE", timezone: "Europe/Berlin"),
                SiteRecord(site: "pop", parent: "root", upKbps: 1_000, downKbps: 2_000),
            ])
        }
        try importing(source(.accounts)) {
            _ = try $0.put(accounts: [
                Account(id: "a1"), Account(id: "a2", status: .suspended, territory: "AT"),
            ])
        }
        try importing(source(.devices)) {
            _ = try $0.put(devices: [device("d1"), device("d2", account: "a2")])
        }
    }

    /// Titles that all have one file of a chunk and a bit.
    func importTitles(_ ids: String...) throws {
        try importing(source(.catalogue, feed: "feed")) {
            _ = try $0.put(titles: ids.map { title($0) })
        }
    }

    func snapshot(_ night: Night = eveningNight) throws -> Snapshot {
        try snapshot(night: night, chunkBytes: 1_000) { LocalClock(zone: $0) }
    }
}

let eveningNight = Night(
    date: CivilDate("2026-11-23")!, start: Instant(rfc3339: "2026-11-23T22:00:00Z")!,
    slotSeconds: 900, slotCount: 32)

func device(_ id: String, account: String = "a1", site: String = "pop", picks: [String] = [])
    -> DeviceRecord
{
    DeviceRecord(
        device: id, account: account, site: site, wishBytes: 5_000, cacheBytes: 3_000, upKbps: 10,
        downKbps: 20, picks: picks)
}

func title(
    _ id: String, _ major: Int32 = 1, _ minor: Int32 = 0, name: String = "", aliases: [String] = [],
    sizes: [Int64?] = [1_500]
) -> TitleRecord {
    TitleRecord(
        id: id, aliases: aliases, name: name,
        version: TitleRecord.Version(major: major, minor: minor),
        files: sizes.enumerated().map {
            FileRecord(name: "f\($0)", kind: "movie", sizeBytes: $1)
        })
}
