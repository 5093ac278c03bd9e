import Agent
import ArgumentParser
import Console
import Glibc

/// The agent of a set-top box.
@main
struct MediaplanAgent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mediaplan-agent",
        abstract: "Carries a device's manifests out: fetches, checks, serves and removes.",
        discussion: """
            EXAMPLES
              mediaplan-agent enroll --fleet north --device box-17 --manifest-key manifest.pub \
            --catalogue-key catalogue.pub
              mediaplan-agent once box-17.json
              mediaplan-agent list

            Exit status: 0 done, 1 failed, 12 not trusted, 64 usage, 75 another agent works \
            there, 78 configuration.
            """,
        version: "mediaplan-agent 0.1.0",
        subcommands: [
            Enroll.self, Run.self, Once.self, Verify.self, Status.self, List.self, Report.self,
            ServeOrigin.self,
        ])

    static func main() {
        openStandardStreams()
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let status: Int32
        do {
            var command = try parseAsRoot()
            try command.run()
            status = ExitStatus.done.rawValue
        } catch {
            status = report(error)
        }
        Glibc.exit(status)
    }

    /// Gives standard streams that are closed somewhere to lead: a file that is opened would take
    /// their place, and messages would be written to it.
    private static func openStandardStreams() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        let messages = Talk().messages
        switch error {
        case let code as ExitCode: return code.rawValue
        case let error as AgentError:
            messages.error(error.message, hint: error.hint)
            return status(error.kind).rawValue
        case let error as OutputFault:
            messages.error(error.description)
            return ExitStatus.failed.rawValue
        default: return reportParsing(error, messages)
        }
    }

    /// What the parser throws: help and version, which are no errors, and what it could not make
    /// sense of.
    private static func reportParsing(_ error: any Error, _ messages: Messages) -> Int32 {
        let text = fullMessage(for: error)
        if exitCode(for: error).isSuccess {
            let output = Output(descriptor: 1)
            output.line(text)
            output.flush()
            return ExitStatus.done.rawValue
        }
        let usage = text.split(separator: "\n").first { $0.hasPrefix("Usage:") }
        messages.error(message(for: error), hint: usage.map { String($0) })
        return ExitStatus.usage.rawValue
    }

    private static func status(_ kind: AgentError.Kind) -> ExitStatus {
        switch kind {
        case .failed: .failed
        case .untrusted: .untrusted
        case .locked: .locked
        case .configuration: .configuration
        case .usage: .usage
        }
    }
}

/// What a command talks through.
struct Talk {
    let output = Output(descriptor: 1)
    let terminal: Terminal
    let messages: Messages

    init() {
        var environment: [String: String] = [:]
        for name in ["TERM", "NO_COLOR"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        terminal = Terminal(stream: 1, environment: environment)
        messages = Messages(
            output: Output(descriptor: 2), terminal: Terminal(stream: 2, environment: environment),
            results: output, program: "mediaplan-agent")
    }

    /// Tells the operator what an agent at work says.
    func say(_ remark: Remark) {
        switch remark.weight {
        case .note: messages.note(remark.text)
        case .warning: messages.warning(remark.text)
        }
    }
}

/// Where everything of the agent lies.
struct StateOptions: ParsableArguments {
    @Option(name: [.customShort("s"), .customLong("state")], help: "The state folder.")
    var state = "/var/lib/mediaplan-agent"
}
