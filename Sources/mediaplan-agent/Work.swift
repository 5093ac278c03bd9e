import Agent
import ArgumentParser
import Console
import Glibc
import Transport

/// `mediaplan-agent run`.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait for manifests and carry each out: the service.")

    @OptionGroup var state: StateOptions

    func run() throws {
        let talk = Talk()
        try Service(state.state, say: talk.say).run()
    }
}

/// `mediaplan-agent once`.
struct Once: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Carry one manifest out.")

    @Argument(help: "The manifest; its .minisig lies beside it.") var manifest: String
    @OptionGroup var state: StateOptions

    func run() throws {
        let talk = Talk()
        let service = try Service(state.state, say: talk.say)
        guard let outcome = try service.once(manifest) else {
            let status: ExitStatus = service.signal == SIGINT ? .interrupted : .terminated
            throw ExitCode(status.rawValue)
        }
        talk.messages.note(
            "received \(outcome.receivedBytes.asBytes), sent \(outcome.sentBytes.asBytes)")
        guard outcome.missing.isEmpty else {
            throw AgentError(.failed, "not all came of \(outcome.missing.joined(separator: ", "))")
        }
    }
}

/// `mediaplan-agent serve-origin`.
struct ServeOrigin: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve an origin's folder over HTTP, for trials.")

    @Argument(help: "The folder.") var folder: String
    @Option(help: "HOST:PORT; port 0: any that is free.") var listen = "127.0.0.1:7081"

    func run() throws {
        guard let address = Address(text: listen) else {
            throw AgentError(.usage, "--listen isn't HOST:PORT: '\(listen)'")
        }
        let talk = Talk()
        do {
            let loop = try EventLoop()
            let server = try FolderServer(
                loop: loop, line: Line(loop: loop), listen: address, folder: folder)
            try loop.onSignals([SIGTERM, SIGINT]) { _ in loop.stop() }
            talk.output.line("http://\(server.address)")
            talk.output.flush()
            loop.run()
        } catch { throw AgentError(.failed, "\(error)") }
    }
}
