import ArgumentParser
import Console
import Nightly
import Quantities

struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Signs and checks the catalogue of chunk indexes.",
        subcommands: [CatalogueSign.self, CatalogueVerify.self])
}

struct CatalogueSign: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Signs which chunk index belongs to which item, with the offline key.",
        discussion: """
            Needs an origin's folders indexes and catalogue, or copies of them, and the key; no \
            network, and with --origin and --fleet no workspace.

            EXAMPLES
              minisign -G -W -s catalogue.key -p catalogue.pub
              mediaplan catalogue sign --origin /mnt/origin --fleet north --key catalogue.key
            """)

    @OptionGroup var place: OriginOptions

    @Option(
        help: ArgumentHelp(
            "The secret key, in minisign's form, without a password.", valueName: "file"),
        completion: .file())
    var key: String

    @Option(
        help: ArgumentHelp(
            "The fleet's name; else manifests.fleet of the workspace.", valueName: "name"))
    var fleet: String?

    @Option(
        help: ArgumentHelp(
            "The public key that the catalogue before may be signed with, after a change of keys.",
            valueName: "file"),
        completion: .file())
    var oldKey: String?

    @Option(
        help: ArgumentHelp(
            "The new number is above this one; a catalogue before that isn't good counts as none.",
            valueName: "number"))
    var after: Int64?

    @Option(
        help: ArgumentHelp(
            "When devices stop accepting it; else 30 days from now.", valueName: "time"),
        transform: instantArgument)
    var expires: Instant?

    @Option(
        help: ArgumentHelp(
            "The time to take for the current one, for runs that can be repeated.",
            valueName: "time"),
        transform: instantArgument)
    var now: Instant?

    @Flag(help: "Prints JSON Lines, the last one a summary.")
    var json = false

    func validate() throws {
        guard (after ?? 0) >= 0 else { throw ValidationError("--after is at least 0") }
    }

    func run(_ shell: Shell) throws -> ExitStatus {
        let (folder, opened) = try place.folder(shell)
        let now = now ?? SystemClock.now()
        let workspace = try opened ?? (fleet == nil ? place.place.open(shell) : atHand(shell))
        let name = fleet ?? workspace?.configuration.manifests.fleet ?? ""
        var request = SignCatalogue.Request(
            origin: folder, keyPath: key, fleet: name, now: now,
            expires: expires ?? now.advanced(bySeconds: 30 * 86_400))
        (request.oldKeyPath, request.after) = (oldKey, after)
        request.manifestKeyPath = workspace?.publicKeyPath
        let report = try SignCatalogue.run(request) {
            shell.progress.show("reading indexes", done: $0)
        }
        shell.progress.clear()
        if json { shell.output.line(line(report).compact) } else { tell(report, shell) }
        return .done
    }

    /// A workspace that isn't needed, and shows which key the wrong one would be; one that is named
    /// must be there.
    private func atHand(_ shell: Shell) throws -> Workspace? {
        if place.place.workspace != nil { return try place.place.open(shell) }
        return try? place.place.open(shell)
    }

    private func tell(_ report: SignCatalogue.Report, _ shell: Shell) {
        shell.output.line(
            "signed \(report.root): number \(report.sequence) of \(report.fleet), "
                + "\(report.items.grouped) items, \(report.changed.grouped) new or changed, "
                + "\(report.removed.grouped) gone")
        shell.output.line("  key \(report.keyID), expires \(report.expires)")
    }

    private func line(_ report: SignCatalogue.Report) -> JSONValue {
        .members([
            ("message_type", .text("summary")), ("command", .text("catalogue sign")),
            ("root", .text(report.root)), ("fleet", .text(report.fleet)),
            ("sequence", .integer(report.sequence)), ("expires", .text("\(report.expires)")),
            ("items", .integer(report.items)), ("changed", .integer(report.changed)),
            ("removed", .integer(report.removed)), ("shards", .integer(report.shards)),
            ("key_id", .text(report.keyID)), ("exit_code", .integer(0)),
        ])
    }
}

struct CatalogueVerify: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judges a signed catalogue as a device would, and lists what it names.",
        discussion: "Ends with 12 and says why when a device would refuse it.")

    @OptionGroup var place: OriginOptions

    @Option(
        help: ArgumentHelp("The public key, in minisign's form.", valueName: "file"),
        completion: .file())
    var key: String

    @Option(help: ArgumentHelp("The fleet's name; else any is taken.", valueName: "name"))
    var fleet: String?

    @Option(
        help: ArgumentHelp("The time to take for the current one.", valueName: "time"),
        transform: instantArgument)
    var now: Instant?

    @Flag(help: "Prints every item and its index.")
    var list = false

    @Flag(help: "Prints JSON Lines, the last one a summary.")
    var json = false

    func run(_ shell: Shell) throws -> ExitStatus {
        let folder = try place.folder(shell).path
        let report = try VerifyCatalogue.run(
            folder, keyPath: key, fleet: fleet, now: now ?? SystemClock.now())
        for entry in list ? report.entries : [] {
            shell.output.line(
                json
                    ? JSONValue.members([
                        ("message_type", .text("item")), ("item", .text(entry.item)),
                        ("index", .text(entry.index.hex)),
                    ]).compact : "\(entry.index.hex)  \(entry.item)")
        }
        if json {
            shell.output.line(summary(report).compact)
        } else {
            shell.output.line(
                "number \(report.sequence) of \(report.fleet), \(report.entries.count.grouped) "
                    + "items, issued \(report.issued), expires \(report.expires): good")
        }
        return .done
    }

    private func summary(_ report: VerifyCatalogue.Report) -> JSONValue {
        .members([
            ("message_type", .text("summary")), ("command", .text("catalogue verify")),
            ("fleet", .text(report.fleet)), ("sequence", .integer(report.sequence)),
            ("issued", .text("\(report.issued)")), ("expires", .text("\(report.expires)")),
            ("items", .integer(Int64(report.entries.count))), ("exit_code", .integer(0)),
        ])
    }
}
