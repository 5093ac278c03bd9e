import Console
import Nightly
import Quantities
import Schedule
import Store

/// Prints what a night's run did.
struct NightPrinting {
    private let shell: Shell
    private let isJSON: Bool
    private let isDryRun: Bool

    init(_ shell: Shell, isJSON: Bool, isDryRun: Bool) {
        self.shell = shell
        self.isJSON = isJSON
        self.isDryRun = isDryRun
    }

    /// How a run ended: its failure before rejected input.
    static func status(_ report: NightRun.Report) -> ExitStatus {
        if let failure = report.failure { return Program.status(failure.kind) }
        return ImportPrinting.status(report.imports) == .done ? .done : .rejects
    }

    /// Prints everything: what to know first, then the summary, and last what failed.
    func print(_ report: NightRun.Report, _ status: ExitStatus) {
        let imports = ImportPrinting(shell, isJSON: isJSON, isCheck: isDryRun)
        let plans = PlanPrinting(shell, isJSON: isJSON)
        let isSound = report.plan?.isSound != false
        for outcome in report.imports where outcome.failure == nil { imports.explain(outcome) }
        if let plan = report.plan, isSound { plans.explain(plan) }
        if isJSON { printLines(report, status) } else { printSummary(report) }
        for outcome in report.imports where outcome.failure != nil { imports.explain(outcome) }
        if let plan = report.plan, !isSound { plans.explain(plan) }
        if let publication = report.publication { PublishPrinting.explain(publication, shell) }
        let told =
            report.plan?.isSound == false
            || report.imports.contains { $0.failure == report.failure }
        if let failure = report.failure, !told {
            shell.messages.error(failure.message, hint: failure.hint)
        }
    }
}

// For people.

extension NightPrinting {
    private func printSummary(_ report: NightRun.Report) {
        var sections: [[String]] = []
        if let plan = report.plan { sections.append([heading(PlanPrinting.head(plan.night))]) }
        sections.append(imports(report))
        if let plan = report.plan { sections.append(self.plan(plan)) }
        if let publication = report.publication { sections.append(published(publication)) }
        if let difference = report.difference { sections.append(changes(difference)) }
        sections.append(end(report))
        for (i, section) in sections.filter({ !$0.isEmpty }).enumerated() {
            if i > 0 { shell.output.line() }
            for line in section { shell.output.line(line) }
        }
    }

    private func heading(_ text: String) -> String {
        Emphasis.bold.applied(to: text, on: shell.terminal)
    }

    private func imports(_ report: NightRun.Report) -> [String] {
        guard !report.imports.isEmpty else {
            return ["Nothing was dropped; planned with what is there."]
        }
        let known = report.imports.filter { $0.verdict == .unchanged }
        let printing = ImportPrinting(shell, isJSON: false, isCheck: false)
        var lines = [heading("Imported") + " in \(report.importSeconds.asSeconds)"]
        lines += rows(
            report.imports.filter { $0.verdict != .unchanged }.map { outcome in
                (outcome.table.rawValue, printing.became(outcome))
            })
        if !known.isEmpty {
            lines += rows([
                ("as before", known.map(\.table.rawValue).joined(separator: ", "))
            ])
        }
        return lines
    }

    private func plan(_ report: PlanReport) -> [String] {
        let seconds = report.seconds
        let verdict =
            report.isSound
            ? Emphasis.green.applied(
                to: "every rule holds, the bound is proved", on: shell.terminal)
            : Emphasis.red.applied(
                to: "\(report.findingCount.grouped) breaches", on: shell.terminal)
        let head =
            heading("Planned") + " in \((seconds.snapshot + seconds.plan).asSeconds), audited in "
            + seconds.audit.asSeconds + ": " + verdict
        return [head] + rows(PlanPrinting.figures(report) + causes(report))
    }

    private func causes(_ report: PlanReport) -> [(String, String)] {
        let most = report.causes.sorted { $0.total > $1.total }
        guard !most.isEmpty else { return [] }
        let named = most.prefix(5).map { "\($0.cause.rawValue) \($0.total.grouped)" }
        let rest = most.dropFirst(5).reduce(0) { $0 + $1.total }
        return [
            (
                "not tonight",
                (named + (rest > 0 ? ["others \(rest.grouped)"] : [])).joined(separator: " · ")
            )
        ]
    }

    private func published(_ report: PublishNight.Report) -> [String] {
        let unchanged =
            report.isSame
            ? "all as published before"
            : report.unchanged > 0
                ? "\(report.unchanged.grouped) unchanged" : report.bytes.asBytes
        return [heading("Published") + " in \(report.seconds.asSeconds)"]
            + rows(
                [
                    ("manifests", "\(report.manifests.grouped), \(unchanged)"),
                    ("folder", "\(report.folder) (sequence \(report.sequence))"),
                ] + (report.example.map { [("look at one", "jq . \($0)")] } ?? []))
    }

