import ArgumentParser
import Console
import Nightly
import Quantities

struct Show: ShellCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists what the store and the plans hold.",
        discussion: """
            Subjects
              titles, items                         the catalogue
              sites, origins, accounts, devices     the fleet
              holdings, wishes, links               what devices hold and want, and their lines
              imports, nights                       what was done
              plan, transfers, removals             a night's plan: wishes, what moves, what goes
              settings                              the configuration, with meanings and defaults

            Tables are for people; csv, json and jsonl have plain numbers in base units, and the \
            rows of the fleet's tables can be imported again.

            EXAMPLES
              mediaplan show devices
              mediaplan show holdings --device box-0000017
              mediaplan show plan --title example.com/MOVI1 --format csv
            """)

    @OptionGroup var place: WorkspaceOptions

    @Argument(help: "What to list.")
    var subject: ShowSubject

    @Option(help: "table, csv, json or jsonl.")
    var format = RowFormat.table

    @Option(help: ArgumentHelp("Only what is of this device.", valueName: "id"))
    var device: String?

    @Option(help: ArgumentHelp("Only what is of this title.", valueName: "id"))
    var title: String?

    @Option(
        help: ArgumentHelp("Of a plan: the night; else the newest.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    func validate() throws {
        guard device == nil || subject.hasDevices else {
            throw ValidationError("\(subject.rawValue) have no device to choose by")
        }
        guard title == nil || subject.hasTitles else {
            throw ValidationError("\(subject.rawValue) have no title to choose by")
        }
        guard night == nil || subject.isOfPlan else {
            throw ValidationError("--night is for plan, transfers and removals")
        }
    }

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        let query = ShowQuery(
            workspace: workspace, device: device, title: title, night: night, shell: shell,
            format: format)
        do {
            try query.print(subject)
        } catch is NobodyReads {
            return .done
        }
        return .done
    }
}

/// What can be listed.
enum ShowSubject: String, ExpressibleByArgument, CaseIterable {
    case titles
    case items
    case sites
    case origins
    case accounts
    case devices
    case holdings
    case wishes
    case links
    case imports
    case nights
    case plan
    case transfers
    case removals
    case settings

    /// Whether rows can be chosen by device.
    var hasDevices: Bool {
        [.devices, .holdings, .wishes, .links].contains(self) || isOfPlan
    }

    /// Whether rows can be chosen by title.
    var hasTitles: Bool { [.titles, .items, .holdings, .wishes].contains(self) || isOfPlan }

    /// Whether rows are of one night's plan.
    var isOfPlan: Bool { [.plan, .transfers, .removals].contains(self) }
}

/// Thrown out of a read when nobody reads what is printed.
struct NobodyReads: Error {}

/// What is asked for, and where it is printed.
struct ShowQuery {
    let workspace: Workspace
    let device: String?
    let title: String?
    let night: CivilDate?
    let shell: Shell
    let format: RowFormat

    /// Prints all rows of `subject`.
    func print(_ subject: ShowSubject) throws {
        switch subject {
        case .titles: try titles()
        case .items: try items()
        case .sites, .origins, .accounts, .devices, .holdings, .wishes, .links:
            try records(subject)
        case .imports: try imports()
        case .nights: try nights()
        case .plan: try plan()
        case .transfers: try transfers()
        case .removals: try removals()
        case .settings: settings()
        }
    }

    /// Prints what `body` gives it.
    func rows(
        of columns: [String], _ body: (_ row: @escaping ([Cell]) throws -> Void) throws -> Void
    ) throws {
        let printer = RowPrinter(
            columns: columns, format: format, output: shell.output, terminal: shell.terminal)
        try body { cells in
            guard printer.isOpen else { throw NobodyReads() }
            printer.print(cells)
        }
        printer.finish()
    }

    private func settings() {
        let defaults = Configuration()
        let printer = RowPrinter(
            columns: ["setting", "value", "default", "meaning"], format: format,
            output: shell.output, terminal: shell.terminal)
        for setting in Setting.all {
            printer.print([
                .text(setting.path), .text(setting.print(workspace.configuration)),
                .text(setting.print(defaults)), .text(setting.comment.joined(separator: " ")),
            ])
        }
        printer.finish()
    }
}
