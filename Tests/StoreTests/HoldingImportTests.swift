import Catalogue
import Fleet
import Quantities
import Testing

@testable import Store

/// Holdings: full and delta, duplicates, names that become known later.
struct HoldingImportTests {
    /// What `device` holds after a snapshot, as `title@version chunks area bytes`.
    private func held(_ store: Store, by device: String) throws -> [String] {
        let snapshot = try store.snapshot()
        let position = try #require(snapshot.fleet.devices.firstIndex { $0.id == device })
        return snapshot.fleet.holdings(of: position).map { i in
            let holding = snapshot.fleet.holdings[i]
            var text = "?"
            if holding.item >= 0 {
                let item = snapshot.catalogue.items[Int(holding.item)]
                text = snapshot.catalogue.titles[Int(item.title)].id + "@" + item.version
            }
            if case .some(let set) = holding.chunks { text += " \(set)" }
            if holding.area == .wish { text += " wish" }
            if holding.bought { text += " bought" }
            if holding.unknownBytes > 0 { text += " \(holding.unknownBytes)" }
            return text
        }
    }

    private func put(
        _ store: Store, _ rows: [HoldingRecord], _ extent: ImportSource.Extent = .named
    ) throws -> ImportReport {
        try store.importing(source(.holdings, extent: extent)) {
            let refusals = try $0.put(holdings: rows)
            #expect(refusals.isEmpty)
        }
    }

