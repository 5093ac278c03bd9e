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

    /// `22:00`, or `22:00:05` where seconds matter.
    static func clock(_ second: Int32) -> String {
        let parts = [second / 3600, second / 60 % 60, second % 60]
        return parts.prefix(parts[2] == 0 ? 2 : 3).map { ($0 < 10 ? "0" : "") + String($0) }
            .joined(separator: ":")
    }

    /// Seconds after midnight of `HH:MM` or `HH:MM:SS`; nil for anything else.
    static func second(_ text: String) -> Int32? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (48...57).contains($0) } && (1...2).contains(part.utf8.count)
                ? Int32(part) : nil
        }
        guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24,
            numbers.dropFirst().allSatisfy({ $0 < 60 })
        else { return nil }
        return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    /// A length of time within `range`, in seconds.
    static func duration(
        _ group: String, _ name: String, _ path: WritableKeyPath<Configuration, Int32>,
        _ range: ClosedRange<Int32>, _ comment: String...
    ) -> Setting {
        Setting(
            group: group, name: name, comment: comment,
            print: { quoted(duration($0[keyPath: path])) },
            read: { configuration, text in
                guard let seconds = seconds(text), range.contains(seconds) else {
                    return "must be a time from \(duration(range.lowerBound)) to "
                        + "\(duration(range.upperBound)), such as 90s, 15m or 8h"
                }
                configuration[keyPath: path] = seconds
                return nil
            })
    }

    /// `90s`, `15m`, `8h`: the largest unit that needs no fraction.
    static func duration(_ seconds: Int32) -> String {
        if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        return seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }

    /// The reverse of ``duration(_:)``, whatever the unit; nil for anything else.
    static func seconds(_ text: String) -> Int32? {
        let units: [Character: Int32] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = text.last.flatMap({ units[$0] }), let first = text.utf8.first,
            (48...57).contains(first), let number = Int32(text.dropLast())
        else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? nil : seconds
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
