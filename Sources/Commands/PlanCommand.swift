import ArgumentParser
import Console
import Nightly
import Quantities
import Schedule

extension Profile.Order: ExpressibleByArgument {}

struct PlanCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plans a night and audits the plan.",
        discussion: """
            Prints what the plan is worth, how far it can be from the best, what moves and what \
            doesn't come and why. The plan is kept in the workspace; nothing is published.
            """)

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var run: RunOptions

    @Option(
        help: ArgumentHelp("The night; else the first that has not begun.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @Option(help: "balanced, min-origin, min-bandwidth or min-time; else the configuration's.")
    var profile: Profile.Order?

    @OptionGroup var search: EffortOption
    @OptionGroup var work: ThreadOptions

    @Flag(help: "Plans and prints, keeps nothing.")
    var dryRun = false

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        let lock = try workspace.lock(timeoutSeconds: run.lockTimeout)
        defer { _ = lock }
        let store = try workspace.openStore()
        let hours = workspace.configuration.night
        let request = PlanNight.Request(
            night: try night.map { try hours.night($0) } ?? hours.next(after: run.instant),
            profile: profile, effort: search.effort, now: run.instant, threads: work.count,
            isWritten: !dryRun)
        let report = try PlanNight.run(request, in: workspace, store: store) {
            shell.progress.show($0, done: 0)
        }
        shell.progress.clear()
        return PlanPrinting(shell, isJSON: run.json).print(report, command: "plan")
    }
}
