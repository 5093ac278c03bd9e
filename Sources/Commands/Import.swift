import ArgumentParser
import Console
import Nightly
import Quantities
import Store

extension ImportTable: ExpressibleByArgument {}

struct Import: ShellCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings feeds and exports into the store.",
        discussion: """
            Each source (a file, a folder or `-` for standard input) is one transaction: all of it is taken \
            when it is read to its end and within the limits, else nothing. Rejected rows are written to \
            the workspace's rejects folder, to be mended and imported again. A file that was imported \
            before is left alone.

            EXAMPLES
              mediaplan import catalogue feeds/
              mediaplan import holdings holdings.csv.zst
              mediaplan import wishes --delta changes.jsonl
              mediaplan import reports reports/2026-11-23/
              ssh billing accounts.sh | mediaplan import accounts -
            """)

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var run: RunOptions

    @Argument(
        help: "catalogue, sites, origins, accounts, devices, holdings, wishes, links or reports.")
    var table: ImportTable

    @Argument(
        help: ArgumentHelp("Files, folders, or - for standard input.", valueName: "file"),
        completion: .file())
    var sources: [String]

    @Flag(help: "Rows of holdings or wishes add or remove one each, as their column `op` says.")
    var delta = false

    @Flag(help: "The sources name all there is: what they don't name is removed.")
    var whole = false

    @Option(
        help: ArgumentHelp(
            "Of a catalogue: which of the configuration's feeds it is, by its folder.",
            valueName: "folder"))
    var feed: String?

    @Flag(help: "Reads and judges everything, changes nothing.")
    var check = false

    @Flag(help: "Takes what the guards refuse, and files that were imported before.")
    var force = false

    func validate() throws {
        guard !delta || table == .holdings || table == .wishes else {
            throw ValidationError("--delta is for holdings and wishes")
        }
        guard !whole || !delta else {
            throw ValidationError("--whole and --delta exclude each other")
        }
        guard !whole || ![.catalogue, .holdings, .wishes, .reports].contains(table) else {
            throw ValidationError(Import.extent(of: table))
        }
        guard feed == nil || table == .catalogue else {
            throw ValidationError("--feed is for the catalogue")
        }
    }

    /// Why `--whole` makes no sense for a table.
    private static func extent(of table: ImportTable) -> String {
        switch table {
        case .catalogue: "a catalogue feed says itself whether it names all there is"
        case .reports: "reports tell what happened, never all there is"
        default: "holdings and wishes are always whole for each device they name"
        }
    }

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        let lock = try workspace.lock(timeoutSeconds: run.lockTimeout)
        defer { _ = lock }
        let store = try workspace.openStore()
        let outcomes = try ImportSources.run(try request(workspace), in: workspace, store: store) {
            shell.progress.show("reading \($0)", done: $1)
        }
        shell.progress.clear()
        return ImportPrinting(shell, isJSON: run.json, isCheck: check).print(outcomes)
    }

    private func request(_ workspace: Workspace) throws -> ImportRequest {
        var folder = workspace.configuration.feeds.first ?? FeedFolder()
        if let feed {
            let feeds = workspace.configuration.feeds
            guard let found = feeds.first(where: { $0.folder == feed }) else {
                throw ValidationError(
                    "the configuration has no feed '\(feed)': "
                        + feeds.map(\.folder).joined(separator: ", "))
            }
            folder = found
        }
        return ImportRequest(
            table: table, sources: sources, extent: delta ? .delta : whole ? .whole : .named,
            feed: folder, isCheck: check, isForced: force, now: run.instant)
    }
}
