package import Quantities
import Schedule
package import Store

/// Audits a night's plan again.
package enum AuditNight {
    /// Recomputes rules, value and bound of the kept plan from the inputs, which must be as they
    /// were.
    ///
    /// - Parameters:
    ///   - date: the night.
    ///   - workspace: of the plan.
    ///   - store: of the workspace.
    ///   - threads: how many check it; at least 1.
    /// - Throws: when there is no plan, or its inputs changed.
    /// - Returns: the plan in figures, with the audit's findings.
    package static func run(
        _ date: CivilDate, in workspace: Workspace, store: Store, threads: Int = 1
    ) throws -> PlanReport {
        let kept = try KeptPlan(date, in: workspace)
        var seconds = PlanSeconds()
        let start = Steady.seconds()
        let inputs = try kept.inputs(in: workspace, store: store)
        seconds.snapshot = Steady.seconds() - start
        let plan = NightPlan(
            inputs: inputs, plan: kept.document.plan, threads: threads, seconds: seconds)
        return plan.report(path: kept.path)
    }
}
