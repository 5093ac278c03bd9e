import ArgumentParser
import Console
import Foundation
import Nightly
import Store

/// The program `mediaplan`.
package enum Program {
    /// Runs the command line and says how it ended.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Returns: the exit status, one of `ExitStatus`.
    package static func run(_ arguments: [String]) -> Int32 {
        openStandardStreams()
        endOnSignals()
        do {
            var command = try Mediaplan.parseAsRoot(arguments)
            try command.run()
            return ExitStatus.done.rawValue
        } catch {
            return report(error)
        }
    }

    /// Gives standard streams that are closed somewhere to lead: a file that is opened would take
    /// their place, and messages would be written to it.
    private static func openStandardStreams() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// A signal ends the process at once, with 128 and its number: every change is made in one
    /// step, so none is half made. A reader that left and a file that may not grow are errors of
    /// the write instead.
    private static func endOnSignals() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        var ending = sigset_t()
        sigemptyset(&ending)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _exit(128 + $0) }
            sigaddset(&ending, number)
        }
        // Whoever started the program may have them blocked, as threads of some runtimes do.
        sigprocmask(SIG_UNBLOCK, &ending, nil)
    }

    private static func report(_ error: any Error) -> Int32 {
        let messages = Shell().messages
        switch error {
        case let code as ExitCode: return code.rawValue
        case let error as NightlyError:
            messages.error(error.message, hint: error.hint)
            return status(error.kind).rawValue
        case let error as StoreError:
            messages.error(error.message, hint: error.hint)
            return ExitStatus.failed.rawValue
        case let error as OutputFault:
            messages.error(error.description)
            return ExitStatus.failed.rawValue
        default: return reportParsing(error, messages)
        }
    }

    /// What the parser throws: help and version, which are no errors, and what it could not make
    /// sense of.
    private static func reportParsing(_ error: any Error, _ messages: Messages) -> Int32 {
        let code = Mediaplan.exitCode(for: error)
        let text = Mediaplan.fullMessage(for: error)
        if code.isSuccess {
            return show(text, messages)
        }
        guard code == .validationFailure else {
            messages.error("\(error)")
            return ExitStatus.failed.rawValue
        }
        let message = Mediaplan.message(for: error)
        let usage = text.split(separator: "\n").first { $0.hasPrefix("Usage:") }
        messages.error(
            message.replacingOccurrences(of: "Error: ", with: ""), hint: usage.map { String($0) })
        return ExitStatus.usage.rawValue
    }

    private static func show(_ text: String, _ messages: Messages) -> Int32 {
        let output = Output(descriptor: 1)
        output.line(text)
        do {
            try output.finish()
        } catch {
            messages.error("\(error)")
            return ExitStatus.failed.rawValue
        }
        return ExitStatus.done.rawValue
    }

    /// The exit status of a kind of failure.
    static func status(_ kind: NightlyError.Kind) -> ExitStatus {
        switch kind {
        case .failed: .failed
        case .refused: .refused
        case .untrusted: .untrusted
        case .usage: .usage
        case .locked: .locked
        case .configuration: .configuration
        }
    }
}
