import Catalogue
import Fleet
import Quantities
import TestSupport
import Testing

@testable import Store

/// What reports leave in the store.
struct ReportImportTests {
    private let night = CivilDate("2026-11-23")!

    private func source(_ number: UInt8, at text: String = "2026-11-24T08:00:00Z") -> ImportSource {
        ImportSource(
            table: .reports,
            files: [
                ImportFile(
                    name: "d1.jsonl", sizeBytes: 1, modifiedAt: Instant(seconds: 0),
                    digest: Digest(bytes: [UInt8](repeating: number, count: 32))!)
            ], at: Instant(rfc3339: text)!)
    }

    /// A row of `d1` about chunks of `A` from `d2`.
    private func row(_ at: String = "23:00:00", _ change: (inout ReportRecord) -> Void = { _ in })
        -> ReportRecord
    {
        var record = ReportRecord(
            device: "d1", night: night, item: "A", chunks: .some(RangeSet32(0..<1)), source: "d2",
            sourceKind: .device, bytes: 1_000_000, milliseconds: 1_000,
            at: Instant(rfc3339: "2026-11-23T\(at)Z"), paced: false, result: .complete,
            area: .wish)
        change(&record)
        return record
    }

    private func put(_ store: Store, _ rows: [ReportRecord], number: UInt8 = 1) throws
        -> ImportReport
    {
        try store.importing(source(number)) {
            let refusals = try $0.put(reports: rows)
            #expect(refusals.isEmpty)
        }
    }

    private func withFleet(_ body: (Store) throws -> Void) throws {
        try withStore { store in
            try store.importSmallFleet()
            try store.importTitles("A", "B", "C")
            try body(store)
        }
    }

    private func held(_ store: Store, _ device: Int = 0) throws -> [String] {
        let snapshot = try store.snapshot()
        return snapshot.fleet.holdings(of: device).map { position in
            let holding = snapshot.fleet.holdings[position]
            let item = snapshot.catalogue.items[Int(holding.item)]
            let title = snapshot.catalogue.titles[Int(item.title)].id
            switch holding.chunks {
            case .all: return "\(title) all \(holding.area)"
            case .some(let set): return "\(title) \(set) \(holding.area)"
            }
        }
    }

    @Test func `what came is added, chunk by chunk, what went is taken away`() throws {
        try withFleet { store in
            let report = try put(
                store, [row { $0.bytes = 70_000 }, row("23:00:01") { $0.item = "B" }])
            #expect((report.added, report.rows, report.ignored) == (1, 2, 0))
            #expect(try held(store) == ["A 0 wish", "B 0 wish"])
            _ = try put(
                store,
                [
                    row("23:10:00") { $0.chunks = .some(RangeSet32(1..<2)) },
                    row("23:10:01") {
                        ($0.item, $0.result, $0.source, $0.sourceKind) = ("B", .removed, "", nil)
                    },
                    row("23:10:02") { ($0.item, $0.completed, $0.area) = ("C", true, nil) },
                ], number: 2)
            #expect(try held(store) == ["A all wish", "C all cache"])
            _ = try put(
                store,
                [
                    row("23:20:00") {
                        ($0.result, $0.chunks) = (.removed, .some(RangeSet32(0..<1)))
                    },
                    row("23:20:01") {
                        ($0.item, $0.result, $0.chunks) = ("C", .removed, .some(RangeSet32(0..<1)))
                    },
                    row("23:20:02") { ($0.item, $0.result, $0.chunks) = ("B", .failed, nil) },
                ], number: 3)
            #expect(try held(store) == ["A 1 wish"])
        }
    }

    @Test func `what is bought stays so, and a snapshot has the last word`() throws {
        try withFleet { store in
            try store.importing(Tests.source(.holdings, number: 40)) {
                _ = try $0.put(holdings: [
                    HoldingRecord(
                        device: "d1", item: "A", chunks: .some(RangeSet32(1..<2)), bought: true,
                        observedAt: Instant(rfc3339: "2026-11-23T23:30:00Z"))
                ])
            }
            let report = try put(store, [row(), row("23:40:00") { $0.chunks = .all }])
            #expect(report.ignored == 1)
            #expect(try held(store) == ["A all wish"])
            let snapshot = try store.snapshot()
            #expect(snapshot.fleet.holdings[0].bought)
        }
    }

