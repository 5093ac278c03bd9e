import Audit
import Planner
package import Quantities
package import Schedule
package import Store

/// Plans a night and audits the plan.
package enum PlanNight {
    /// What is to be planned.
    package struct Request: Hashable, Sendable {
        package var night: Night
        /// Nil: the configuration's.
        package var profile: Profile.Order?
        /// How much search follows the first plan; nil: as the configuration says.
        package var effort: Int32?
        /// When it is planned.
        package var now: Instant
        /// How many threads plan; at least 1. The plan doesn't depend on it.
        package var threads: Int
        /// False: nothing is written.
        package var isWritten: Bool

        package init(
            night: Night, profile: Profile.Order? = nil, effort: Int32? = nil, now: Instant,
            threads: Int = 1, isWritten: Bool = true
        ) {
            self.night = night
            self.profile = profile
            self.effort = effort
            self.now = now
            self.threads = threads
            self.isWritten = isWritten
        }
    }

    /// Plans, audits and keeps the plan; one that the audit finds fault with is kept beside, as
    /// `plan.unsound`.
    ///
    /// - Parameters:
    ///   - request: what is to be planned.
    ///   - workspace: whose lock is held.
    ///   - store: of the workspace.
    ///   - progress: told what is being done.
    /// - Throws: when there is nothing to plan for, or something can't be read or written.
    /// - Returns: the plan in figures, with the audit's findings.
    package static func run(
        _ request: Request, in workspace: Workspace, store: Store, progress: (String) -> Void
    ) throws -> PlanReport {
        let plan = try make(request, in: workspace, store: store, progress: progress)
        let path =
            request.isWritten
            ? try keep(plan, at: request.now, in: workspace, store: store) : nil
        return plan.report(path: path)
    }

    /// Plans and audits in memory.
    static func make(
        _ request: Request, in workspace: Workspace, store: Store, progress: (String) -> Void
    ) throws -> NightPlan {
        var seconds = PlanSeconds()
        let settings = workspace.configuration.planSettings(profile: request.profile)
        progress("reading the store")
        var start = Steady.seconds()
        let inputs = try NightInputs(
            night: request.night, settings: settings, workspace: workspace, store: store)
        seconds.snapshot = Steady.seconds() - start
        start = Steady.seconds()
        let plan = makePlan(
            catalogue: inputs.snapshot.catalogue, fleet: inputs.snapshot.fleet,
            night: request.night, settings: settings,
            effort: Effort(tasks: Int(request.effort ?? workspace.configuration.effort)),
            workers: Cores(threads: request.threads),
            progress: { progress("planning: \($0)") })
        seconds.plan = Steady.seconds() - start
        progress("auditing")
        return NightPlan(
            inputs: inputs, plan: plan, threads: request.threads, seconds: seconds)
    }

    /// Writes the plan and records it; returns its path.
    static func keep(
        _ plan: NightPlan, at now: Instant, in workspace: Workspace, store: Store
    ) throws -> String {
        let path = workspace.planPath(plan.plan.night.date) + (plan.audit.isClean ? "" : ".unsound")
        try Files.makeFolder(Files.folder(of: path))
        try Files.replace(path, with: plan.documentBytes)
        if plan.audit.isClean {
            try NightRecords(store: store).planned(plan, at: now)
        }
        return path
    }
}
