import Agent
import ArgumentParser
import Console
import Quantities

/// `mediaplan-agent verify`.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read every item again and check each chunk.")

    @Flag(help: "Print JSON Lines.") var json = false
    @OptionGroup var state: StateOptions

    func run() throws {
        let talk = Talk()
        let printer = RowPrinter(
            columns: ["item", "chunks", "good", "bad"], format: json ? .jsonl : .table,
            output: talk.output, terminal: talk.terminal)
        var bad = 0
        try ShelfVerification.verify(state.state) { finding in
            bad += finding.bad.count
            if !finding.isKnown {
                talk.messages.warning(
                    "\(finding.key) has no index that is known, and doesn't count")
            }
            printer.print([
                .text(finding.key), .integer(Int64(finding.chunkCount)),
                .integer(Int64(finding.goodCount)),
                .text(ifAny: finding.bad.map { "\($0)" }.joined(separator: ",")),
            ])
        }
        printer.finish()
        try talk.output.finish()
        guard bad == 0 else {
            throw AgentError(
                .failed, bad == 1 ? "1 chunk is bad" : "\(bad) chunks are bad",
                hint:
                    "a manifest that fetches the item mends it; if it comes again, the disk is bad"
            )
        }
    }
}

/// `mediaplan-agent list`.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the items on the disk, and which may be bought.")

    @Flag(help: "Print JSON Lines.") var json = false
    @OptionGroup var state: StateOptions

    func run() throws {
        let items = try StateView.items(state.state)
        let talk = Talk()
        let printer = RowPrinter(
            columns: [
                "item", "title", "version", "name", "size_bytes", "held_bytes", "complete",
                "may_be_bought",
            ],
            format: json ? .jsonl : .table, output: talk.output, terminal: talk.terminal)
        for item in items {
            printer.print([
                .text(item.key), .text(item.title), .text(item.version), .text(ifAny: item.name),
                .bytes(item.totalBytes), .bytes(item.heldBytes), .flag(item.isComplete),
                .flag(item.mayBeBought),
            ])
        }
        printer.finish()
        try talk.output.finish()
    }
}

/// `mediaplan-agent report`.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the last night's report.")

    @OptionGroup var state: StateOptions

    func run() throws {
        guard let report = try StateView.lastReport(state.state) else {
            throw AgentError(
                .failed, "there is no report yet", hint: "one is written after each night")
        }
        let talk = Talk()
        talk.output.write(bytes: report)
        try talk.output.finish()
    }
}

/// `mediaplan-agent status`.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what the agent is doing, or did last.")

    @Flag(help: "Print an object of JSON.") var json = false
    @OptionGroup var state: StateOptions

    func run() throws {
        let view = try StateView(state.state)
        let talk = Talk()
        let facts = facts(view)
        if json {
            let printer = RowPrinter(
                columns: facts.map(\.name), format: .jsonl, output: talk.output,
                terminal: talk.terminal)
            printer.print(facts.map(\.value))
            printer.finish()
        } else {
            let width = facts.map(\.name.count).max() ?? 0
            for fact in facts where fact.value != .none {
                let pad = String(repeating: " ", count: width - fact.name.count)
                talk.output.line("\(fact.name)\(pad)  \(fact.value.human)")
            }
        }
        try talk.output.finish()
    }

    private func facts(_ view: StateView) -> [(name: String, value: Cell)] {
        [
            ("fleet", .text(view.fleet)), ("device", .text(view.device)),
            ("works", .flag(view.isRunning)), ("state", .text(view.state)),
            ("listen", .text(ifAny: view.listen)),
            ("updated", .text(ifAny: view.updated?.description)),
            ("night", .text(ifAny: view.night?.night)),
            ("sequence", .integer(ifAny: view.night?.sequence)),
            ("expires", .text(ifAny: view.night?.expires.description)),
            ("items_wanted", .integer(ifAny: view.night?.itemsWantedCount)),
            ("items_missing", .integer(ifAny: view.night?.itemsMissingCount)),
            ("items_without_room", .integer(ifAny: view.night?.itemsWithoutRoomCount)),
            ("received_bytes", view.night.map { .bytes($0.receivedBytes) } ?? .none),
            ("sent_bytes", view.night.map { .bytes($0.sentBytes) } ?? .none),
            ("waste_bytes", view.night.map { .bytes($0.wasteBytes) } ?? .none),
            ("faults", .integer(ifAny: view.night?.faultCount)),
            ("refused_at", .text(ifAny: view.refusal?.at.description)),
            ("refused_because", .text(ifAny: view.refusal?.reason)),
        ]
    }
}
