import Fleet
import GRDB
import Quantities
import Testing

@testable import Store

/// What the store doesn't let grow.
struct BoundsTests {
    private let quadrillions: Int64 = 10_000_000_000_000_000

    private func holdings(_ store: Store, _ rows: [HoldingRecord], delta: Bool = false) throws
        -> [RowRefusal]
    {
        var refusals: [RowRefusal] = []
        try store.importing(source(.holdings, extent: delta ? .delta : .named)) {
            refusals = try $0.put(holdings: rows)
        }
        return refusals
    }

    @Test func `what a device holds comes to 10^18 bytes at most, by any number of imports`() throws
    {
        try withStore { store in
            try store.importSmallFleet()
            let rows = (0..<100).map {
                HoldingRecord(device: "d1", item: "x\($0)", bytes: quadrillions)
            }
            let one = HoldingRecord(device: "d1", item: "y", bytes: 1)
            let other = HoldingRecord(device: "d2", item: "y", bytes: 1)
            #expect(
                try holdings(store, rows + [one, other]).map { [$0.code, "\($0.row)"] } == [
                    ["E_TOO_MUCH", "100"]
                ])
            #expect(try holdings(store, [one], delta: true).map(\.code) == ["E_TOO_MUCH"])
            let less = HoldingRecord(operation: .remove, device: "d1", item: "x1")
            #expect(try holdings(store, [less], delta: true).isEmpty)
            #expect(try holdings(store, [one], delta: true).isEmpty)
            #expect(try holdings(store, [one]).isEmpty, "a snapshot begins anew")
        }
    }

    @Test func `a device has 100,000 wishes and holdings at most`() throws {
        try withStore { store in
            try store.importSmallFleet()
            let most = DeviceRows.Limit.rows
            let many = (0...most).map { WishRecord(device: "d1", title: "t\($0)", rank: 1) }
            var refusals: [RowRefusal] = []
            try store.importing(source(.wishes)) { refusals = try $0.put(wishes: many) }
            #expect(refusals.map { [$0.code, "\($0.row)"] } == [["E_TOO_MANY", "\(most)"]])
            try store.importing(source(.wishes, extent: .delta)) {
                refusals = try $0.put(wishes: [
                    many[most], WishRecord(device: "d2", title: "t", rank: 1),
                ])
            }
            #expect(refusals.map { [$0.code, "\($0.row)"] } == [["E_TOO_MANY", "0"]])
            let held = (0...most).map { HoldingRecord(device: "d2", item: "t\($0)") }
            #expect(try holdings(store, held).map(\.code) == ["E_TOO_MANY"])
        }
    }

    @Test func `names that nothing refers to are forgotten, the others stay`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A")
            func names(_ table: String) throws -> [String] {
                try store.read {
                    try String.fetchAll($0, sql: "SELECT name FROM \(table) ORDER BY name")
                }
            }
            let held = ["A", "u", "v", "w", "x"].map { HoldingRecord(device: "d1", item: $0) }
            let wished = ["A", "u", "v", "w", "x"].map {
                WishRecord(device: "d1", title: $0, rank: 1)
            }
            _ = try holdings(store, held)
            try store.importing(source(.wishes)) { _ = try $0.put(wishes: wished) }
            _ = try holdings(store, [held[0], held[3]])
            try store.importing(source(.wishes)) { _ = try $0.put(wishes: [wished[4]]) }
            try store.write { database in
                try NameSweep.held.run(database, spare: 3)
                try NameSweep.wished.run(database, spare: 3)
            }
            #expect(try names("held_name").count == 5, "5 are not more than 2 + 3")
            try store.write { database in
                try NameSweep.held.run(database, spare: 2)
                try NameSweep.wished.run(database, spare: 2)
            }
            #expect(try names("held_name") == ["A", "w"])
            #expect(try names("wished_name") == ["x"])
            let again = try store.importing(source(.holdings)) {
                _ = try $0.put(holdings: [held[0], held[3]])
            }
            #expect(again.unchanged == 1)
        }
    }

    @Test func `of imports the last of each name is kept, and the last thousand`() throws {
        try withStore { store in
            func put(_ name: String, _ number: Int) throws {
                var one = source(.accounts, number: UInt8(number % 250))
                one.files[0].name = name
                try store.importing(one) { _ = try $0.put(accounts: [Account(id: "a")]) }
            }
            try put("often", 0)
            try put("once", 1)
            for number in 2..<1_010 { try put("often", number) }
            let names = try store.imports(table: .accounts)
            #expect(names.count == 1_002)
            #expect(names.first?.file.name == "once")
            #expect(try store.lastImportsByName(table: .accounts).map(\.sequence) == [2, 1_010])
        }
    }
}