    @Test func `the same report twice changes nothing, however it is cut`() throws {
        let rows = (0..<20).map { number in
            row("23:\(10 + number):00") {
                $0.item = ["A", "B", "C"][number % 3]
                $0.chunks = .some(RangeSet32(0..<Int32(1 + number % 2)))
                $0.wasteBytes = 7
                $0.result = number % 5 == 4 ? .corrupt : .partial
                $0.completed = number == 19
            }
        }
        try withFleet { store in
            _ = try put(store, rows)
            let once = try store.contents()
            for cut in [0, 7, 20] {
                let report = try put(store, Array(rows[cut...]), number: UInt8(2 + cut))
                #expect(report.ignored == 20 - cut)
                #expect(try store.contents() == once)
            }
            try withFleet { other in
                for row in rows.indices {
                    _ = try put(other, Array(rows[...row]), number: UInt8(100 + row))
                }
                let (nights, holdings) = (try store.reportedNights(), try held(store))
                #expect(try other.reportedNights() == nights)
                #expect(try held(other) == holdings)
            }
        }
    }

    @Test func `an older night takes nothing back`() throws {
        try withFleet { store in
            _ = try put(store, [row { $0.completed = true }])
            let before = try store.contents()
            let old = row {
                $0.night = CivilDate("2026-11-20")!
                $0.at = Instant(rfc3339: "2026-11-20T23:50:00Z")
                $0.result = .removed
            }
            let report = try put(store, [old, old], number: 2)
            #expect(report.ignored == 2)
            #expect(try store.contents() == before)
        }
    }

    @Test func `marks move forwards only, and no import of devices loses them`() throws {
        try withFleet { store in
            func marks() throws -> [String] {
                try store.snapshot().fleet.devices.map {
                    "\($0.lastServed?.description ?? "-") \($0.lastSent?.description ?? "-")"
                }
            }
            #expect(try marks() == ["- -", "- -"])
            _ = try put(
                store,
                [
                    row { $0.completed = true },
                    row("23:01:00") { ($0.item, $0.completed, $0.area) = ("B", true, .cache) },
                    row("23:02:00") { ($0.result, $0.chunks, $0.bytes) = (.failed, nil, 0) },
                ])
            #expect(try marks() == ["2026-11-23 -", "- 2026-11-23T23:01:00Z"])
            try store.importing(Tests.source(.devices, number: 41)) {
                var stated = device("d2", account: "a2")
                stated.lastSent = Instant(rfc3339: "2026-11-01T00:00:00Z")
                _ = try $0.put(devices: [device("d1"), stated])
            }
            #expect(try marks() == ["2026-11-23 -", "- 2026-11-23T23:01:00Z"])
            try store.importing(Tests.source(.devices, number: 42)) {
                var stated = device("d1")
                stated.lastServed = CivilDate("2026-11-24")
                _ = try $0.put(devices: [stated])
            }
            #expect(try marks() == ["2026-11-24 -", "- 2026-11-23T23:01:00Z"])
        }
    }

    @Test func `rates of unpaced rows become links, failures are counted beside them`() throws {
        try withFleet { store in
            _ = try put(
                store,
                [
                    row(), row("23:01:00") { $0.milliseconds = 3_000 },
                    row("23:02:00") { ($0.paced, $0.milliseconds) = (true, 1) },
                    row("23:03:00") { ($0.bytes, $0.milliseconds) = (65_535, 1) },
                    row("23:04:00") { $0.milliseconds = 0 },
                    row("23:05:00") { ($0.result, $0.milliseconds) = (.local, 1) },
                    row("23:06:00") { ($0.result, $0.bytes) = (.corrupt, 0) },
                    row("23:07:00") { ($0.source, $0.sourceKind) = ("o", .origin) },
                    row("23:08:00") { ($0.source, $0.sourceKind) = ("nobody", .device) },
                    row("23:09:00") { $0.source = "d1" },
                    row("23:10:00") { ($0.at, $0.milliseconds) = (nil, 1) },
                ])
            let links = try store.snapshot().fleet.links
            #expect(links.map(\.kbps) == [5_333])
            #expect(links.map(\.from) == [.device(1)] && links.map(\.to) == [.device(0)])
            #expect(!links[0].paced && !links[0].isCapacity)
            #expect(try store.contents().contains("|0|0|0|5333|1795474860|2000000|1"))
        }
    }

    @Test func `failures of a link that nobody measured leave none`() throws {
        try withFleet { store in
            _ = try put(store, [row { ($0.result, $0.bytes) = (.refused, 0) }])
            #expect(try store.snapshot().fleet.links.isEmpty)
        }
    }

