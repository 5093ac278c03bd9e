import ArgumentParser
import Console
import Nightly
import Quantities
import Schedule

struct NightlyCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightly",
        abstract: "Imports what was dropped, plans, audits and publishes, under one lock.",
        discussion: """
            A source of which nothing can be taken doesn't keep the night from being planned with \
            what is there; the command then ends with 2. A plan that breaks a rule is not \
            published. The same input, configuration and --now give the same bytes.

            EXAMPLES
              mediaplan nightly -w fleet
              mediaplan nightly --dry-run
              mediaplan nightly --json --lock-timeout 600
            """)

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var work: ThreadOptions

    @Option(
        help: ArgumentHelp("The night; else the first that has not begun.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @Option(help: "balanced, min-origin, min-bandwidth or min-time; else the configuration's.")
    var profile: Profile.Order?

    @OptionGroup var search: EffortOption

    @Flag(help: "Does all but publish, on a copy, and prints what publishing would change.")
    var dryRun = false

    @Flag(help: "Ends at the first source of which nothing can be taken.")
    var strict = false

    @Flag(help: "Takes what the import's guards refuse, and publishes over a running night.")
    var force = false

    func run(_ shell: Shell) throws -> ExitStatus {
        var report = NightRun.Report()
        let failure = NightRun.failure {
            let workspace = try place.open(shell)
            let lock = try workspace.lock(timeoutSeconds: run.lockTimeout)
            defer { _ = lock }
            try runNight(in: workspace, &report, shell)
        }
        shell.progress.clear()
        if let failure {
            guard run.json else { throw failure }
            report.failure = failure
        }
        let status = NightPrinting.status(report)
        NightPrinting(shell, isJSON: run.json, isDryRun: dryRun).print(report, status)
        return status
    }

    /// Runs the night and writes metrics, also when the store can't be opened: a run that another
    /// one's lock keeps out writes none.
    private func runNight(
        in workspace: Workspace, _ report: inout NightRun.Report, _ shell: Shell
    ) throws {
        var made = NightRun.Report()
        let failure = NightRun.failure { made = try night(in: workspace, shell) }
        if let failure { made.failure = failure }
        report = made
        if !dryRun { writeMetrics(report, NightPrinting.status(report), workspace, shell) }
        if let failure { throw failure }
    }

    private func night(in workspace: Workspace, _ shell: Shell) throws -> NightRun.Report {
        if dryRun { return NightRun.rehearse(request, in: workspace) { show($0, shell) } }
        return NightRun.run(request, in: workspace, store: try workspace.openStore()) {
            show($0, shell)
        }
    }

    private var request: NightRun.Request {
        var request = NightRun.Request(now: run.instant, threads: work.count)
        request.night = night
        request.profile = profile
        request.effort = search.effort
        request.isForced = force
        request.isStrict = strict
        return request
    }

    private func show(_ step: NightRun.Step, _ shell: Shell) {
        switch step {
        case .importing(let source, let count):
            shell.progress.show("reading \(source)", done: count)
        case .planning(let what): shell.progress.show(what, done: 0)
        case .publishing(let count): shell.progress.show("signing manifests", done: count)
        }
    }

    /// A fault of the monitoring never fails the night.
    private func writeMetrics(
        _ report: NightRun.Report, _ status: ExitStatus, _ workspace: Workspace, _ shell: Shell
    ) {
        do throws(NightlyError) {
            try NightMetrics.write(
                report, exitCode: status.rawValue, now: run.instant, in: workspace)
        } catch {
            shell.messages.warning("the metrics are not written: \(error.message)")
        }
    }
}
