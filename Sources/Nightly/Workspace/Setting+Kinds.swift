import Quantities

extension Setting {
    /// A whole number within `range`.
    static func integer<Value: FixedWidthInteger>(
        _ group: String, _ name: String, _ path: WritableKeyPath<Configuration, Value>,
        _ range: ClosedRange<Value>, _ comment: String...
    ) -> Setting {
        Setting(
            group: group, name: name, comment: comment, print: { String($0[keyPath: path]) },
            read: { configuration, text in
                guard let value = Value(text), range.contains(value) else {
                    return "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
                }
                configuration[keyPath: path] = value
                return nil
            })
    }

    /// A decimal number within `range`.
    static func fraction(
        _ group: String, _ name: String, _ path: WritableKeyPath<Configuration, Fraction>,
        _ range: ClosedRange<Int64>, _ comment: String...
    ) -> Setting {
        Setting(
            group: group, name: name, comment: comment, print: { decimal($0[keyPath: path]) },
            read: { configuration, text in
                guard let value = Fraction(text), decimals(text) <= 6,
                    (range.lowerBound * 1_000_000...range.upperBound * 1_000_000).contains(
                        value.millionths)
                else {
                    return
                        "must be a number from \(range.lowerBound) to \(range.upperBound) with at most six decimals"
                }
                configuration[keyPath: path] = value
                return nil
            })
    }

    /// `yes` or `no`.
    static func flag(
        _ group: String, _ name: String, _ path: WritableKeyPath<Configuration, Bool>,
        _ comment: String...
    ) -> Setting {
        Setting(
            group: group, name: name, comment: comment, print: { $0[keyPath: path] ? "yes" : "no" },
            read: { configuration, text in
                guard let value = flag(text) else { return "must be yes or no" }
                configuration[keyPath: path] = value
                return nil
            })
    }

    /// `yes` or `no`, also YAML's `true` and `false`; nil for anything else.
    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "yes", "true": true
        case "no", "false": false
        default: nil
        }
    }

    /// Any text on one line.
    static func text(
        _ group: String, _ name: String, _ path: WritableKeyPath<Configuration, String>,
        _ comment: String...
    ) -> Setting {
        Setting(
            group: group, name: name, comment: comment, print: { quoted($0[keyPath: path]) },
            read: { configuration, text in
                guard !text.unicodeScalars.contains(where: { $0.value < 32 }) else {
                    return "must be text on one line"
                }
                configuration[keyPath: path] = text
                return nil
            })
    }

    /// A time zone that this system knows.
    static func zone(
        _ group: String, _ name: String, _ path: WritableKeyPath<Configuration, String>,
        _ comment: String...
    ) -> Setting {
        Setting(
            group: group, name: name, comment: comment, print: { quoted($0[keyPath: path]) },
            read: { configuration, text in
                guard ZoneTable.knows(text) else {
                    return
                        "must be a time zone's IANA name such as Europe/Lisbon; \"\(text)\" is unknown"
                }
                configuration[keyPath: path] = text
                return nil
            })
    }

    /// Minutes after midnight as `HH:MM`.
    static func clock(_ minute: Int32) -> String {
        func two(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }

    /// Minutes after midnight of `HH:MM`, 00:00 to 23:59; nil for anything else.
    static func minute(_ text: String) -> Int32? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.utf8.count == 5, parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Int32(parts[0]), let minute = Int32(parts[1]), (0..<24).contains(hour),
            (0..<60).contains(minute), !text.contains("+"), !text.contains("-")
        else { return nil }
        return hour * 60 + minute
    }

    /// A fraction in decimal notation: its denominator is a power of ten.
    static func decimal(_ value: Fraction) -> String {
        let digits = String(value.denominator).utf8.count - 1
        let whole = String(value.numerator / value.denominator)
        guard digits > 0 else { return whole }
        let rest = String(value.numerator % value.denominator)
        return whole + "." + String(repeating: "0", count: digits - rest.utf8.count) + rest
    }

    /// A YAML double-quoted scalar.
    static func quoted(_ text: String) -> String {
        "\""
            + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }

    private static func decimals(_ text: String) -> Int {
        text.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first?.utf8.count
            ?? 0
    }
}
