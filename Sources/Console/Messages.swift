package import Quantities

/// Messages for people, on standard error: `mediaplan: error: …`, after the program's name, and
/// `hint: …`.
package final class Messages {
    private let output: Output
    private let results: Output?
    private let terminal: Terminal
    private let program: String

    /// - Parameters:
    ///   - output: standard error.
    ///   - terminal: what it can show.
    ///   - results: standard output, flushed before each message, so that both stay in order where
    ///     they meet.
    ///   - program: what the messages begin with.
    package init(
        output: Output, terminal: Terminal, results: Output? = nil, program: String = "mediaplan"
    ) {
        self.output = output
        self.results = results
        self.program = program
        self.terminal = terminal
    }

    /// Says why the command fails, and what can be done.
    package func error(_ message: String, hint: String? = nil) {
        say("error:", .red, message, hint)
    }

    /// Says what deserves attention, though the command goes on.
    package func warning(_ message: String, hint: String? = nil) {
        say("warning:", .yellow, message, hint)
    }

    /// Says what is worth knowing.
    package func note(_ message: String) {
        say("note:", .faint, message, nil)
    }

    /// Prints findings as compilers do, and how many more there are of each code.
    ///
    /// - Parameters:
    ///   - findings: those to be printed.
    ///   - more: codes and how many findings of them are not among these.
    package func findings(_ findings: [Diagnostic], more: [(code: String, count: Int64)] = []) {
        results?.flush()
        for finding in findings {
            output.line(finding.description)
            if let hint = finding.hint { output.line("hint: \(hint)") }
        }
        for (code, count) in more where count > 0 {
            output.line("… and \(count.grouped) more [\(code)]")
        }
        output.flush()
    }

    private func say(
        _ kind: String, _ emphasis: Emphasis, _ message: String, _ hint: String?
    ) {
        results?.flush()
        output.line("\(program): " + emphasis.applied(to: kind, on: terminal) + " " + message)
        if let hint { output.line("hint: \(hint)") }
        output.flush()
    }
}
