package import Quantities

/// Why an input as a whole can't be used: nothing that was read from it may be kept.
///
/// A single bad row or element is never a `FeedError`; it is a `Diagnostic`, and
/// the rest goes on.
package struct FeedError: Error, Hashable, Sendable {
    /// A stable name for programs, such as `E_TRUNCATED`.
    package var code: String
    /// One sentence, lower case, no full stop.
    package var message: String
    /// The input's path as given.
    package var file: String
    /// Line from 1; 0 when the fault is the whole file's.
    package var line: Int
    /// Column (of a table: the field's number; of XML: the byte) from 1; 0 when unknown.
    package var column: Int
    /// What the user can do; nil when the message says it all.
    package var hint: String?

    package init(
        code: String, file: String, line: Int = 0, column: Int = 0, message: String,
        hint: String? = nil
    ) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.hint = hint
    }

    /// The same as a finding, for lists and reports.
    package var diagnostic: Diagnostic {
        Diagnostic(
            .error, code: code, file: file, line: line, column: column, message: message,
            hint: hint)
    }
}

extension FeedError: CustomStringConvertible {
    /// `path:line:column: error: message [CODE]`.
    package var description: String { diagnostic.description }
}
