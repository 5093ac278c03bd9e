package import Quantities

/// A time of day from which and until which a device takes part, in minutes after local midnight.
///
/// `until <= from` crosses midnight; equal ends mean the whole day.
package struct DailyWindow: Hashable, Sendable {
    /// 0 to 1439.
    package var fromMinute: Int32
    /// 0 to 1440.
    package var untilMinute: Int32

    package init(fromMinute: Int32, untilMinute: Int32) {
        self.fromMinute = fromMinute
        self.untilMinute = untilMinute
    }

    /// Reads `HH:MM-HH:MM`, `24:00` allowed as an end; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 11, bytes[5] == UInt8(ascii: "-"),
            let from = DailyWindow.minute(bytes[0..<5]),
            let until = DailyWindow.minute(bytes[6..<11]), from < 1440
        else { return nil }
        self.init(fromMinute: from, untilMinute: until)
    }

    private static func minute(_ bytes: ArraySlice<UInt8>) -> Int32? {
        let b = Array(bytes)
        guard b[2] == UInt8(ascii: ":"), [0, 1, 3, 4].allSatisfy({ (48...57).contains(b[$0]) })
        else { return nil }
        let hour = Int32(b[0] - 48) * 10 + Int32(b[1] - 48)
        let minute = Int32(b[3] - 48) * 10 + Int32(b[4] - 48)
        return minute < 60 && (hour < 24 || (hour == 24 && minute == 0)) ? hour * 60 + minute : nil
    }
}

extension DailyWindow: CustomStringConvertible {
    /// `22:00-06:00`.
    package var description: String {
        func two(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
        func clock(_ minute: Int32) -> String { two(minute / 60) + ":" + two(minute % 60) }
        return clock(fromMinute) + "-" + clock(untilMinute)
    }
}

/// What a time zone's clocks show around one night: offsets from UTC and when they change.
package struct LocalClock: Hashable, Sendable {
    /// The zone's IANA name, for messages.
    package var zone: String
    /// Seconds east of UTC before the first change.
    package var offsetSeconds: Int32
    /// Later changes: from that instant on the offset is this; ascending.
    package var changes: [Change]

    /// A moment from which on the clocks show something else.
    package struct Change: Hashable, Sendable {
        package var at: Instant
        /// Seconds east of UTC.
        package var offsetSeconds: Int32

        package init(at: Instant, offsetSeconds: Int32) {
            self.at = at
            self.offsetSeconds = offsetSeconds
        }
    }

    package init(zone: String = "UTC", offsetSeconds: Int32 = 0, changes: [Change] = []) {
        self.zone = zone
        self.offsetSeconds = offsetSeconds
        self.changes = changes
    }

    /// The slots of `night` that lie wholly inside `window` on this clock; all of them when it is
    /// nil.
    ///
    /// A slot in which the clocks change counts when the local time of every
    /// instant in it is inside. O(slots · changes).
    package func slots(of window: DailyWindow?, in night: Night) -> RangeSet32 {
        guard let window, window.fromMinute != window.untilMinute % 1440 else {
            return RangeSet32(0..<night.slotCount)
        }
        return RangeSet32(
            (0..<night.slotCount).filter { slot in
                covers(
                    window, from: night.start(ofSlot: slot), until: night.start(ofSlot: slot + 1))
            }.map { $0..<($0 + 1) })
    }

    /// Whether the local time of day of every instant in `[from, until)` lies in `window`.
    private func covers(_ window: DailyWindow, from: Instant, until: Instant) -> Bool {
        var lower = from
        var offset = offsetSeconds
        for change in changes {
            if change.at <= from {
                offset = change.offsetSeconds
            } else if change.at < until {
                guard inside(window, lower.seconds, change.at.seconds, offset) else { return false }
                lower = change.at
                offset = change.offsetSeconds
            }
        }
        return inside(window, lower.seconds, until.seconds, offset)
    }

    /// Whether `[lower, upper)` shifted by `offset` lies in one daily occurrence of `window`.
    private func inside(_ window: DailyWindow, _ lower: Int64, _ upper: Int64, _ offset: Int32)
        -> Bool
    {
        let from = Int64(window.fromMinute) * 60
        let length = (Int64(window.untilMinute) * 60 - from).flooredRemainder(by: 86_400)
        let intoWindow = (lower + Int64(offset) - from).flooredRemainder(by: 86_400)
        return intoWindow + (upper - lower) <= length
    }
}
