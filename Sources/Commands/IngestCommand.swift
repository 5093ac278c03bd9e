import ArgumentParser
import Console
import Nightly
import Quantities

struct IngestCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Checks files, seals them chunk by chunk, and writes them to the origin.",
        discussion: """
            The catalogue tells which title a file is of, what size it has and which checksum; \
            files that lie beside it and belong to the same item are taken too. With --from, all \
            items of the catalogue are looked for that weren't ingested yet. A run that was cut \
            short goes on where it was; one that has nothing to do writes nothing.

            EXAMPLES
              mediaplan ingest delivery/alpha.ts
              mediaplan ingest --from /srv/delivery
              mediaplan ingest --title example.com/ALPHA --version 2 alpha.ts
            """)

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var run: RunOptions

    @Argument(
        help: ArgumentHelp("Files of items.", valueName: "file"), completion: .file())
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "Looks for the files that the catalogue names in this folder.", valueName: "dir"),
        completion: .directory)
    var from: [String] = []

    @Option(help: ArgumentHelp("The title that the files are.", valueName: "id"))
    var title: String?

    @Option(
        name: .customLong("version"),
        help: ArgumentHelp("The version of its content; else the current one.", valueName: "number")
    )
    var contentVersion: Int32?

    @Option(help: ArgumentHelp("What the files of an unknown title are.", valueName: "word"))
    var kind = "movie"

    @Option(
        help: ArgumentHelp(
            "Size of a full chunk; else as the feed or the configuration says.", valueName: "bytes")
    )
    var chunkBytes: Int64?

    @Flag(help: "The files are in their stored form already.")
    var sealed = false

    @Flag(help: "Other bytes take the place of what was ingested of the same version.")
    var replace = false

    @Option(
        help: ArgumentHelp("The origin's folder; else origin.folder.", valueName: "dir"),
        completion: .directory)
    var origin: String?

    func validate() throws {
        guard files.isEmpty != from.isEmpty else {
            throw ValidationError("give either files, or folders with --from")
        }
        guard title == nil || !files.isEmpty else {
            throw ValidationError("--title is for files that are given")
        }
        guard contentVersion == nil || title != nil else {
            throw ValidationError("--version is that of a --title")
        }
        guard (contentVersion ?? 1) >= 1 else { throw ValidationError("--version is at least 1") }
    }

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        var request = IngestContent.Request(now: run.instant)
        (request.files, request.folders) = (files, from)
        (request.title, request.version, request.kind) = (title, contentVersion, kind)
        (request.chunkBytes, request.isSealed, request.replaces) = (chunkBytes, sealed, replace)
        (request.origin, request.lockTimeoutSeconds) = (origin, run.lockTimeout)
        let outcomes = try IngestContent.run(
            request, in: workspace, store: try workspace.openStore(), entropy: systemEntropy
        ) { item, done, total in
            shell.progress.show("ingesting \(item)", done: done, total: total)
        }
        shell.progress.clear()
        return IngestPrinting(shell, isJSON: run.json).print(outcomes)
    }
}

/// So many bytes from the system's cryptographic generator.
private func systemEntropy(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

/// Prints what was ingested.
struct IngestPrinting {
    private let shell: Shell
    private let isJSON: Bool

    init(_ shell: Shell, isJSON: Bool) {
        self.shell = shell
        self.isJSON = isJSON
    }

    /// Prints every outcome and, for programs, a summary.
    ///
    /// - Returns: how it ended: 2 when some of several failed.
    func print(_ outcomes: [IngestOutcome]) -> ExitStatus {
        for outcome in outcomes {
            if isJSON {
                shell.output.line(json(outcome).compact)
            } else if outcome.failure == nil {
                shell.output.line(line(outcome))
            }
            for warning in outcome.warnings { shell.messages.warning(warning) }
            if let failure = outcome.failure {
                shell.messages.error(failure.message, hint: failure.hint)
            }
        }
        let status = IngestPrinting.status(outcomes)
        if isJSON { shell.output.line(summary(outcomes, status).compact) }
        if outcomes.isEmpty { shell.messages.note("none of the catalogue's files is there") }
        return status
    }

    /// How an ingest of these outcomes ended.
    static func status(_ outcomes: [IngestOutcome]) -> ExitStatus {
        let failures = outcomes.compactMap(\.failure)
        guard let first = failures.first else { return .done }
        if failures.count < outcomes.count { return .rejects }
        return failures.allSatisfy { $0.kind == first.kind } ? Program.status(first.kind) : .failed
    }

    private func line(_ outcome: IngestOutcome) -> String {
        let name = "\(outcome.title) version \(outcome.version): "
        switch outcome.verdict {
        case .failed: return name + "failed"
        case .known: return name + "ingested before"
        case .unchanged:
            return name + "unchanged, \(outcome.chunks.grouped) chunks are at the origin"
        case .ingested:
            var parts = ["\(outcome.storedBytes.asBytes) in \(outcome.chunks.grouped) chunks"]
            if outcome.reusedChunks > 0 {
                parts.append("\(outcome.reusedChunks.grouped) as in earlier versions")
            }
            if outcome.resumedChunks > 0 {
                parts.append("\(outcome.resumedChunks.grouped) from a run before")
            }
            return name + parts.joined(separator: ", ")
        }
    }

    private func json(_ outcome: IngestOutcome) -> JSONValue {
        .members([
            ("message_type", .text("ingest")), ("title", .text(outcome.title)),
            ("version", .text(outcome.version)), ("item", .text(outcome.item)),
            ("verdict", .text(outcome.verdict.rawValue)),
            ("plain_bytes", .integer(outcome.plainBytes)),
            ("stored_bytes", .integer(outcome.storedBytes)),
            ("chunks", .integer(outcome.chunks)),
            ("reused_chunks", .integer(outcome.reusedChunks)),
            ("resumed_chunks", .integer(outcome.resumedChunks)),
            ("index", outcome.index.map { .text($0.hex) }),
            ("blob", outcome.blob.map { .text($0.hex) }),
            ("error", outcome.failure.map { .text($0.message) }),
            ("seconds", .number(outcome.seconds)),
        ])
    }

    private func summary(_ outcomes: [IngestOutcome], _ status: ExitStatus) -> JSONValue {
        .members([
            ("message_type", .text("summary")), ("command", .text("ingest")),
            ("items", .integer(Int64(outcomes.count))),
            ("ingested", .integer(Int64(outcomes.count { $0.verdict == .ingested }))),
            ("failed", .integer(Int64(outcomes.count { $0.failure != nil }))),
            ("stored_bytes", .integer(outcomes.reduce(0) { $0 + $1.storedBytes })),
            ("exit_code", .integer(Int64(status.rawValue))),
        ])
    }
}
