import Console
import Nightly
import Quantities
import Schedule

/// Prints a plan in figures.
struct PlanPrinting {
    private let shell: Shell
    private let isJSON: Bool

    init(_ shell: Shell, isJSON: Bool) {
        self.shell = shell
        self.isJSON = isJSON
    }

    /// Prints the report and its findings.
    ///
    /// - Returns: failed when the audit found a breach.
    func print(_ report: PlanReport, command: String) -> ExitStatus {
        let status: ExitStatus = report.isSound ? .done : .failed
        if isJSON {
            for finding in report.findings { shell.output.line(json(finding).compact) }
            shell.output.line(summary(report, command, status).compact)
        } else {
            for line in lines(report) { shell.output.line(line) }
        }
        explain(report)
        return status
    }

    /// Notes and breaches, on standard error.
    func explain(_ report: PlanReport) {
        shell.messages.findings(report.notes)
        guard !report.isSound else { return }
        if !isJSON {
            for finding in report.findings.prefix(20) {
                shell.output.line("breach of rule \(finding.rule.rawValue): \(finding.message)")
            }
        }
        shell.messages.error(
            "the plan breaks its rules in \(report.findingCount.grouped) places",
            hint: "this is a fault of the planner, not of the input; nothing was published")
    }

    /// For people.
    func lines(_ report: PlanReport) -> [String] {
        var lines = [PlanPrinting.head(report.night), ""]
        lines += rows(
            [("profile", report.profile.order.rawValue)] + PlanPrinting.figures(report) + [
                ("carried cost", report.figures.carriedCost.millionths),
                (
                    "audit",
                    report.isSound
                        ? "every rule holds, the bound is proved"
                        : "\(report.findingCount.grouped) breaches"
                ),
            ])
        if !report.causes.isEmpty { lines += ["", "Not tonight, or not whole:"] + causes(report) }
        return lines
    }

    /// Names and values of what matters most.
    static func figures(_ report: PlanReport) -> [(String, String)] {
        let figures = report.figures
        return [
            ("served", "\(report.shareServed.asPercent()) of what is wished for, by value"),
            (
                "best",
                "\(report.shareOfBound.asPercent(2)) of what can be proved possible:"
                    + " \(figures.objective.millionths) of at most \(figures.bound.millionths)"
            ), ("wishes", wishes(figures)), ("bytes", bytes(figures)),
            ("finish", report.finish.map { "\(clock($0)) UTC" } ?? "nothing moves"),
            (
                "moves",
                "\(report.transfers.grouped) transfers to \(report.receivers.grouped) devices,"
                    + " \(report.senders.grouped) of \(report.devices.grouped) send;"
                    + " \(report.removals.grouped) removals"
            ),
        ]
    }

    /// `Night of 2026-11-23, 22:00 to 06:00 UTC, 32 slots of 15 min`.
    static func head(_ night: Night) -> String {
        "Night of \(night.date): \(clock(night.start)) to \(clock(night.end)) UTC,"
            + " \(night.slotCount) slots of "
            + (night.slotSeconds % 60 == 0
                ? "\(night.slotSeconds / 60) min" : "\(night.slotSeconds) s")
    }

    /// `22:00` of an instant, in UTC; `22:00:05` where the seconds matter.
    static func clock(_ instant: Instant) -> String {
        String(instant.description.dropFirst(11).prefix(instant.seconds % 60 == 0 ? 5 : 8))
    }

    private static func wishes(_ figures: Figures) -> String {
        "\(figures.servedWishes.grouped) come whole, \(figures.partWishes.grouped) in part,"
            + " \(figures.unservedWishes.grouped) not tonight"
    }

    private static func bytes(_ figures: Figures) -> String {
        let all = figures.peerBytes + figures.originBytes
        guard all > 0 else { return "none" }
        let share = (Double(figures.peerBytes) / Double(all)).asPercent()
        return "\(figures.peerBytes.asBytes) from devices (\(share)),"
            + " \(figures.originBytes.asBytes) from origins"
            + " (at least \(figures.originFloorBytes.asBytes) had to)"
    }

