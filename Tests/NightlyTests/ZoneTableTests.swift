import Fleet
import Nightly
import Quantities
import Testing

/// Nights and clocks in time zones.
@Suite struct ZoneTableTests {
    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    @Test(arguments: [
        ("2026-11-23", 22 * 60, "UTC", "2026-11-23T22:00:00Z"),
        ("2026-11-23", 22 * 60, "Europe/Lisbon", "2026-11-23T22:00:00Z"),
        ("2026-07-01", 22 * 60, "Europe/Lisbon", "2026-07-01T21:00:00Z"),
        ("2026-03-29", 90, "Europe/Lisbon", "2026-03-29T01:30:00Z"),
        ("2026-10-25", 90, "Europe/Lisbon", "2026-10-25T00:30:00Z"),
        ("2026-11-23", 22 * 60, "America/New_York", "2026-11-24T03:00:00Z"),
        ("2026-11-23", 0, "Asia/Kolkata", "2026-11-22T18:30:00Z"),
    ])
    func `finds the instant of a local time, also where clocks change`(
        day: String, minute: Int, zone: String, expected: String
    ) throws {
        let instant = ZoneTable.instant(try date(day), second: Int32(minute) * 60, in: zone)
        #expect(instant?.description == expected)
    }

    @Test func `gives the offset and the changes of a stretch of time`() throws {
        let clock = try #require(
            ZoneTable.clock(
                "Europe/Lisbon", from: try date("2026-10-24").startUTC,
                until: try date("2026-10-26").startUTC))
        #expect(clock.offsetSeconds == 3600)
        let change = try #require(Instant(rfc3339: "2026-10-25T01:00:00Z"))
        #expect(clock.changes == [LocalClock.Change(at: change, offsetSeconds: 0)])
    }

    @Test func `knows no invented zone`() throws {
        #expect(
            ZoneTable.clock("Mars/Base", from: Instant(seconds: 0), until: Instant(seconds: 9))
                == nil)
        #expect(ZoneTable.instant(try date("2026-01-01"), second: 0, in: "") == nil)
    }

    @Test(arguments: [
        ("2026-11-23T20:00:00Z", "2026-11-23"), ("2026-11-23T22:00:00Z", "2026-11-23"),
        ("2026-11-23T22:00:01Z", "2026-11-24"), ("2026-11-24T06:00:00Z", "2026-11-24"),
    ])
    func `plans the first night that has not begun`(now: String, expected: String) throws {
        let night = try NightHours().next(after: try #require(Instant(rfc3339: now)))
        #expect(night.date.description == expected)
        #expect(night.slotCount == 32)
        #expect(night.slotSeconds == 900)
    }
}
