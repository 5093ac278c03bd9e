import ArgumentParser
import Console
import Nightly
import Quantities

extension ExportPlan.Table: ExpressibleByArgument {}
extension ExportPlan.Format: ExpressibleByArgument {}

struct ExportCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a night's plan as rows, for pipelines.",
        subcommands: [ExportPlanCommand.self])

    func run(_ shell: Shell) throws -> ExitStatus { throw CleanExit.helpRequest(self) }
}

struct ExportPlanCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Writes one table of a plan to standard output.")

    @OptionGroup var place: WorkspaceOptions

    @Option(
        help: ArgumentHelp("The night; else the newest that has a plan.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @Option(help: "transfers, removals, outcomes or prices.")
    var table = ExportPlan.Table.transfers

    @Option(help: "csv or jsonl.")
    var format = ExportPlan.Format.csv

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        let date = try night ?? KeptPlan.newest(in: workspace)
        try ExportPlan.run(table, as: format, of: date, in: workspace) {
            shell.output.write(bytes: $0)
        }
        return .done
    }
}
