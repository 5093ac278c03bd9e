import Glibc

/// Why something that the agent was told to do can't be done.
package struct AgentError: Error, Hashable, Sendable {
    /// What kind of failure it is: one exit status each.
    package enum Kind: Hashable, Sendable {
        case failed
        /// A signature or what is trusted did not hold.
        case untrusted
        /// Another agent works in the state folder.
        case locked
        /// The settings are missing or wrong.
        case configuration
        /// The arguments made no sense.
        case usage
    }

    package var kind: Kind
    /// One sentence, lower case, no full stop.
    package var message: String
    /// What the user can do; nil when the message says it all.
    package var hint: String?

    package init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }
}

extension AgentError: CustomStringConvertible {
    package var description: String { message }
}

/// An error of the system, in its own words.
///
/// - Parameters:
///   - action: what was tried, such as `read`.
///   - path: of what.
///   - code: the system's number; the latest one unless given.
/// - Returns: the error to throw.
func fileError(_ action: String, _ path: String, code: Int32 = errno) -> AgentError {
    AgentError(.failed, "cannot \(action) '\(path)': \(String(cString: strerror(code)))")
}
