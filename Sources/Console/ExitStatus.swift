/// How a command ended, as its exit status: the whole list, a promise to scripts and units.
///
/// An unknown status means failure. A row of ``summary`` is what help and man
/// pages say of it.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done.
    case done = 0
    /// Failed, or the audit found a breach; nothing was changed.
    case failed = 1
    /// Done, with rejected input.
    case rejects = 2
    /// Refused by a guard (too many rejects, a catalogue that shrank); nothing was changed.
    case refused = 3
    /// A signature or what is trusted did not hold.
    case untrusted = 12
    /// The command line made no sense.
    case usage = 64
    /// Another run holds the lock.
    case locked = 75
    /// The workspace or its configuration is missing or wrong.
    case configuration = 78
    /// Interrupted from the keyboard (SIGINT).
    case interrupted = 130
    /// Asked to end (SIGTERM).
    case terminated = 143

    /// One line for help and man pages.
    package var summary: String {
        switch self {
        case .done: "done"
        case .failed: "failed, or the audit found a breach; nothing was changed"
        case .rejects: "done, with rejected input"
        case .refused: "refused by a guard; nothing was changed"
        case .untrusted: "a signature or what is trusted did not hold"
        case .usage: "the command line made no sense"
        case .locked: "another run holds the lock"
        case .configuration: "the workspace or its configuration is missing or wrong"
        case .interrupted: "interrupted (SIGINT)"
        case .terminated: "asked to end (SIGTERM)"
        }
    }
}
