/// A calendar day in the proleptic Gregorian calendar, without a time zone.
@frozen
public struct CivilDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; negative before it.
    public var dayNumber: Int32

    @inlinable
    public init(dayNumber: Int32) { self.dayNumber = dayNumber }

    @inlinable
    public static func < (a: Self, b: Self) -> Bool { a.dayNumber < b.dayNumber }

    /// The day with these fields, nil when there is no such day; years 0 to 9999.
    ///
    /// The arithmetic counts years from March, so that the leap day is the last
    /// of its year (Richards, Explanatory Supplement to the Astronomical Almanac).
    public init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.length(ofMonth: month, year: year)
        else { return nil }
        let y = month <= 2 ? year - 1 : year
        let era = y.flooredDivision(by: 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(dayNumber: Int32(era * 146_097 + dayOfEra - 719_468))
    }

    /// Year, month (1 to 12) and day of the month (1 to 31).
    public var fields: (year: Int, month: Int, day: Int) {
        let z = Int(dayNumber) + 719_468
        let era = z.flooredDivision(by: 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        let month = m < 10 ? m + 3 : m - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * m + 2) / 5 + 1
        )
    }

    /// The first second of the day in UTC.
    @inlinable
    public var startUTC: Instant { Instant(seconds: Int64(dayNumber) * 86_400) }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        if month == 2 { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-11-23`.
    public var description: String {
        let (year, month, day) = fields
        let text = String(year)
        return String(repeating: "0", count: max(0, 4 - text.count)) + text
            + (month < 10 ? "-0" : "-") + String(month) + (day < 10 ? "-0" : "-") + String(day)
    }

    /// Reads exactly `yyyy-mm-dd`; nil for anything else or a day that doesn't exist.
    public init?(_ text: some StringProtocol) {
        self.init(ascii: Array(text.utf8)[...])
    }

    init?(ascii bytes: ArraySlice<UInt8>) {
        let b = Array(bytes)
        guard b.count == 10, b[4] == UInt8(ascii: "-"), b[7] == UInt8(ascii: "-"),
            let year = decimal(b[0..<4]), let month = decimal(b[5..<7]),
            let day = decimal(b[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
