import Quantities

/// A time as HTTP writes it, RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970-01-01T00:00:00Z; outside the years 1970 to 9999 the nearest of them.
    static func text(seconds: Int64) -> String {
        let seconds = min(max(0, seconds), 253_402_300_799)
        let day = Int(seconds / 86_400)
        let clock = Int(seconds % 86_400)
        let (year, month, dayOfMonth) = CivilDate(dayNumber: Int32(day)).fields
        let date = "\(days[day % 7]), \(two(dayOfMonth)) \(months[month - 1]) \(year)"
        return "\(date) \(two(clock / 3600)):\(two(clock / 60 % 60)):\(two(clock % 60)) GMT"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
