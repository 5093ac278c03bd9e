import Console
import Nightly
import Quantities
import Store

/// Prints what became of imported sources.
struct ImportPrinting {
    private let shell: Shell
    private let isJSON: Bool
    private let isCheck: Bool

    init(_ shell: Shell, isJSON: Bool, isCheck: Bool) {
        self.shell = shell
        self.isJSON = isJSON
        self.isCheck = isCheck
    }

    /// Prints every outcome and, for programs, a summary.
    ///
    /// - Returns: how the import ended: failed before refused before rejects.
    func print(_ outcomes: [ImportOutcome]) -> ExitStatus {
        for outcome in outcomes {
            if isJSON {
                shell.output.line(json(outcome).compact)
            } else {
                shell.output.line(line(outcome))
            }
            explain(outcome)
        }
        let status = ImportPrinting.status(outcomes)
        if isJSON { shell.output.line(summary(outcomes, status).compact) }
        return status
    }

    /// How an import of these outcomes ended.
    static func status(_ outcomes: [ImportOutcome]) -> ExitStatus {
        let kinds = outcomes.compactMap { $0.failure?.kind }
        if kinds.contains(where: { $0 != .refused }) { return .failed }
        if !kinds.isEmpty { return .refused }
        return outcomes.contains { $0.rejected > 0 } ? .rejects : .done
    }

    /// Findings, the failure and where rejected rows are, on standard error.
    func explain(_ outcome: ImportOutcome) {
        let more = outcome.findingsByCode.map { of in
            (of.code, of.count - Int64(outcome.findings.count { $0.code == of.code }))
        }
        shell.messages.findings(outcome.findings, more: more)
        if let failure = outcome.failure {
            shell.messages.error(failure.message, hint: failure.hint)
        }
        let rows = outcome.rejectFiles.filter { $0.hasSuffix(".bad") }
        guard !rows.isEmpty, outcome.failure == nil else { return }
        let delta = outcome.table == .holdings || outcome.table == .wishes ? " --delta" : ""
        shell.messages.note(
            "mend rejected rows and import them again: mediaplan import"
                + " \(outcome.table.rawValue)\(delta) \(rows.joined(separator: " "))")
    }

    /// One line for people.
    func line(_ outcome: ImportOutcome) -> String {
        "\(outcome.table.rawValue)  \(outcome.source): " + became(outcome)
    }

    /// What became of a source, for people.
    func became(_ outcome: ImportOutcome) -> String {
        switch outcome.verdict {
        case .empty: "no files"
        case .unchanged: "imported before, nothing to do"
        case .failed: "nothing was taken"
        case .imported: (isCheck ? "would be taken: " : "") + taken(outcome)
        }
    }

    private func taken(_ outcome: ImportOutcome) -> String {
        let report = outcome.report
        var parts = [
            "\(outcome.records.grouped) \(outcome.table == .catalogue ? "titles" : "rows")"
        ]
        if outcome.rejected > 0 { parts.append("\(outcome.rejected.grouped) rejected") }
        if report.duplicates > 0 { parts.append("\(report.duplicates.grouped) twice") }
        if report.unknownNames > 0 {
            parts.append("\(report.unknownNames.grouped) of unknown titles")
        }
        if outcome.table == .reports { parts += reported(report) }
        let counts = [
            (report.added, "new"), (report.changed, "changed"), (report.unchanged, "as before"),
            (report.removed, "gone"),
        ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
        let unit = ImportPrinting.unit(outcome.table)
        let known = outcome.knownFiles > 0 ? " (\(outcome.knownFiles.grouped) files known)" : ""
        return parts.joined(separator: ", ") + "; \(unit): "
            + (counts.isEmpty ? "none" : counts.joined(separator: ", ")) + known
    }

    /// What devices told, for people.
    private func reported(_ report: ImportReport) -> [String] {
        let told = report.reported
        let bytes = [
            (told.peerBytes, "from devices"), (told.originBytes, "from origins"),
            (told.localBytes, "there already"), (told.wasteBytes, "wasted"),
        ].filter { $0.0 > 0 }.map { "\($0.0.asBytes) \($0.1)" }
        let counts = [
            (Int64(report.ignored), "known"), (told.completedWishes, "wishes completed"),
            (told.failures, "failed"),
        ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
        return counts + bytes
    }

    /// What the store counts of a table.
    private static func unit(_ table: ImportTable) -> String {
        switch table {
        case .catalogue: "titles"
        case .holdings, .wishes, .reports: "devices"
        default: table.rawValue
        }
    }

    /// The line for programs.
    func json(_ outcome: ImportOutcome) -> JSONValue {
        .members(
            [
                ("message_type", .text("import")), ("table", .text(outcome.table.rawValue)),
                ("source", .text(outcome.source)), ("verdict", .text(outcome.verdict.rawValue)),
                ("dry_run", .flag(isCheck)), ("files", .integer(Int64(outcome.files))),
                ("known_files", .integer(Int64(outcome.knownFiles))),
                ("bytes", .integer(outcome.bytes)),
                ("records", .integer(outcome.records)), ("rejected", .integer(outcome.rejected)),
                (
                    "rejected_by_code",
                    .object(
                        outcome.rejectedByCode.map {
                            JSONMember(name: $0.code, value: .integer($0.count))
                        })
                ), ("added", .integer(Int64(outcome.report.added))),
                ("changed", .integer(Int64(outcome.report.changed))),
                ("unchanged", .integer(Int64(outcome.report.unchanged))),
                ("removed", .integer(Int64(outcome.report.removed))),
                ("unknown_names", .integer(Int64(outcome.report.unknownNames))),
                ("duplicates", .integer(Int64(outcome.report.duplicates))),
            ] + reportedMembers(outcome) + [
                ("reject_files", .array(outcome.rejectFiles.map { .text($0) })),
                ("error", outcome.failure.map { .text($0.message) }),
            ])
    }

    private func reportedMembers(_ outcome: ImportOutcome) -> [(String, JSONValue?)] {
        guard outcome.table == .reports else { return [] }
        let told = outcome.report.reported
        return [
            ("known_rows", .integer(Int64(outcome.report.ignored))),
            ("peer_bytes", .integer(told.peerBytes)), ("origin_bytes", .integer(told.originBytes)),
            ("local_bytes", .integer(told.localBytes)),
            ("waste_bytes", .integer(told.wasteBytes)),
            ("completed_wishes", .integer(told.completedWishes)),
            ("failures", .integer(told.failures)),
        ]
    }

    private func summary(_ outcomes: [ImportOutcome], _ status: ExitStatus) -> JSONValue {
        .members([
            ("message_type", .text("summary")), ("command", .text("import")),
            ("dry_run", .flag(isCheck)),
            ("sources", .integer(Int64(outcomes.count))),
            ("records", .integer(outcomes.reduce(0) { $0 + $1.records })),
            ("rejected", .integer(outcomes.reduce(0) { $0 + $1.rejected })),
            ("failed", .integer(Int64(outcomes.count { $0.failure != nil }))),
            ("exit_code", .integer(Int64(status.rawValue))),
        ])
    }
}
