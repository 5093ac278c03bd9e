package import Quantities
package import Schedule
package import Store

/// The whole night: import what was dropped, plan, audit, publish.
package enum NightRun {
    /// What is to be run.
    package struct Request: Hashable, Sendable {
        /// Nil: the first night that has not begun.
        package var night: CivilDate?
        /// Nil: the configuration's.
        package var profile: Profile.Order?
        /// How much search follows the first plan; nil: as the configuration says.
        package var effort: Int32?
        /// When it runs.
        package var now: Instant
        /// How many threads plan and sign manifests.
        package var threads: Int
        /// Takes what the import's guards refuse, and publishes over a night that is running.
        package var isForced = false
        /// Ends at the first source of which nothing was taken, instead of planning with what is
        /// there.
        package var isStrict = false

        package init(now: Instant, threads: Int) {
            self.now = now
            self.threads = threads
        }
    }

    /// How far it is.
    package enum Step: Hashable, Sendable {
        /// A source and its records so far.
        case importing(String, Int64)
        /// What the planner does.
        case planning(String)
        /// Manifests so far.
        case publishing(Int64)
    }

    /// What was done.
    package struct Report: Sendable {
        /// One for each drop folder that holds files.
        package var imports: [ImportOutcome] = []
        /// Nil when it came not that far.
        package var plan: PlanReport?
        /// Nil when it came not that far, or nothing was to be published.
        package var publication: PublishNight.Report?
        /// Of a dry run: what publishing would change.
        package var difference: PlanDifference?
        /// Why it ended early; what was published before stands.
        package var failure: NightlyError?
        /// How long the import took.
        package var importSeconds = 0.0
        /// How long all took.
        package var seconds = 0.0

        /// A run that has done nothing yet, or only failed.
        package init(failure: NightlyError? = nil) { self.failure = failure }
    }

    /// Runs the night.
    ///
    /// A source of which nothing can be taken doesn't keep the night from being planned with what
    /// is there, unless the request is strict. A plan that the audit finds fault with is not
    /// published, nor one that would take the place of a running night unasked.
    ///
    /// - Parameters:
    ///   - request: what is to be run.
    ///   - workspace: whose lock is held.
    ///   - store: of the workspace.
    ///   - progress: told how far it is.
    /// - Returns: what was done, with the failure that ended it.
    package static func run(
        _ request: Request, in workspace: Workspace, store: Store, progress: (Step) -> Void
    ) -> Report {
        var report = Report()
        let start = Steady.seconds()
        report.failure = failure {
            let sources = DropSources(workspace)
            try importDrops(request, sources, workspace, store, &report, progress)
            let plan = try PlanNight.make(
                try planRequest(request, workspace), in: workspace, store: store
            ) { progress(.planning($0)) }
            let path = try PlanNight.keep(plan, at: request.now, in: workspace, store: store)
            report.plan = plan.report(path: path)
            try check(plan, request, workspace)
            progress(.publishing(0))
            report.publication = try PublishNight.publish(
                plan, PublishNight.Request(now: request.now, threads: request.threads),
                in: workspace, store: store
            ) { progress(.publishing($0)) }
        }
        report.seconds = Steady.seconds() - start
        return report
    }

    /// Does everything on a copy of the store, and tells what publishing would change.
    ///
    /// - Parameters:
    ///   - request: what is to be run.
    ///   - workspace: whose lock is held; nothing in it is changed.
    ///   - progress: told how far it is.
    /// - Returns: what would be done.
    package static func rehearse(
        _ request: Request, in workspace: Workspace, progress: (Step) -> Void
    ) -> Report {
        var report = Report()
        let start = Steady.seconds()
        report.failure = failure {
            let copy = try WorkspaceCopy(of: workspace)
            let store = try copy.workspace.openStore()
            defer { try? store.close() }
            try importDrops(
                request, DropSources(workspace), copy.workspace, store, &report, progress)
            for i in report.imports.indices { report.imports[i].rejectFiles = [] }
            let plan = try PlanNight.make(
                try planRequest(request, workspace), in: copy.workspace, store: store
            ) { progress(.planning($0)) }
            try compare(plan, request, workspace, &report)
        }
        report.seconds = Steady.seconds() - start
        return report
    }

    /// Tells what publishing would change.
    ///
    /// - Throws: what keeps the plan from being published.
    static func compare(
        _ plan: NightPlan, _ request: Request, _ workspace: Workspace, _ report: inout Report
    ) throws {
        report.plan = plan.report(path: nil)
        report.difference = try PlanDifference(plan, publishedIn: workspace)
        try check(plan, request, workspace)
    }

    /// Refuses a plan that may not be published; a night that was named, or is forced, may take the
    /// place of a running one.
    private static func check(_ plan: NightPlan, _ request: Request, _ workspace: Workspace)
        throws
    {
        try PublishNight.check(plan, now: request.now, in: workspace)
        guard request.night == nil, !request.isForced else { return }
        try PublishNight.checkTurn(of: plan.plan.night, now: request.now, in: workspace)
    }

    private static func planRequest(_ request: Request, _ workspace: Workspace)
        throws(NightlyError) -> PlanNight.Request
    {
        let hours = workspace.configuration.night
        let night =
            if let date = request.night { try hours.night(date) } else {
                try hours.next(after: request.now)
            }
        return PlanNight.Request(
            night: night, profile: request.profile, effort: request.effort, now: request.now,
            threads: request.threads)
    }

    private static func importDrops(
        _ request: Request, _ sources: DropSources, _ workspace: Workspace, _ store: Store,
        _ report: inout Report, _ progress: (Step) -> Void
    ) throws {
        let start = Steady.seconds()
        defer { report.importSeconds = Steady.seconds() - start }
        for request in sources.requests(now: request.now, isForced: request.isForced) {
            let outcomes = try ImportSources.run(request, in: workspace, store: store) {
                progress(.importing($0, $1))
            }
            report.imports += outcomes.filter { $0.verdict != .empty }
        }
        guard request.isStrict, let failure = report.imports.compactMap(\.failure).first else {
            return
        }
        throw failure
    }

    /// What `body` throws, as a failure of the night.
    package static func failure(_ body: () throws -> Void) -> NightlyError? {
        do {
            try body()
            return nil
        } catch let failure as NightlyError {
            return failure
        } catch let failure as StoreError {
            return NightlyError(.failed, failure.message, hint: failure.hint)
        } catch {
            return NightlyError(.failed, "\(error)")
        }
    }
}
