import Fleet
import Foundation
import Manifest
import Quantities
import Schedule
import TestSupport
import Testing

@Suite struct PlanRowsTests {
    private func text(_ table: PlanTable, _ format: RowFormat, of night: ExampleNight) -> String {
        var bytes: [UInt8] = []
        PlanRows(plan: night.plan, catalogue: night.catalogue, fleet: night.fleet)
            .write(table, as: format) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: PlanTable.allCases, RowFormat.allCases)
    func `tables are as kept`(table: PlanTable, format: RowFormat) {
        let text = text(table, format, of: ExampleNight())
        let name = "manifests/plan/\(table.rawValue).\(format.rawValue)"
        #expect(GoldenFile.difference(of: text, from: name) == nil)
    }

    @Test(
        .enabled(if: isInstalled("python3"), "python3 isn't installed"),
        arguments: PlanTable.allCases)
    func `both formats say the same to other readers`(table: PlanTable) throws {
        let folder = try TemporaryFolder()
        let night = awkward()
        let paths = try RowFormat.allCases.map {
            try folder.write(Array(text(table, $0, of: night).utf8), to: $0.rawValue)
        }
        let program = """
            import csv, json, sys
            rows = list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))
            lines = [json.loads(l) for l in open(sys.argv[2], encoding='utf-8')]
            text = [{k: '' if v is None else str(v) for k, v in l.items()} for l in lines]
            assert rows == text, (rows, text)
            assert all(list(l) == sys.argv[3].split(',') for l in lines)
            print(len(rows))
            """
        let result = try run(
            "python3", ["-c", program] + paths + [table.columns.joined(separator: ",")])
        #expect(result.output == "\(rowCount(table, night))\n")
    }

    private func rowCount(_ table: PlanTable, _ night: ExampleNight) -> Int {
        switch table {
        case .transfers: night.plan.transfers.count
        case .removals: night.plan.removals.count
        case .outcomes: night.plan.outcomes.count
        case .prices: 3 + priced(night.plan.certificate.prices)
        }
    }

    private func priced(_ prices: Prices) -> Int {
        (prices.up + prices.egress + prices.edgeUp + prices.edgeDown).count { $0 > 0 }
            + prices.firstCopy.count
    }

    /// Identifiers that need quoting, an outcome without an item.
    private func awkward() -> ExampleNight {
        var night = ExampleNight()
        for (device, id) in ["a,\"b\"", " blank ", "line\nbreak\r", "Größe", "box-e"].enumerated() {
            night.fleet.devices[device].id = id
        }
        night.plan.outcomes[3].item = -1
        night.plan.outcomes[3].plannedBytes = 0
        night.plan.outcomes[3].cause = .noItem
        return night
    }

    @Test func `many rows come in pieces of bounded size`() {
        var night = ExampleNight()
        night.plan.transfers = (0..<20_000).map { night.plan.transfers[$0 % 7] }
        var pieces: [Int] = []
        var lines = 0
        PlanRows(plan: night.plan, catalogue: night.catalogue, fleet: night.fleet)
            .write(.transfers, as: .csv) { piece in
                pieces.append(piece.count)
                lines += piece.count { $0 == 10 }
            }
        #expect(lines == 20_001)
        #expect(pieces.count > 20 && pieces.allSatisfy { $0 < 70_000 })
    }

    @Test func `an error of the writer ends the export`() {
        struct Full: Error {}
        let night = ExampleNight()
        let rows = PlanRows(plan: night.plan, catalogue: night.catalogue, fleet: night.fleet)
        #expect(throws: Full.self) {
            try rows.write(.transfers, as: .csv) { _ in throw Full() }
        }
    }

    @Test func `the plan's digest tells plans apart and knows no positions`() {
        func digest(_ change: (inout ExampleNight) -> Void) -> Digest {
            var night = ExampleNight()
            change(&night)
            return PlanRows(plan: night.plan, catalogue: night.catalogue, fleet: night.fleet)
                .digest
        }
        let original = digest { _ in }
        let others = [
            digest { $0.plan.transfers.removeLast() }, digest { $0.plan.removals.removeLast() },
            digest { $0.plan.outcomes[0].worth += 1 }, digest { $0.plan.night.slotCount += 1 },
            digest { $0.plan.profile.alpha += 1 }, digest { $0.plan.transfers[0].slot = 1 },
            digest { $0.plan.transfers[3].initiator = .source },
            digest { $0.fleet.devices[0].id = "box" },
        ]
        #expect(Set(others + [original]).count == others.count + 1)
        #expect(digest { $0.fleet.devices.append($0.fleet.devices[4]) } == original)
    }
}