    @Test func `an import replaces what the devices it names hold, and nothing else`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A", "B", "C")
            let first = try put(
                store,
                [
                    HoldingRecord(device: "d2", item: "B", area: .wish, bought: true),
                    HoldingRecord(device: "d1", item: "A", chunks: .some(RangeSet32(0..<1))),
                    HoldingRecord(device: "d1", item: "C"),
                ])
            #expect(first.added == 2)
            let second = try put(
                store,
                [
                    HoldingRecord(device: "d1", item: "B"), HoldingRecord(device: "d1", item: "C"),
                ])
            #expect((second.added, second.changed, second.unchanged) == (0, 1, 0))
            #expect(try held(store, by: "d1") == ["B@1", "C@1"])
            #expect(try held(store, by: "d2") == ["B@1 wish bought"])
            let third = try put(
                store, [HoldingRecord(device: "d2", item: "B", area: .wish, bought: true)])
            #expect((third.added, third.changed, third.unchanged) == (0, 0, 1))
        }
    }

    @Test func `a device that is named without rows holds nothing`() throws {
        try withStore { store in
            try store.importSmallFleet()
            _ = try put(store, [HoldingRecord(device: "d1", item: "x")])
            let report = try store.importing(source(.holdings, number: 2)) {
                let known = [
                    try $0.name(device: "d1"), try $0.name(device: "d2"),
                    try $0.name(device: "d3"),
                ]
                #expect(known == [true, true, false])
            }
            #expect((report.removed, report.unchanged) == (1, 1))
            #expect(try held(store, by: "d1").isEmpty)
        }
    }

    @Test func `a delta adds, replaces and removes single items`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A", "B", "C")
            _ = try put(
                store,
                [
                    HoldingRecord(device: "d1", item: "A"), HoldingRecord(device: "d1", item: "B"),
                    HoldingRecord(device: "d2", item: "B"),
                ])
            let report = try put(
                store,
                [
                    HoldingRecord(operation: .remove, device: "d1", item: "A"),
                    HoldingRecord(operation: .remove, device: "d1", item: "C"),
                    HoldingRecord(device: "d1", item: "B", chunks: .some(RangeSet32(1..<2))),
                    HoldingRecord(operation: .remove, device: "d2", item: "B"),
                ], .delta)
            #expect((report.changed, report.removed, report.ignored) == (1, 1, 1))
            #expect(try held(store, by: "d1") == ["B@1 1"])
            #expect(try held(store, by: "d2").isEmpty)
        }
    }

    @Test func `of duplicates the later observation counts, else the later row`() throws {
        func row(_ area: Holding.Area, _ at: Int64?) -> HoldingRecord {
            HoldingRecord(
                device: "d1", item: "A", area: area,
                observedAt: at.map { Instant(seconds: $0) })
        }
        let cases: [([HoldingRecord], String)] = [
            ([row(.cache, nil), row(.wish, nil)], "A@1 wish"),
            ([row(.wish, nil), row(.cache, nil)], "A@1"),
            ([row(.wish, 20), row(.cache, 10)], "A@1 wish"),
            ([row(.cache, 10), row(.wish, 20)], "A@1 wish"),
            ([row(.cache, 10), row(.wish, 10)], "A@1 wish"),
            ([row(.wish, 5), row(.cache, nil)], "A@1"),
        ]
        for (rows, expected) in cases {
            try withStore { store in
                try store.importSmallFleet()
                try store.importTitles("A")
                let report = try put(store, rows)
                #expect(report.duplicates == 1)
                #expect(try held(store, by: "d1") == [expected])
            }
        }
    }

    @Test func `a delta row that is older than what is stored is ignored`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A")
            let at = { Instant(seconds: $0) }
            _ = try put(
                store, [HoldingRecord(device: "d1", item: "A", area: .wish, observedAt: at(50))])
            let old = try put(
                store,
                [HoldingRecord(operation: .remove, device: "d1", item: "A", observedAt: at(49))],
                .delta)
            #expect((old.ignored, old.unchanged) == (1, 1))
            #expect(try held(store, by: "d1") == ["A@1 wish"])
            let newer = try put(
                store,
                [HoldingRecord(operation: .remove, device: "d1", item: "A", observedAt: at(51))],
                .delta)
            #expect(newer.removed == 1)
        }
    }

    @Test func `refuses rows of devices that are not known`() throws {
        try withStore { store in
            try store.importSmallFleet()
            let report = try store.importing(source(.holdings)) { session in
                #expect(session.knowsDevice("d1") && !session.knowsDevice("D1"))
                let refusals = try session.put(holdings: [
                    HoldingRecord(device: "d1", item: "A"), HoldingRecord(device: "d9", item: "A"),
                    HoldingRecord(device: "d2", item: "A\0"),
                ])
                #expect(refusals.map(\.row) == [1, 2])
                #expect(refusals.map(\.code) == ["E_UNKNOWN_DEVICE", "E_TEXT"])
            }
            #expect((report.rows, report.refused, report.added) == (3, 2, 1))
        }
    }

    @Test func `what the catalogue does not know counts its bytes and is resolved later`() throws {
        try withStore { store in
            try store.importSmallFleet()
            let report = try put(
                store,
                [
                    HoldingRecord(device: "d1", item: "A", area: .wish, bytes: 77),
                    HoldingRecord(device: "d1", item: "old", version: "1", bytes: 99),
                    HoldingRecord(device: "d2", item: "A@2"),
                ])
            #expect(report.unknownNames == 3)
            #expect(try held(store, by: "d1") == ["? wish 77", "? 99"])
            let notes = try store.snapshot().notes.map(\.code)
            #expect(notes == ["W_UNKNOWN_HELD", "W_UNKNOWN_BYTES"])

            try store.importing(source(.catalogue, feed: "feed")) {
                _ = try $0.put(titles: [title("A", 1, aliases: ["old"])])
            }
            #expect(try held(store, by: "d1") == ["A@1 wish"])
            #expect(
                try store.snapshot().notes.map(\.code) == [
                    "W_UNKNOWN_HELD", "W_UNKNOWN_BYTES", "W_HELD_TWICE",
                ])
            try store.importing(source(.catalogue, feed: "feed", number: 2)) {
                _ = try $0.put(titles: [title("A", 2)])
            }
            // what was held before the new version stays the version that it was
            #expect(try held(store, by: "d1") == ["A@1 wish"])
            #expect(try held(store, by: "d2") == ["A@2"])
            let known = try put(store, [HoldingRecord(device: "d1", item: "A")])
            #expect(known.unknownNames == 0)
            #expect(try held(store, by: "d1") == ["A@2"])
        }
    }

    @Test func `names an item by title, alias, or either with a version`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.catalogue, feed: "feed")) {
                _ = try $0.put(titles: [title("p/A", 1, aliases: ["x", "both"])])
                _ = try $0.put(titles: [title("p/A", 3, aliases: ["x", "both"])])
                _ = try $0.put(titles: [title("p/B", 1, aliases: ["both", "mail@b"])])
            }
            let names: [(String, String?, String)] = [
                ("p/A", nil, "p/A@3"), ("x", nil, "p/A@3"), ("p/A", "1", "p/A@1"),
                ("x", "3.7", "p/A@3"), ("p/A@1", nil, "p/A@1"), ("x@3", nil, "p/A@3"),
                ("mail@b", nil, "p/B@1"), ("both", nil, "?"), ("p/A", "2", "?"), ("p/A@", nil, "?"),
                ("p/A", "one", "?"), ("p/A@1", "3", "?"), ("p/a", nil, "?"),
            ]
            for (name, version, expected) in names {
                _ = try put(store, [HoldingRecord(device: "d1", item: name, version: version)])
                #expect(try held(store, by: "d1") == [expected], "\(name) \(version ?? "")")
            }
        }
    }

    @Test func `chunks that an item does not have are left out`() throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importing(source(.catalogue, feed: "feed")) {
                // five chunks of 1000 bytes
                _ = try $0.put(titles: [title("A", sizes: [4_500]), title("B", sizes: [4_500])])
            }
            func some(_ text: String) -> Holding.Chunks { .some(RangeSet32(text)!) }
            _ = try put(
                store,
                [
                    HoldingRecord(device: "d1", item: "A", chunks: some("3-9")),
                    HoldingRecord(device: "d1", item: "B", chunks: some("0-4,7")),
                    HoldingRecord(device: "d2", item: "A", chunks: some("5-2000000000")),
                ])
            #expect(try held(store, by: "d1") == ["A@1 3-4", "B@1"])
            #expect(try held(store, by: "d2").isEmpty)
            #expect(try store.snapshot().notes.map(\.code) == ["W_CHUNKS_BEYOND"])
        }
    }
}
