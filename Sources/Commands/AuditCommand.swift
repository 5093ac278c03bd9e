import ArgumentParser
import Console
import Nightly
import Quantities

struct AuditCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Checks a night's plan against every rule, from the inputs alone.",
        discussion: """
            Recomputes the rules, the value and the bound in code that shares nothing with the \
            planner. Ends with 1 and names each breach when there is one.
            """)

    @OptionGroup var place: WorkspaceOptions

    @Option(
        help: ArgumentHelp("The night; else the newest that has a plan.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @OptionGroup var work: ThreadOptions

    @Flag(help: "Prints JSON Lines, the last one a summary.")
    var json = false

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        let date = try night ?? KeptPlan.newest(in: workspace)
        let report = try AuditNight.run(
            date, in: workspace, store: try workspace.openStore(), threads: work.count)
        return PlanPrinting(shell, isJSON: json).print(report, command: "audit")
    }
}
