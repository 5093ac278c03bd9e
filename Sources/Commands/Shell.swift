import ArgumentParser
package import Console
import Foundation

/// What a command talks through: standard streams, messages, progress and the environment.
package struct Shell {
    /// Standard output: results.
    package let output: Output
    /// Standard error: messages.
    package let messages: Messages
    /// What standard output can show.
    package let terminal: Terminal
    /// Drawn on standard error.
    package let progress: ProgressLine
    /// The process's variables.
    package let environment: [String: String]

    /// The process's own streams and environment.
    package init() {
        environment = ProcessInfo.processInfo.environment
        output = Output(descriptor: 1)
        terminal = Terminal(stream: 1, environment: environment)
        let errors = Output(descriptor: 2)
        let errorTerminal = Terminal(stream: 2, environment: environment)
        messages = Messages(output: errors, terminal: errorTerminal, results: output)
        progress = ProgressLine(output: errors, terminal: errorTerminal) {
            Double(DispatchTime.now().uptimeNanoseconds) / 1e9
        }
    }
}

/// A subcommand: its file parses, calls one use case and prints.
protocol ShellCommand: ParsableCommand {
    /// Does it.
    ///
    /// - Returns: how it ended, when it ended well enough to say so.
    func run(_ shell: Shell) throws -> ExitStatus
}

extension ShellCommand {
    /// Runs it on the process's own streams; prints errors and ends with their status.
    package func run() throws {
        let shell = Shell()
        let status: ExitStatus
        do {
            status = try run(shell)
            try shell.output.finish()
        } catch {
            shell.progress.clear()
            shell.output.flush()
            throw error
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
