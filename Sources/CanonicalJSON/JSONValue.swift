/// A JSON value as a manifest may hold it: its numbers are integers.
package enum JSONValue: Hashable, Sendable {
    case null
    case flag(Bool)
    /// Between -(2⁵³ - 1) and 2⁵³ - 1.
    case integer(Int64)
    case text(String)
    case array([JSONValue])
    /// In the order of the input; no key twice.
    case object([JSONMember])

    /// What it is, for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .flag: "a truth value"
        case .integer: "an integer"
        case .text: "text"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// One member of an object.
package struct JSONMember: Hashable, Sendable {
    package var key: String
    package var value: JSONValue
}
