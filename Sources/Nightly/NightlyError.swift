/// Why a use case could not do its work: nothing was changed, or what stands is whole.
package struct NightlyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; each has an exit status of its own.
    package enum Kind: String, Hashable, Sendable {
        /// It failed; the last good state stands.
        case failed
        /// A guard refused: too many rejects, a catalogue that shrank.
        case refused
        /// A signature or a key did not hold.
        case untrusted
        /// The call made no sense, such as an unknown device.
        case usage
        /// Another run holds the lock.
        case locked
        /// The workspace or its configuration is missing or wrong.
        case configuration
    }

    package var kind: Kind
    /// One sentence, lower case, no full stop; it names the file and line where there is one.
    package var message: String
    /// What the user can do; nil when the message says it all.
    package var hint: String?

    package init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    package var description: String { message }
}
