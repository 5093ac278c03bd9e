package import Quantities
import Schedule
import Store

/// Writes what a night's run tells a Prometheus server.
package enum NightMetrics {
    /// Writes the textfile that the configuration names, if it names one.
    ///
    /// The time of the last success stays as the old file has it when this run was none.
    ///
    /// - Parameters:
    ///   - report: of the run.
    ///   - exitCode: how it ended.
    ///   - now: when it ran.
    ///   - workspace: whose configuration.
    /// - Throws: when the file can't be written.
    package static func write(
        _ report: NightRun.Report, exitCode: Int32, now: Instant, in workspace: Workspace
    ) throws(NightlyError) {
        let name = workspace.configuration.metricsFile
        guard !name.isEmpty else { return }
        let path = workspace.path(name)
        let old =
            Files.kind(path) == .file ? String(decoding: try Files.read(path), as: UTF8.self) : ""
        var success = Metrics.value(of: "last_success_timestamp_seconds", in: old)
        if report.failure == nil { success = Double(now.seconds) }
        let run = Metrics([
            Metrics.Family(
                "last_run_timestamp_seconds", "When the night was last run.",
                [Metrics.Sample(Double(now.seconds))]),
            Metrics.Family(
                "last_success_timestamp_seconds", "When a night was last published.",
                success.map { [Metrics.Sample($0)] } ?? []),
            Metrics.Family(
                "last_run_exit_code", "Exit status of the last run.",
                [Metrics.Sample(Double(exitCode))]),
        ])
        let all = Metrics(
            run.families + phases(report) + imports(report, now, in: workspace)
                + (report.plan.map(plan) ?? []) + (report.publication.map(publication) ?? []))
        try Files.makeFolder(Files.folder(of: path))
        try Files.replace(path, with: Array(all.text.utf8))
    }

    private static func phases(_ report: NightRun.Report) -> [Metrics.Family] {
        var phases = [("import", report.importSeconds)]
        if let plan = report.plan {
            phases += [
                ("snapshot", plan.seconds.snapshot), ("plan", plan.seconds.plan),
                ("audit", plan.seconds.audit),
            ]
        }
        if let publication = report.publication { phases.append(("publish", publication.seconds)) }
        phases.append(("all", report.seconds))
        return [
            Metrics.Family(
                "run_duration_seconds", "How long a phase of the last run took.",
                phases.map { Metrics.Sample($0.1, Metrics.Label("phase", $0.0)) }),
            Metrics.Family(
                "run_peak_memory_bytes", "The most memory that the last run held.",
                [Metrics.Sample(Double(Resources.peakBytes))]),
        ]
    }

    private static func imports(
        _ report: NightRun.Report, _ now: Instant, in workspace: Workspace
    ) -> [Metrics.Family] {
        var rows: [Metrics.Sample] = []
        var ages: [Metrics.Sample] = []
        for outcome in report.imports {
            let table = Metrics.Label("table", outcome.table.rawValue)
            let source = label(outcome, workspace)
            rows += [
                ("accepted", outcome.failure == nil ? outcome.records - outcome.rejected : 0),
                ("rejected", outcome.rejected),
            ].map {
                Metrics.Sample(Double($0.1), table, source, Metrics.Label("result", $0.0))
            }
            if let newest = outcome.newestFile {
                ages.append(
                    Metrics.Sample(Double(now.seconds) - Double(newest.seconds), table, source))
            }
        }
        let failed = report.imports.map {
            Metrics.Sample(
                $0.failure == nil ? 0 : 1, Metrics.Label("table", $0.table.rawValue),
                label($0, workspace))
        }
        return [
            Metrics.Family("input_records", "Records of the last import of a source.", rows),
            Metrics.Family(
                "input_failed", "Whether nothing of a source was taken in the last run.", failed),
            Metrics.Family("input_age_seconds", "Age of the newest file of a source.", ages),
        ]
    }

    /// A source's folder as the configuration has it: names alone may be alike.
    private static func label(_ outcome: ImportOutcome, _ workspace: Workspace) -> Metrics.Label {
        let feeds = workspace.configuration.feeds.map(\.folder)
        let feed = feeds.first {
            outcome.table == .catalogue && workspace.path($0) == outcome.source
        }
        return Metrics.Label("source", feed ?? Files.name(of: outcome.source))
    }

    private static func plan(_ report: PlanReport) -> [Metrics.Family] {
        let figures = report.figures
        let wishes = [
            ("served", figures.servedWishes), ("part", figures.partWishes),
            ("unserved", figures.unservedWishes),
        ]
        return [
            Metrics.Family(
                "night_start_timestamp_seconds", "When the planned night begins.",
                [Metrics.Sample(Double(report.night.start.seconds))]),
            Metrics.Family(
                "plan_served_ratio", "Share of the wished value that the plan serves.",
                [Metrics.Sample(report.shareServed)]),
            Metrics.Family(
                "plan_bound_ratio", "Share of the provable best that the plan reaches.",
                [Metrics.Sample(report.shareOfBound)]),
            Metrics.Family(
                "plan_bytes", "Bytes that the plan moves.",
                [
                    Metrics.Sample(
                        Double(figures.originBytes), Metrics.Label("source", "origin")),
                    Metrics.Sample(Double(figures.peerBytes), Metrics.Label("source", "device")),
                ]),
            Metrics.Family(
                "plan_wishes", "Open wishes of the plan.",
                wishes.map { Metrics.Sample(Double($0.1), Metrics.Label("state", $0.0)) }),
            Metrics.Family(
                "plan_unserved_wishes", "Wishes that don't come, or not whole, by cause.",
                report.causes.map {
                    Metrics.Sample(
                        Double($0.unserved + $0.part), Metrics.Label("cause", $0.cause.rawValue))
                }),
            Metrics.Family(
                "plan_breaches", "Breaches that the audit found.",
                [Metrics.Sample(Double(report.findingCount))]),
        ]
    }

    private static func publication(_ report: PublishNight.Report) -> [Metrics.Family] {
        [
            Metrics.Family(
                "publication_sequence", "Number of the current publication.",
                [Metrics.Sample(Double(report.sequence))]),
            Metrics.Family(
                "manifests", "Manifests of the current publication.",
                [
                    Metrics.Sample(
                        Double(report.manifests - report.unchanged),
                        Metrics.Label("state", "written")),
                    Metrics.Sample(Double(report.unchanged), Metrics.Label("state", "unchanged")),
                ]),
        ]
    }
}
