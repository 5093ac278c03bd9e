import Quantities
import Schedule
import Testing

@testable import Nightly

/// Which night may be published when.
@Suite struct NightTurnTests {
    private let trial: TrialNight
    private let next = CivilDate(dayNumber: TrialNight.date.dayNumber + 1)
    /// Ten minutes after the night began.
    private let running = TrialNight.now.advanced(bySeconds: 7800)

    init() throws {
        trial = try TrialNight()
        #expect(try trial.run().failure == nil)
    }

    private func plan(_ date: CivilDate) throws {
        try trial.withStore { store in
            let night = try trial.workspace.configuration.night.night(date)
            _ = try PlanNight.run(
                PlanNight.Request(night: night, now: TrialNight.now), in: trial.workspace,
                store: store
            ) { _ in }
        }
    }

    @Test func `a run while the published night lasts plans the next and leaves what is published`()
        throws
    {
        let before = try trial.published()
        let report = try trial.run(now: running)
        #expect(report.failure?.kind == .refused)
        #expect(report.failure?.message.contains("2026-11-24 is published and lasts until") == true)
        #expect(report.plan?.night.date == next)
        #expect(Files.kind(trial.workspace.planPath(next)) == .file)
        #expect(try trial.published() == before)
        #expect(trial.rehearse(now: running).failure == report.failure)
        let bare = #expect(throws: NightlyError.self) {
            try Files.removeTree(trial.workspace.nightFolder(TrialNight.date))
            return try trial.publish(nil, now: running)
        }
        #expect(bare?.kind == .refused)
        let end = try trial.workspace.configuration.night.night(TrialNight.date).end
        #expect(try trial.run(now: end).publication?.night == next)
    }

    @Test(arguments: [true, false])
    func `a run takes the running night's place when it is told to`(forced: Bool) throws {
        let report = try trial.run(now: running, night: forced ? nil : next, forced: forced)
        #expect(report.failure == nil)
        #expect(report.publication?.night == next)
    }

    @Test func `a night that was published far ahead gives way to the next`() throws {
        let far = CivilDate(dayNumber: next.dayNumber + 5)
        #expect(try trial.run(night: far).publication?.night == far)
        #expect(try trial.run().publication?.night == TrialNight.date)
    }

    @Test func `publishes the running night or the next, none that is far ahead`() throws {
        try plan(CivilDate(dayNumber: next.dayNumber + 5))
        #expect(try trial.publish(nil).night == TrialNight.date)
        #expect(try trial.publish(nil, now: running).isSame)
        let later = TrialNight.now.advanced(bySeconds: 2 * 86_400)
        let error = #expect(throws: NightlyError.self) { try trial.publish(nil, now: later) }
        #expect(error?.message == "the next night, that of 2026-11-26, has no plan")
    }

    @Test func `refuses manifests that would be expired`() throws {
        let night = try trial.workspace.configuration.night.night(TrialNight.date)
        let expiry = night.end.advanced(bySeconds: 12 * 3600)
        #expect(try trial.publish(now: expiry.advanced(bySeconds: -1)).isSame)
        let error = #expect(throws: NightlyError.self) { try trial.publish(now: expiry) }
        #expect(error?.kind == .refused)
        #expect(error?.message.contains("would be expired") == true)
    }

    @Test func `a rehearsal fails as the run would when the plan breaks a rule`() throws {
        let plan = try trial.withStore { store in
            let kept = try KeptPlan(TrialNight.date, in: trial.workspace)
            var plan = kept.document.plan
            plan.transfers.append(try #require(plan.transfers.last))
            return NightPlan(
                inputs: try kept.inputs(in: trial.workspace, store: store), plan: plan, threads: 1)
        }
        var report = NightRun.Report()
        let request = NightRun.Request(now: TrialNight.now, threads: 1)
        let error = #expect(throws: NightlyError.self) {
            try NightRun.compare(plan, request, trial.workspace, &report)
        }
        #expect(error?.kind == .failed)
        #expect(error?.message.contains("breaks its rules") == true)
        #expect(report.plan?.isSound == false)
        #expect(report.difference != nil)
    }
}
