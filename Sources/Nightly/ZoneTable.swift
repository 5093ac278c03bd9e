package import Fleet
import Foundation
package import Quantities

/// Time zones of the system's tz database, as the values that the pure modules take.
package enum ZoneTable {
    /// Whether the system has a zone of this IANA name.
    package static func knows(_ name: String) -> Bool { zone(name) != nil }

    /// What the clocks of `name` show from `start` to `end`: the offset at `start` and every change
    /// until `end`.
    ///
    /// Nil when the system doesn't know the zone.
    package static func clock(_ name: String, from start: Instant, until end: Instant)
        -> LocalClock?
    {
        guard let zone = zone(name) else { return nil }
        var clock = LocalClock(
            zone: name, offsetSeconds: Int32(zone.secondsFromGMT(for: date(start))))
        var at = date(start)
        while let next = zone.nextDaylightSavingTimeTransition(after: at), next > at,
            next < date(end)
        {
            let instant = Instant(seconds: Int64(next.timeIntervalSince1970))
            clock.changes.append(
                LocalClock.Change(at: instant, offsetSeconds: Int32(zone.secondsFromGMT(for: next)))
            )
            at = next
        }
        return clock
    }

    /// The instant at which the clocks of `name` show `second` of `date`; when they skip it, that
    /// much after the skip.
    ///
    /// A time that occurs twice is the first. Nil when the system doesn't know the zone.
    package static func instant(_ date: CivilDate, second: Int32, in name: String) -> Instant? {
        let plain = date.startUTC.advanced(bySeconds: Int64(second))
        let around = (plain.advanced(bySeconds: -172_800), plain.advanced(bySeconds: 172_800))
        guard let clock = clock(name, from: around.0, until: around.1) else { return nil }
        let offsets = [clock.offsetSeconds] + clock.changes.map(\.offsetSeconds)
        let candidates = offsets.map { plain.advanced(bySeconds: -Int64($0)) }.sorted()
        let exact = candidates.first { at in
            at.advanced(bySeconds: Int64(offset(of: clock, at: at))) == plain
        }
        return exact ?? candidates.last
    }

    private static func offset(of clock: LocalClock, at instant: Instant) -> Int32 {
        clock.changes.last { $0.at <= instant }?.offsetSeconds ?? clock.offsetSeconds
    }

    private static func zone(_ name: String) -> TimeZone? {
        name.isEmpty ? nil : TimeZone(identifier: name)
    }

    private static func date(_ instant: Instant) -> Date {
        Date(timeIntervalSince1970: TimeInterval(instant.seconds))
    }
}
