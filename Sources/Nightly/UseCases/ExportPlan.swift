import Manifest
package import Quantities
import Schedule

/// Writes a night's plan as rows, for pipelines.
package enum ExportPlan {
    /// The tables of a plan.
    package enum Table: String, Hashable, Sendable, CaseIterable {
        case transfers
        case removals
        case outcomes
        case prices
    }

    /// The forms of a table.
    package enum Format: String, Hashable, Sendable, CaseIterable {
        case csv
        case jsonl
    }

    /// Hands the bytes of one table to `write` in pieces of about 64 KiB.
    ///
    /// - Parameters:
    ///   - table: which one.
    ///   - format: its form.
    ///   - date: the night.
    ///   - workspace: of the plan.
    ///   - write: takes the pieces.
    /// - Throws: when there is no plan; what `write` throws.
    package static func run(
        _ table: Table, as format: Format, of date: CivilDate, in workspace: Workspace,
        write: ([UInt8]) throws -> Void
    ) throws {
        let kept = try KeptPlan(date, in: workspace)
        let rows = PlanRows(
            plan: kept.document.plan, catalogue: kept.catalogue, fleet: kept.fleet)
        let planTable: PlanTable =
            switch table {
            case .transfers: .transfers
            case .removals: .removals
            case .outcomes: .outcomes
            case .prices: .prices
            }
        try rows.write(planTable, as: format == .csv ? .csv : .jsonLines, to: write)
    }
}
