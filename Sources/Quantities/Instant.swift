/// A point in time: whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
@frozen
public struct Instant: Hashable, Comparable, Sendable {
    /// Seconds since the epoch; negative before 1970.
    public var seconds: Int64

    @inlinable
    public init(seconds: Int64) { self.seconds = seconds }

    @inlinable
    public static func < (a: Self, b: Self) -> Bool { a.seconds < b.seconds }

    /// The instant `seconds` later (earlier when negative).
    @inlinable
    public func advanced(bySeconds seconds: Int64) -> Instant {
        Instant(seconds: self.seconds + seconds)
    }

    /// The UTC calendar day that this instant falls on; the first or last that there is when it
    /// lies beyond them, some 5.8 million years from 1970.
    @inlinable
    public var utcDate: CivilDate {
        CivilDate(dayNumber: Int32(clamping: seconds.flooredDivision(by: 86_400)))
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC, to the second: `2026-11-23T20:15:00Z`.
    public var description: String {
        let second = seconds.flooredRemainder(by: 86_400)
        let parts = [second / 3600, second / 60 % 60, second % 60].map {
            $0 < 10 ? "0\($0)" : "\($0)"
        }
        return "\(utcDate)T\(parts[0]):\(parts[1]):\(parts[2])Z"
    }

    /// Reads an RFC 3339 time with a zone (`Z` or `±hh:mm`); a fraction of a second is dropped.
    ///
    /// Nil when the text is anything else: a time without a zone is not an instant.
    public init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let date = CivilDate(ascii: bytes[0..<10]),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t")
                || bytes[10] == UInt8(ascii: " "),
            let clock = Instant.clockSeconds(bytes[11..<19]),
            let offset = Instant.zoneOffset(bytes[19...])
        else { return nil }
        self.init(seconds: Int64(date.dayNumber) * 86_400 + Int64(clock) - Int64(offset))
    }

    private static func clockSeconds(_ bytes: ArraySlice<UInt8>) -> Int? {
        let b = Array(bytes)
        guard b[2] == UInt8(ascii: ":"), b[5] == UInt8(ascii: ":"),
            let hour = decimal(b[0..<2]), let minute = decimal(b[3..<5]),
            let second = decimal(b[6..<8]),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + min(second, 59)
    }

    private static func zoneOffset(_ bytes: ArraySlice<UInt8>) -> Int? {
        var rest = bytes
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= 48 && $0 <= 57 }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        let zone = Array(rest)
        if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"),
            let hours = decimal(zone[1..<3]), let minutes = decimal(zone[4..<6]), hours < 24,
            minutes < 60
        else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }
}

/// The value of ASCII digits, nil when any byte is not one (at most 18 digits).
@usableFromInline
func decimal(_ bytes: some Sequence<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
        guard byte >= 48, byte <= 57 else { return nil }
        value = value * 10 + Int(byte) - 48
    }
    return value
}

extension FixedWidthInteger {
    /// Division that rounds towards negative infinity; `divisor` must be positive.
    @inlinable
    public func flooredDivision(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// What ``flooredDivision(by:)`` leaves over, in `0..<divisor`.
    @inlinable
    public func flooredRemainder(by divisor: Self) -> Self {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
