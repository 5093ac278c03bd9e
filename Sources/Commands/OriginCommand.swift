import ArgumentParser
import Console
import Nightly
import Quantities

struct OriginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "origin",
        abstract: "Looks after an origin's folder.",
        subcommands: [OriginVerify.self, OriginMetalink.self])
}

/// Which origin's folder a command reads.
struct OriginOptions: ParsableArguments {
    @OptionGroup var place: WorkspaceOptions

    @Option(
        help: ArgumentHelp(
            "The origin's folder; else origin.folder of the workspace.", valueName: "dir"),
        completion: .directory)
    var origin: String?

    /// The folder, and the workspace that was needed to know it.
    func folder(_ shell: Shell) throws -> (path: String, workspace: Workspace?) {
        if let origin { return (origin, nil) }
        let workspace = try place.open(shell)
        return (workspace.originFolder, workspace)
    }
}

struct OriginVerify: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads all blobs and indexes again and names every chunk that is bad.",
        discussion: """
            Changes nothing. Ends with 1 when anything is bad; ingesting the files again with \
            --replace mends it.
            """)

    @OptionGroup var place: OriginOptions

    @Flag(help: "Prints JSON Lines, the last one a summary.")
    var json = false

    func run(_ shell: Shell) throws -> ExitStatus {
        let folder = try place.folder(shell).path
        let report = try VerifyOrigin.run(folder) { finding in
            shell.progress.clear()
            show(finding, shell)
        } progress: {
            shell.progress.show("reading \(folder)", done: $0)
        }
        shell.progress.clear()
        let status = report.bad == 0 ? ExitStatus.done : .failed
        if json {
            shell.output.line(summary(report, status).compact)
        } else {
            let unused = report.unused == 0 ? "" : ", \(report.unused.grouped) unused"
            shell.output.line(
                "\(report.indexes.grouped) items, \(report.chunks.grouped) chunks, "
                    + "\(report.bytes.asBytes): "
                    + (report.bad == 0 ? "all good" : "\(report.bad.grouped) bad") + unused)
        }
        return status
    }

    private func show(_ finding: VerifyOrigin.Finding, _ shell: Shell) {
        guard json else {
            let item = finding.item.isEmpty ? "" : " (\(finding.item))"
            let text = "\(finding.path)\(item): \(finding.message)"
            if finding.isBad {
                shell.messages.error(text)
            } else {
                shell.messages.note("unused: " + text)
            }
            return
        }
        let line = JSONValue.members([
            ("message_type", .text("finding")), ("kind", .text(finding.kind.rawValue)),
            ("path", .text(finding.path)),
            ("item", finding.item.isEmpty ? nil : .text(finding.item)),
            ("chunk", finding.chunk.map { .integer(Int64($0)) }),
            ("message", .text(finding.message)),
        ])
        shell.output.line(line.compact)
    }

    private func summary(_ report: VerifyOrigin.Report, _ status: ExitStatus) -> JSONValue {
        .members([
            ("message_type", .text("summary")), ("command", .text("origin verify")),
            ("items", .integer(report.indexes)), ("chunks", .integer(report.chunks)),
            ("bytes", .integer(report.bytes)), ("bad", .integer(report.bad)),
            ("unused", .integer(report.unused)), ("seconds", .number(report.seconds)),
            ("exit_code", .integer(Int64(status.rawValue))),
        ])
    }
}

struct OriginMetalink: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "metalink",
        abstract: "Prints a device's list of items as a Metalink 4, for aria2c.",
        discussion: """
            The items that the manifest completes, whole and from origins, in the order in which \
            they are fetched.

            EXAMPLE
              mediaplan origin metalink published/current/3f/box-17.json | aria2c -V -M -
            """)

    @OptionGroup var place: OriginOptions

    @Argument(
        help: ArgumentHelp("A published manifest.", valueName: "manifest"), completion: .file())
    var manifest: String

    func run(_ shell: Shell) throws -> ExitStatus {
        let folder = try place.folder(shell).path
        shell.output.write(bytes: try DeviceMetalink.run(manifest, origin: folder))
        return .done
    }
}