    @Test func `a night's totals say what came from whom, and what was wasted`() throws {
        try withFleet { store in
            let report = try put(
                store,
                [
                    row { $0.wasteBytes = 5 },
                    row("23:01:00") { ($0.source, $0.sourceKind) = ("o", .origin) },
                    row("23:02:00") { ($0.source, $0.result, $0.sourceKind) = ("", .local, nil) },
                    row("23:03:00") {
                        ($0.result, $0.bytes, $0.wasteBytes, $0.chunks) = (.corrupt, 0, 9, nil)
                    },
                    row("23:04:00") { $0.completed = true },
                ])
            var told = ReportedNight(night: night)
            (told.devices, told.rows, told.peerBytes, told.originBytes) = (
                1, 5, 2_000_000, 1_000_000
            )
            (told.localBytes, told.wasteBytes, told.completedWishes) = (1_000_000, 14, 1)
            told.failures = 1
            #expect(try store.reportedNights() == [told])
            #expect(report.reported.wasteBytes == 14)
        }
    }

    @Test func `what can't be true is refused`() throws {
        let rows: [(String, ReportRecord)] = [
            ("E_UNKNOWN_DEVICE", row { $0.device = "d9" }),
            ("E_FUTURE", row { $0.night = CivilDate("9999-12-31")! }),
            ("E_FUTURE", row { $0.at = Instant(rfc3339: "2026-11-26T00:00:00Z") }),
            ("E_NIGHT", row { $0.at = Instant(rfc3339: "2026-11-21T23:59:59Z") }),
            ("E_NIGHT", row { $0.night = CivilDate("2026-11-01")! }),
            ("E_TEXT", row { $0.source = "d\u{0}2" }),
        ]
        try withFleet { store in
            let before = try store.contents()
            try store.importing(source(1)) {
                let refusals = try $0.put(reports: rows.map(\.1))
                #expect(refusals.map(\.code) == rows.map(\.0))
            }
            #expect(try store.contents() == before)
        }
    }

    @Test func `hostile numbers neither trap nor grow beyond what a store takes`() throws {
        try withFleet { store in
            for number in 0..<8 {
                let rows = (0..<60).map { second in
                    row("23:\(10 + number):\(second < 10 ? "0" : "")\(second)") {
                        $0.item = "unknown"
                        $0.bytes = 10_000_000_000_000_000
                        $0.wasteBytes = 10_000_000_000_000_000
                        $0.milliseconds = 1
                        $0.chunks = .some(RangeSet32(0..<(Int32.max - 1)))
                    }
                }
                try store.importing(source(UInt8(number))) { _ = try $0.put(reports: rows) }
            }
            let links = try store.snapshot().fleet.links
            #expect(links.map(\.kbps) == [1_000_000_000_000])
        }
    }

    @Test func `a device's rows without times count with the ones above them`() throws {
        try withFleet { store in
            let rows = [
                row { $0.at = nil }, row("23:30:00"), row { ($0.at, $0.item) = (nil, "B") },
            ]
            let first = try put(store, rows)
            let second = try put(store, rows, number: 2)
            #expect((first.ignored, second.ignored) == (0, 3))
            #expect(try held(store) == ["A 0 wish", "B 0 wish"])
        }
    }

    /// Random reports against a plain model of sets.
    @Test(arguments: 0..<30 as Range<UInt64>)
    func `holdings are what a plain model says`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var model: [String: Set<Int32>] = [:]
        let rows = (0..<40).map { number in
            row("23:\(10 + number):00") {
                $0.item = ["A", "B", "C"][random.below(3)]
                let first = Int32(random.below(2))
                let range = first..<(first + 1)
                $0.chunks = .some(RangeSet32(range))
                $0.result = random.below(3) == 0 ? .removed : .partial
                if $0.result == .removed {
                    model[$0.item, default: []].subtract(range)
                } else {
                    model[$0.item, default: []].formUnion(range)
                }
            }
        }
        try withFleet { store in
            let cut = random.below(40)
            _ = try put(store, Array(rows[..<cut]))
            _ = try put(store, Array(rows[cut...]), number: 2)
            let expected = model.filter { !$0.value.isEmpty }.map { item, chunks in
                "\(item) \(chunks.count == 2 ? "all" : "\(chunks.first ?? -1)") wish"
            }.sorted()
            #expect(try held(store) == expected)
        }
    }
}

/// So that a test with a function of the same name reaches the shared one.
private enum Tests {
    static func source(_ table: ImportTable, number: UInt8) -> ImportSource {
        StoreTests.source(table, number: number)
    }
}
