import Foundation
import Quantities
import Schedule
import Store
import TestSupport
import Testing

@testable import Nightly

/// The shipped fleets that are made to mislead planners, against their exact optima.
struct FamilyTests {
    private static let date = CivilDate("2026-11-25")!
    private static let isSlow = ProcessInfo.processInfo.environment["MEDIAPLAN_SLOW"] != nil
    /// The share of the optimum that a plan must have where 99 % is out of reach yet.
    private static let shares = ["hops": 0.98]

    /// What `Fixtures/families/optima.csv` says of one fleet.
    private struct Optimum {
        var family: String
        var value: Int64
        var wished: Int64
    }

    private func optima() throws -> [Optimum] {
        let text = String(decoding: try Fixtures.bytes("families/optima.csv"), as: UTF8.self)
        return try text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: ",")
            return Optimum(
                family: String(fields[0]), value: try #require(Int64(fields[1])),
                wished: try #require(Int64(fields[2])))
        }
    }

    /// A shipped fleet as it is imported, and the plan of its night in figures.
    private func night(_ family: String) throws -> (instance: Instance, report: PlanReport) {
        let scratch = try Scratch()
        let workspace = try InitWorkspace.run(scratch.path + "/w")
        try FileManager.default.removeItem(atPath: workspace.path("drop"))
        try FileManager.default.copyItem(
            atPath: Fixtures.url("families/\(family)").path, toPath: workspace.path("drop"))
        let now = Self.date.startUTC.advanced(bySeconds: 20 * 3600)
        let store = try workspace.openStore()
        defer { try? store.close() }
        let run = NightRun.run(
            NightRun.Request(now: now, threads: 1), in: workspace, store: store
        ) { _ in }
        #expect(run.failure == nil, "\(family)")
        let night = try workspace.configuration.night.night(Self.date)
        let inputs = try NightInputs(
            night: night, settings: workspace.configuration.planSettings(), workspace: workspace,
            store: store)
        let instance = Instance(
            catalogue: inputs.snapshot.catalogue, fleet: inputs.snapshot.fleet, night: night,
            settings: inputs.settings)
        return (instance, try #require(run.plan))
    }

    @Test func `plans of the families are within 1 % of their optimum, hops within 2 %`() throws {
        let optima = try optima()
        #expect(optima.map(\.family) == SynthesiseFleet.families)
        for optimum in optima {
            let report = try night(optimum.family).report
            #expect(report.findings == [], "\(optimum.family)")
            let value = report.figures.value
            let share = Double(value) / Double(optimum.value)
            #expect(share >= Self.shares[optimum.family] ?? 0.99, "\(optimum.family)")
            #expect(value <= optimum.value + optimum.value / 1_000_000 + 5, "\(optimum.family)")
            #expect(report.figures.bound >= optimum.value, "\(optimum.family)")
        }
    }

    /// Takes about a minute.
    @Test(
        .enabled(if: isSlow, "set MEDIAPLAN_SLOW=1 to solve them again"),
        .enabled(if: ExactOracle.missing == nil, "python3 with the package highspy is needed"))
    func `the optima that are shipped are those of the exact program`() throws {
        let shipped = try optima()
        let solved = try #require(
            try ExactOracle.solve(try shipped.map { try night($0.family).instance }))
        for (optimum, answer) in zip(shipped, solved) {
            #expect(answer.isProven, "\(optimum.family)")
            #expect(answer.value == optimum.value, "\(optimum.family)")
            #expect(answer.wishedValue == optimum.wished, "\(optimum.family)")
        }
    }
}