    private func changes(_ difference: PlanDifference) -> [String] {
        let against =
            difference.publishedNight.map { "the published night of \($0)" }
            ?? "nothing, for nothing is published"
        guard !difference.isEmpty else {
            return [heading("Publishing would change nothing") + " against \(against)"]
        }
        return [heading("Publishing would change") + ", against \(against):"]
            + rows([
                (
                    "devices",
                    "\(difference.newDevices.grouped) new, \(difference.changedDevices.grouped)"
                        + " changed, \(difference.sameDevices.grouped) the same,"
                        + " \(difference.goneDevices.grouped) gone"
                ),
                (
                    "wishes",
                    "\(difference.wishesGained.grouped) more come whole,"
                        + " \(difference.wishesLost.grouped) no longer do"
                ),
                (
                    "bytes",
                    "\(signed(difference.peerBytes)) from devices,"
                        + " \(signed(difference.originBytes)) from origins"
                ),
            ])
    }

    private func signed(_ bytes: Int64) -> String { (bytes < 0 ? "" : "+") + bytes.asBytes }

    private func end(_ report: NightRun.Report) -> [String] {
        let used = "\(report.seconds.asSeconds), \(Resources.peakBytes.asBytes) of memory at most"
        if report.failure != nil {
            return ["Not published; what was published before stands. \(used)."]
        }
        return [isDryRun ? "Nothing was changed. \(used)." : "Done in \(used)."]
    }

    private func rows(_ rows: [(String, String)]) -> [String] {
        rows.map { name, text in
            "  " + name + String(repeating: " ", count: max(1, 13 - name.count)) + text
        }
    }
}

// For programs.

extension NightPrinting {
    private func printLines(_ report: NightRun.Report, _ status: ExitStatus) {
        let imports = ImportPrinting(shell, isJSON: true, isCheck: isDryRun)
        for outcome in report.imports { shell.output.line(imports.json(outcome).compact) }
        if let plan = report.plan {
            line(
                "plan",
                PlanPrinting.members(plan) + [
                    ("snapshot_seconds", .number(plan.seconds.snapshot)),
                    ("plan_seconds", .number(plan.seconds.plan)),
                    ("audit_seconds", .number(plan.seconds.audit)),
                ])
        }
        if let publication = report.publication {
            line(
                "publish",
                PublishPrinting.members(publication) + [
                    ("publish_seconds", .number(publication.seconds))
                ])
        }
        if let difference = report.difference { line("difference", members(difference)) }
        line("summary", summary(report, status))
    }

    private func line(_ type: String, _ members: [(String, JSONValue?)]) {
        shell.output.line(
            JSONValue.members([("message_type", .text(type))] + members).compact)
    }

    private func members(_ difference: PlanDifference) -> [(String, JSONValue?)] {
        [
            (
                "published_night",
                difference.publishedNight.map { .text($0.description) } ?? .null
            ), ("same_devices", .integer(Int64(difference.sameDevices))),
            ("changed_devices", .integer(Int64(difference.changedDevices))),
            ("new_devices", .integer(Int64(difference.newDevices))),
            ("gone_devices", .integer(Int64(difference.goneDevices))),
            ("wishes_gained", .integer(Int64(difference.wishesGained))),
            ("wishes_lost", .integer(Int64(difference.wishesLost))),
            ("origin_bytes", .integer(difference.originBytes)),
            ("peer_bytes", .integer(difference.peerBytes)),
        ]
    }

    private func summary(_ report: NightRun.Report, _ status: ExitStatus)
        -> [(String, JSONValue?)]
    {
        [
            ("command", .text("nightly")), ("dry_run", .flag(isDryRun)),
            ("night", report.plan.map { .text($0.night.date.description) } ?? .null),
            ("records", .integer(report.imports.reduce(0) { $0 + $1.records })),
            ("rejected", .integer(report.imports.reduce(0) { $0 + $1.rejected })),
            ("failed_sources", .integer(Int64(report.imports.count { $0.failure != nil }))),
            ("served_share", report.plan.map { .number($0.shareServed) } ?? .null),
            ("gap", report.plan.map { .number(1 - $0.shareOfBound) } ?? .null),
            ("breaches", report.plan.map { .integer(Int64($0.findingCount)) } ?? .null),
            ("manifests", report.publication.map { .integer($0.manifests) } ?? .null),
            ("sequence", report.publication.map { .integer($0.sequence) } ?? .null),
            ("import_seconds", .number(report.importSeconds)),
            ("seconds", .number(report.seconds)),
            ("peak_memory_bytes", .integer(Resources.peakBytes)),
            ("error", report.failure.map { .text($0.message) }),
            ("exit_code", .integer(Int64(status.rawValue))),
        ]
    }
}