    private func causes(_ report: PlanReport) -> [String] {
        let widths = (
            report.causes.map { $0.cause.rawValue.count }.max() ?? 0,
            report.causes.map { $0.total.grouped.count }.max() ?? 0
        )
        return report.causes.sorted { $0.total > $1.total }.map { count in
            "  " + padded(count.cause.rawValue, widths.0) + "  "
                + String(repeating: " ", count: widths.1 - count.total.grouped.count)
                + count.total.grouped + "  " + count.cause.sentence
        }
    }

    private func rows(_ rows: [(String, String)]) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  " + padded($0.0, width) + "  " + $0.1 }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension PlanPrinting {
    private func json(_ finding: AuditFinding) -> JSONValue {
        .members([
            ("message_type", .text("breach")), ("rule", .text(finding.rule.rawValue)),
            ("message", .text(finding.message)),
        ])
    }

    private func summary(_ report: PlanReport, _ command: String, _ status: ExitStatus)
        -> JSONValue
    {
        .members(
            [("message_type", .text("summary")), ("command", .text(command))]
                + PlanPrinting.members(report) + [("exit_code", .integer(Int64(status.rawValue)))])
    }

    /// What programs are told of a plan.
    static func members(_ report: PlanReport) -> [(String, JSONValue?)] {
        let figures = report.figures
        return [
            ("night", .text(report.night.date.description)),
            ("starts", .text(report.night.start.description)),
            ("ends", .text(report.night.end.description)),
            ("slots", .integer(Int64(report.night.slotCount))),
            ("slot_seconds", .integer(Int64(report.night.slotSeconds))),
            ("profile", .text(report.profile.order.rawValue)),
            ("plan_digest", .text(report.digest.hex)),
            ("snapshot_digest", .text(report.snapshotDigest.hex)),
            ("value_millionths", .integer(figures.value)),
            ("wished_value_millionths", .integer(figures.wishedValue)),
            ("objective_millionths", .integer(figures.objective)),
            ("bound_millionths", .integer(figures.bound)),
            ("gap", .number(1 - report.shareOfBound)),
            ("served_share", .number(report.shareServed)),
            ("origin_bytes", .integer(figures.originBytes)),
            ("origin_floor_bytes", .integer(figures.originFloorBytes)),
            ("peer_bytes", .integer(figures.peerBytes)),
            ("carried_cost_millionths", .integer(figures.carriedCost)),
            ("finish", report.finish.map { .text($0.description) } ?? .null),
            ("wishes_served", .integer(Int64(figures.servedWishes))),
            ("wishes_part", .integer(Int64(figures.partWishes))),
            ("wishes_unserved", .integer(Int64(figures.unservedWishes))),
            (
                "causes",
                .object(
                    report.causes.map {
                        JSONMember(name: $0.cause.rawValue, value: .integer(Int64($0.total)))
                    })
            ), ("transfers", .integer(Int64(report.transfers))),
            ("removals", .integer(Int64(report.removals))),
            ("devices", .integer(Int64(report.devices))),
            ("receivers", .integer(Int64(report.receivers))),
            ("senders", .integer(Int64(report.senders))),
            ("breaches", .integer(Int64(report.findingCount))),
            ("plan_file", report.path.map { .text($0) }),
        ]
    }
}

extension CauseCount {
    /// Wishes with this cause.
    var total: Int { unserved + part }
}

extension Cause {
    /// The cause for people: why a title doesn't come tonight.
    var sentence: String {
        switch self {
        case .noItem: "the catalogue has no file of known size for the title"
        case .noIndex: "the title has no chunk index yet"
        case .licence: "outside the licence window"
        case .territory: "may not be kept where the device is"
        case .account: "the account or the device takes no part"
        case .noSource: "nobody who may send it has it"
        case .window: "no holder is on at the same time"
        case .reach: "no holder can be connected with"
        case .room: "no room on the device"
        case .downRate: "the device's line is used up by what it wants more"
        case .edge: "the network on every way is full"
        case .limit: "too many other ends at once"
        case .origin: "only origins have it, and they are used up"
        case .uplink: "the uplinks of all holders are used up"
        case .price: "worth less than it costs to send"
        }
    }
}
