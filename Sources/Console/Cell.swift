/// One value of a row, told apart by how people want to read it.
package enum Cell: Hashable, Sendable {
    /// Nothing known: empty in tables and CSV, null in JSON.
    case none
    case text(String)
    case integer(Int64)
    /// A size: `4.19 MB` in tables, an integer elsewhere.
    case bytes(Int64)
    /// Millionths: a decimal number everywhere.
    case millionths(Int64)
    /// A count of `10^-places`: the exact decimal number, without needless zeros, everywhere.
    case decimal(Int64, places: Int)
    /// A share of 1: a percentage in tables, a number elsewhere.
    case share(Double)
    case flag(Bool)

    /// `value` as an integer, ``none`` when nil.
    package static func integer(ifAny value: Int64?) -> Cell { value.map { .integer($0) } ?? .none }

    /// `value` as text, ``none`` when nil or empty.
    package static func text(ifAny value: String?) -> Cell {
        value.flatMap { $0.isEmpty ? nil : .text($0) } ?? .none
    }

    /// For people.
    package var human: String {
        switch self {
        case .none: ""
        case .text(let text): text.printable
        case .integer(let value): value.grouped
        case .bytes(let value): value.asBytes
        case .millionths(let value): value.millionths
        case .decimal(let value, let places): value.decimal(places: places)
        case .share(let value): value.asPercent()
        case .flag(let flag): flag ? "yes" : "no"
        }
    }

    /// For CSV: base units, no grouping.
    package var plain: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .flag(let flag): flag ? "yes" : "no"
        default: json.compact
        }
    }

    /// For JSON.
    package var json: JSONValue {
        switch self {
        case .none: .null
        case .text(let text): .text(text)
        case .integer(let value), .bytes(let value): .integer(value)
        case .millionths(let value): .number(Double(value) / 1_000_000)
        case .decimal(let value, let places): .decimal(value, places: places)
        case .share(let value): .number(value)
        case .flag(let flag): .flag(flag)
        }
    }

    /// Whether it stands at the right edge of its column.
    package var isNumber: Bool {
        switch self {
        case .integer, .bytes, .millionths, .decimal, .share: true
        default: false
        }
    }
}

extension String {
    /// The text with control characters replaced by `?`, so that no input can steer a terminal.
    package var printable: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return self
        }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            result.append(scalar.properties.generalCategory == .control ? "?" : scalar)
        }
        return String(result)
    }
}
