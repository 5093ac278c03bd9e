import ArgumentParser
import Console
import Nightly
import Quantities
import Schedule

extension ShownTable: ExpressibleByArgument {}
extension Cause: ExpressibleByArgument {}

struct Show: ShellCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists what the store and the plans hold.",
        discussion: """
            As CSV or JSON Lines, the tables of a fleet have the columns that `mediaplan import` reads. \
            `plan` is a night's plan by device; transfers, removals and outcomes are its rows.

            EXAMPLES
              mediaplan show devices --site lisbon
              mediaplan show wishes --device box-17
              mediaplan show outcomes --cause no-source --json
              mediaplan show transfers --night 2026-11-23 --format csv > transfers.csv
            """)

    @OptionGroup var place: WorkspaceOptions

    @Argument(
        help: """
            titles, items, sites, origins, accounts, devices, holdings, wishes, links, imports, nights, \
            plan, transfers, removals, outcomes or settings.
            """)
    var table: ShownTable

    @Option(help: "Of one device; of links and transfers, at either end.")
    var device: String?

    @Option(help: "Of one account.")
    var account: String?

    @Option(help: "At a site or below it; of links, at either end.")
    var site: String?

    @Option(help: "Of one title.")
    var title: String?

    @Option(
        help: ArgumentHelp(
            "Of one night; of a plan, else the newest that has one.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @Option(help: "Outcomes that have this cause.")
    var cause: Cause?

    @OptionGroup var rows: RowOptions

    func validate() throws {
        let known = table.filters
        guard let filter = request.stated.first(where: { !known.contains($0) }) else { return }
        let tables = ShownTable.allCases.filter { $0.filters.contains(filter) }
        throw ValidationError(
            "--\(filter.rawValue) is for " + tables.map(\.rawValue).joined(separator: ", ")
                + ", not for \(table.rawValue)")
    }

    private var request: ShowRequest {
        ShowRequest(
            device: device, account: account, site: site, title: title, night: night, cause: cause)
    }

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        switch table {
        case .settings: try writeSettings(workspace, shell)
        case .plan, .transfers, .removals, .outcomes:
            try write(try ShowPlan(in: workspace, request: request), shell)
        default:
            let store = try workspace.openStore()
            try write(ShowStore(store, of: workspace, request: request), shell)
        }
        return .done
    }

    private func write(_ shown: ShowStore, _ shell: Shell) throws {
        switch table {
        case .titles: try rows.print(ShowColumns.titles, shell) { try shown.titles($0) }
        case .items: try rows.print(ShowColumns.items, shell) { try shown.items($0) }
        case .sites: try rows.print(ShowColumns.sites, shell) { try shown.sites($0) }
        case .origins: try rows.print(ShowColumns.origins, shell) { try shown.origins($0) }
        case .accounts: try rows.print(ShowColumns.accounts, shell) { try shown.accounts($0) }
        case .devices: try rows.print(ShowColumns.devices, shell) { try shown.devices($0) }
        case .holdings: try rows.print(ShowColumns.holdings, shell) { try shown.holdings($0) }
        case .wishes: try rows.print(ShowColumns.wishes, shell) { try shown.wishes($0) }
        case .links: try rows.print(ShowColumns.links, shell) { try shown.links($0) }
        case .imports: try rows.print(ShowColumns.imports, shell) { try shown.imports($0) }
        case .nights: try rows.print(ShowColumns.nights, shell) { try shown.nights($0) }
        case .plan, .transfers, .removals, .outcomes, .settings: break
        }
    }

    private func writeSettings(_ workspace: Workspace, _ shell: Shell) throws {
        let columns = ShowColumns.settings(of: workspace.configuration)
        try rows.print(columns, shell) { body in
            for setting in Setting.all {
                guard try body(setting) else { return }
            }
        }
    }

    private func write(_ shown: ShowPlan, _ shell: Shell) throws {
        switch table {
        case .transfers: try rows.print(ShowColumns.transfers, shell) { try shown.transfers($0) }
        case .removals: try rows.print(ShowColumns.removals, shell) { try shown.removals($0) }
        case .outcomes: try rows.print(ShowColumns.outcomes, shell) { try shown.outcomes($0) }
        default: try rows.print(ShowColumns.loads, shell) { try shown.loads($0) }
        }
    }
}
