import ArgumentParser
import Console
import Nightly
import Quantities

struct PublishCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Signs a night's manifests and switches them in.",
        discussion: """
            The plan is audited once more; one that breaks a rule is refused. Publishing the \
            same plan again changes nothing.
            """)

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var work: ThreadOptions

    @Option(
        help: ArgumentHelp("The night; else the one that runs, or the next.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @Flag(help: "Writes a Metalink beside each manifest, for aria2 and its like.")
    var metalinks = false

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        let lock = try workspace.lock(timeoutSeconds: run.lockTimeout)
        defer { _ = lock }
        let request = PublishNight.Request(
            now: run.instant, threads: work.count, writesMetalinks: metalinks)
        let report = try PublishNight.run(
            night, request, in: workspace, store: try workspace.openStore()
        ) { shell.progress.show("signing manifests", done: $0) }
        shell.progress.clear()
        if run.json {
            shell.output.line(PublishPrinting.json(report).compact)
        } else {
            shell.output.line(PublishPrinting.line(report))
        }
        PublishPrinting.explain(report, shell)
        return .done
    }
}

/// Prints what was published.
enum PublishPrinting {
    /// For people.
    static func line(_ report: PublishNight.Report) -> String {
        if report.isSame {
            return "\(report.manifests.grouped) manifests, all as published before;"
                + " \(report.folder) stays (sequence \(report.sequence))"
        }
        let unchanged =
            report.unchanged > 0 ? ", \(report.unchanged.grouped) of them unchanged" : ""
        return "\(report.manifests.grouped) manifests\(unchanged), \(report.bytes.asBytes), in"
            + " \(report.folder) (sequence \(report.sequence))" + metalinks(report)
    }

    /// What is said of Metalinks where they were asked for.
    private static func metalinks(_ report: PublishNight.Report) -> String {
        guard let count = report.metalinks else { return "" }
        let unlisted = Int64(report.unlistedItems)
        let lacking =
            unlisted > 0 ? ", \(unlisted.grouped) items left out for want of an index" : ""
        return "; \(count.grouped) Metalinks\(lacking)"
    }

    /// What failed when the manifests were out.
    static func explain(_ report: PublishNight.Report, _ shell: Shell) {
        for fault in report.faults {
            shell.messages.warning(
                "the manifests are published, but: \(fault.message)",
                hint: "the next run does what is left; nothing of this night is lost")
        }
    }

    /// For programs.
    static func json(_ report: PublishNight.Report) -> JSONValue {
        .members(
            [("message_type", .text("summary")), ("command", .text("publish"))]
                + members(report) + [("exit_code", .integer(0))])
    }

    /// What programs are told of a publication.
    static func members(_ report: PublishNight.Report) -> [(String, JSONValue?)] {
        [
            ("night", .text(report.night.description)), ("folder", .text(report.folder)),
            ("sequence", .integer(report.sequence)), ("manifests", .integer(report.manifests)),
            ("unchanged", .integer(report.unchanged)), ("bytes", .integer(report.bytes)),
            ("same", .flag(report.isSame)), ("metalinks", report.metalinks.map { .integer($0) }),
        ]
    }
}
