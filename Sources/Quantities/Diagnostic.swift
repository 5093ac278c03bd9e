/// What a reader found at one place of an input: collected, never thrown.
public struct Diagnostic: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        /// Worth knowing; nothing was changed by it.
        case note
        /// The row or element was taken, after a stated judgement.
        case warning
        /// The row or element was not taken.
        case error
    }

    /// How bad it is.
    public var severity: Severity
    /// A stable name for programs, such as `E_RANGE`; errors begin with `E_`, warnings with `W_`.
    public var code: String
    /// The input's path as given; empty when there is none.
    public var file: String
    /// Line from 1; 0 when the finding is about the whole file.
    public var line: Int
    /// Column (of a table: the field's number; of XML: the byte) from 1; 0 when unknown.
    public var column: Int
    /// One sentence, lower case, no full stop.
    public var message: String
    /// What the user can do; nil when the message says it all.
    public var hint: String?

    public init(
        _ severity: Severity, code: String, file: String, line: Int = 0, column: Int = 0,
        message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `path:line:column: error: message [CODE]`, as compilers write it.
    public var description: String {
        let place =
            [file] + (line > 0 ? ["\(line)"] : []) + (line > 0 && column > 0 ? ["\(column)"] : [])
        return "\(place.joined(separator: ":")): \(severity.rawValue): \(message) [\(code)]"
    }
}
