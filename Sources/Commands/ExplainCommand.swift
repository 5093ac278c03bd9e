import ArgumentParser
import Console
import Nightly
import Quantities
import Schedule

struct ExplainCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tells why a title comes to a device tonight, from whom, or why not.")

    @OptionGroup var place: WorkspaceOptions

    @Option(
        help: ArgumentHelp("The night; else the newest that has a plan.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @Flag(help: "Prints one JSON object.")
    var json = false

    @Argument(help: "The device's identifier.")
    var device: String

    @Argument(help: "The title's identifier.")
    var title: String

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try place.open(shell)
        let date = try night ?? KeptPlan.newest(in: workspace)
        let answer = try ExplainWish.run(device: device, title: title, of: date, in: workspace)
        if json {
            shell.output.line(object(answer).compact)
        } else {
            for line in lines(answer) { shell.output.line(line) }
        }
        return .done
    }

    private func object(_ answer: ExplainWish.Answer) -> JSONValue {
        let outcome = answer.outcome
        return .members([
            ("message_type", .text("summary")), ("command", .text("explain")),
            ("night", .text(answer.night.date.description)), ("device", .text(answer.device)),
            ("title", .text(answer.title)), ("open", .flag(outcome != nil)),
            ("rank", outcome.map { .integer(Int64($0.rank)) } ?? .null),
            ("worth_millionths", outcome.map { .integer($0.worth) } ?? .null),
            ("missing_bytes", outcome.map { .integer($0.missingBytes) } ?? .null),
            ("planned_bytes", outcome.map { .integer($0.plannedBytes) } ?? .null),
            ("cause", outcome?.cause.map { .text($0.rawValue) } ?? .null),
            ("wishes_before", .integer(Int64(answer.before))),
            ("wishes_before_served", .integer(Int64(answer.beforeServed))),
            ("other_devices", .integer(Int64(answer.others))),
            ("other_devices_served", .integer(Int64(answer.othersServed))),
            ("transfers", .array(answer.steps.map(object))), ("exit_code", .integer(0)),
        ])
    }

    private func object(_ step: ExplainWish.Step) -> JSONValue {
        .members([
            ("starts", .text(step.starts.description)), ("ends", .text(step.ends.description)),
            ("source_kind", .text(step.isOrigin ? "origin" : "device")),
            ("source", .text(step.source)), ("chunks", .text(step.chunks.description)),
            ("bytes", .integer(step.bytes)),
            ("initiator", .text(step.deviceConnects ? "destination" : "source")),
        ])
    }

    private func lines(_ answer: ExplainWish.Answer) -> [String] {
        var lines = ["\(answer.title) for \(answer.device), night of \(answer.night.date):", ""]
        if let outcome = answer.outcome {
            lines += verdict(outcome, answer)
        } else {
            lines.append(
                answer.steps.isEmpty
                    ? "The device doesn't want it, or holds all of it; nothing of it comes."
                    : "The device doesn't want it; it takes it to pass it on.")
        }
        if !answer.steps.isEmpty { lines += [""] + answer.steps.map(step) }
        return lines
    }

    private func verdict(_ outcome: Outcome, _ answer: ExplainWish.Answer) -> [String] {
        let missing = outcome.missingBytes.asBytes
        var lines: [String] = []
        switch outcome.cause {
        case nil:
            lines.append("It comes whole tonight: the missing \(missing).")
        case let cause? where outcome.plannedBytes > 0:
            lines.append(
                "A part comes tonight: \(outcome.plannedBytes.asBytes) of the missing \(missing).")
            lines.append("Not more, because: \(cause.sentence) (\(cause.rawValue)).")
        case let cause?:
            lines.append("It doesn't come tonight: \(cause.sentence) (\(cause.rawValue)).")
        }
        lines.append(
            "It is number \(outcome.rank) on the device's list, worth \(outcome.worth.millionths);"
                + " \(answer.beforeServed) of \(answer.before) wishes before it come whole.")
        if answer.others > 0 {
            lines.append(
                "\(answer.others.grouped) other devices want it; \(answer.othersServed.grouped) of"
                    + " them get it whole.")
        }
        return lines
    }

    private func step(_ step: ExplainWish.Step) -> String {
        let times = "\(PlanPrinting.clock(step.starts))-\(PlanPrinting.clock(step.ends))"
        let source = (step.isOrigin ? "origin " : "") + step.source
        let connection = step.deviceConnects ? "" : ", which connects to the device"
        return
            "  \(times)  chunks \(step.chunks)  \(step.bytes.asBytes) from \(source)\(connection)"
    }
}
