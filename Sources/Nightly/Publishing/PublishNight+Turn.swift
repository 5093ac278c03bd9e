import Audit
package import Quantities
import Schedule

/// Which night may be published when.
extension PublishNight {
    /// The night that is published when none is named: the running one, if it has a plan, else the
    /// next; never one that was planned further ahead.
    ///
    /// - Throws: when neither has a plan.
    package static func due(at now: Instant, in workspace: Workspace) throws(NightlyError)
        -> CivilDate
    {
        let hours = workspace.configuration.night
        let next = try hours.next(after: now)
        let before = try hours.night(CivilDate(dayNumber: next.date.dayNumber - 1))
        for night in [before, next]
        where night.end > now && Files.kind(workspace.planPath(night.date)) == .file {
            return night.date
        }
        throw NightlyError(
            .failed, "the next night, that of \(next.date), has no plan",
            hint: "make one with `mediaplan plan`, or name another night with --night DATE")
    }

    /// Refuses a night while an earlier one that is published hasn't ended: the devices would lose
    /// the manifests that they work by.
    static func checkTurn(of night: Night, now: Instant, in workspace: Workspace) throws {
        guard let current = try PublicationFile.current(in: workspace)?.terms.night,
            current < night.date
        else { return }
        let end = try workspace.configuration.night.night(current).end
        guard now < end else { return }
        throw NightlyError(
            .refused,
            "the night of \(current) is published and lasts until \(end);"
                + " that of \(night.date) doesn't take its place before",
            hint: "publish it after that, or name it with --night \(night.date) to do it now")
    }

    /// Refuses a plan that breaks a rule, and one whose manifests would be expired.
    static func check(_ plan: NightPlan, now: Instant, in workspace: Workspace)
        throws(NightlyError)
    {
        guard plan.audit.isClean else { throw unsound(plan) }
        let night = plan.plan.night
        let expires = PublicationFile.expiry(of: night, in: workspace)
        guard now < expires else {
            throw NightlyError(
                .refused,
                "the manifests of the night of \(night.date) would be expired: they hold until"
                    + " \(expires)",
                hint: "plan and publish a later night")
        }
    }

    private static func unsound(_ plan: NightPlan) -> NightlyError {
        let first = plan.audit.findings.first
        return NightlyError(
            .failed,
            "the plan breaks its rules in \(plan.audit.findingCount) places and is not published"
                + (first.map { ": \($0.rule.rawValue): \($0.message)" } ?? ""),
            hint: "this is a fault of the planner; `mediaplan audit` lists every breach")
    }
}
