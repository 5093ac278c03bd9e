import Catalogue
import Fleet
import Foundation
import Quantities
import TestSupport
import Testing

@testable import Store

/// Imports as transactions, and the record of them.
struct ImportTests {
    private struct Refused: Error {}

    @Test(arguments: ImportTable.allCases)
    func `an import that throws leaves the store as it was`(table: ImportTable) throws {
        try withStore { store in
            try InstanceRecords(Instance.random(seed: 3)).importAll(into: store, seed: 1, parts: 1)
            let before = try store.contents(except: [])
            let records = InstanceRecords(Instance.random(seed: 8))
            for finishing in [false, true] {
                #expect(throws: Refused.self) {
                    try store.importing(source(table, number: 9), limitBytes: 10) { session in
                        try put(records, table, into: session)
                        if finishing { try session.finish() }
                        throw Refused()
                    }
                }
                #expect(try store.contents(except: []) == before)
            }
            // and the next one succeeds
            try store.importing(source(table, number: 9)) { try put(records, table, into: $0) }
            #expect(try store.contents(except: []) != before)
        }
    }

    private func put(_ records: InstanceRecords, _ table: ImportTable, into session: ImportSession)
        throws
    {
        switch table {
        case .catalogue: _ = try session.put(titles: records.titles)
        case .sites: _ = try session.put(sites: records.sites)
        case .origins: _ = try session.put(origins: records.origins)
        case .accounts: _ = try session.put(accounts: records.accounts)
        case .devices: _ = try session.put(devices: records.devices)
        case .holdings: _ = try session.put(holdings: records.holdings)
        case .wishes: _ = try session.put(wishes: records.wishes)
        case .links: _ = try session.put(links: records.links)
        case .reports: _ = try session.put(reports: records.reports)
        }
    }

    @Test func `what was committed is there after a crash, what was not is gone`() throws {
        try Fixtures.withFolder { folder in
            let store = try Store(path: folder.appending(path: "store.sqlite").path)
            defer { try? store.close() }
            try store.importSmallFleet()
            let before = try store.contents(except: [])
            try store.importing(source(.holdings, number: 5), limitBytes: 50) { session in
                _ = try session.put(
                    holdings: (0..<500).map { HoldingRecord(device: "d1", item: "x\($0)") })
                try session.finish()
                // what a killed process would leave behind: the files as they are now
                let copy = folder.appending(path: "crashed.sqlite").path
                for suffix in ["", "-wal"] {
                    try FileManager.default.copyItem(
                        atPath: store.path + suffix, toPath: copy + suffix)
                }
                let crashed = try Store(path: copy)
                #expect(try crashed.contents(except: []) == before)
                #expect(try crashed.complaints().isEmpty)
                try crashed.importTitles("A")
                try crashed.close()
            }
            #expect(try store.contents(except: []) != before)
        }
    }

    @Test func `files that were imported are remembered`() throws {
        try withStore { store in
            try store.importSmallFleet()
            let file = source(.accounts).files[0]
            let known = try #require(try store.lastImport(digest: file.digest, table: .accounts))
            #expect(known.file == file)
            #expect(known.isNewest)
            #expect(known.importedAt == source(.accounts).at)
            #expect((known.report.rows, known.report.added) == (2, 2))
            #expect(try store.lastImport(digest: file.digest, table: .wishes) == nil)
            #expect(try store.imports().map(\.table) == [.sites, .accounts, .devices])
            #expect(try store.imports().map(\.sequence) == [1, 2, 3])

            var two = source(.accounts, number: 2)
            two.files.append(source(.accounts, number: 3).files[0])
            try store.importing(two) { _ = try $0.put(accounts: [Account(id: "a2")]) }
            #expect(try store.imports(table: .accounts).map(\.isNewest) == [false, true, true])
            try store.importing(source(.accounts)) { _ = try $0.put(accounts: []) }
            #expect(
                try store.imports(table: .accounts).map(\.isNewest)
                    == [false, false, false, true])
            #expect(try store.lastImport(digest: file.digest, table: .accounts)?.isNewest == true)

            let names = try store.lastImportsByName(table: .accounts)
            #expect(
                names.map(\.file.name) == ["accounts-2.csv", "accounts-3.csv", "accounts-1.csv"])
            #expect(names.map(\.sequence) == [4, 5, 6])
            #expect(try store.lastImportsByName(table: .wishes).isEmpty)
        }
    }
}
