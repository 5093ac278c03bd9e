import Fleet
import Quantities
import Testing

/// Slots of windows, also on the nights when the clocks change.
struct LocalClockTests {
    /// Europe/Berlin goes back from +02:00 to +01:00 at 2026-10-25T01:00Z.
    static let autumn = LocalClock(
        zone: "Europe/Berlin", offsetSeconds: 7_200,
        changes: [.init(at: Instant(rfc3339: "2026-10-25T01:00:00Z")!, offsetSeconds: 3_600)])
    /// And forward from +01:00 to +02:00 at 2027-03-28T01:00Z.
    static let spring = LocalClock(
        zone: "Europe/Berlin", offsetSeconds: 3_600,
        changes: [.init(at: Instant(rfc3339: "2027-03-28T01:00:00Z")!, offsetSeconds: 7_200)])

    static func night(_ date: String, slotSeconds: Int32 = 900) -> Night {
        let day = CivilDate(date)!
        return Night(
            date: day, start: day.startUTC.advanced(bySeconds: 64_800), slotSeconds: slotSeconds,
            slotCount: 54_000 / slotSeconds)
    }

    static let autumnNight = night("2026-10-24")
    static let springNight = night("2027-03-27")

    /// From and until in UTC, as slots of a night that begins at 18:00Z.
    private func slots(_ spans: (String, String)...) -> RangeSet32 {
        func slot(_ text: String) -> Int32 {
            let parts = text.split(separator: ":").compactMap { Int32($0) }
            let minutes = parts[0] * 60 + parts[1] - 18 * 60
            return (minutes < 0 ? minutes + 1_440 : minutes) / 15
        }
        return RangeSet32(spans.map { slot($0.0)..<slot($0.1) })
    }

    @Test func `an ordinary window is its local hours`() throws {
        let window = try #require(DailyWindow("00:00-06:00"))
        let summer = LocalClock(offsetSeconds: 7_200)
        #expect(summer.slots(of: window, in: Self.autumnNight) == slots(("22:00", "04:00")))
        let utc = LocalClock()
        #expect(utc.slots(of: window, in: Self.autumnNight) == slots(("00:00", "06:00")))
    }

    @Test(arguments: ["23:00-06:00", "00:00-06:00", "01:30-04:00"])
    func `the night in autumn is an hour longer, the one in spring an hour shorter`(
        text: String
    ) throws {
        let window = try #require(DailyWindow(text))
        let usual = LocalClock(offsetSeconds: 3_600).slots(of: window, in: Self.springNight).count
        #expect(Self.autumn.slots(of: window, in: Self.autumnNight).count == usual + 4)
        #expect(Self.spring.slots(of: window, in: Self.springNight).count == usual - 4)
    }

    @Test func `the doubled hour counts twice and the skipped one not at all`() throws {
        let window = try #require(DailyWindow("02:00-03:00"))
        #expect(Self.autumn.slots(of: window, in: Self.autumnNight) == slots(("00:00", "02:00")))
        #expect(Self.spring.slots(of: window, in: Self.springNight).isEmpty)
        let half = try #require(DailyWindow("02:30-03:00"))
        #expect(
            Self.autumn.slots(of: half, in: Self.autumnNight)
                == slots(("00:30", "01:00"), ("01:30", "02:00")))
    }

    @Test func `a window that begins in the skipped hour begins after it`() throws {
        let window = try #require(DailyWindow("02:30-04:00"))
        #expect(Self.spring.slots(of: window, in: Self.springNight) == slots(("01:00", "02:00")))
        let before = try #require(DailyWindow("01:00-02:30"))
        #expect(Self.spring.slots(of: before, in: Self.springNight) == slots(("00:00", "01:00")))
    }

    @Test func `a slot in which the clocks change counts when both its parts are inside`() throws {
        // Slots of two hours from 18:00Z: the fourth is 00:00Z to 02:00Z, the change lies in its
        // middle.
        let night = Self.night("2026-10-24", slotSeconds: 7_200)
        let whole = try #require(DailyWindow("02:00-03:00"))
        #expect(Self.autumn.slots(of: whole, in: night) == RangeSet32(3..<4))
        let less = try #require(DailyWindow("02:00-02:59"))
        #expect(Self.autumn.slots(of: less, in: night).isEmpty)
        let spring = Self.night("2027-03-27", slotSeconds: 7_200)
        let around = try #require(DailyWindow("01:00-04:00"))
        #expect(Self.spring.slots(of: around, in: spring) == RangeSet32(3..<4))
    }

    @Test func `no window and equal ends mean always`() throws {
        let all = RangeSet32(0..<Self.autumnNight.slotCount)
        #expect(Self.autumn.slots(of: nil, in: Self.autumnNight) == all)
        for text in ["00:00-24:00", "06:00-06:00", "00:00-00:00"] {
            let window = try #require(DailyWindow(text))
            #expect(Self.autumn.slots(of: window, in: Self.autumnNight) == all)
        }
    }

    /// The slots of which each minute's local time of day lies in the window.
    private func counted(_ clock: LocalClock, _ window: DailyWindow, _ night: Night) -> [Int32] {
        func open(_ second: Int64) -> Bool {
            var offset = clock.offsetSeconds
            for change in clock.changes where change.at.seconds <= second {
                offset = change.offsetSeconds
            }
            let minute = Int32((second + Int64(offset)).flooredRemainder(by: 86_400) / 60)
            return window.fromMinute < window.untilMinute
                ? minute >= window.fromMinute && minute < window.untilMinute
                : minute >= window.fromMinute || minute < window.untilMinute
        }
        return (0..<night.slotCount).filter { slot in
            stride(
                from: night.start(ofSlot: slot).seconds, to: night.start(ofSlot: slot + 1).seconds,
                by: 60
            ).allSatisfy(open)
        }
    }

    @Test func `agrees with looking at every minute on random windows, slots and changes`() {
        var random = SplitMix64(seed: 8)
        var wrong: [String] = []
        var partly = 0
        for _ in 0..<600 {
            let night = Self.night(
                "2026-10-24", slotSeconds: [300, 900, 1_800, 3_600][random.below(4)])
            let changes = (0..<random.below(3)).map { _ in Int64(random.below(900)) * 60 }.sorted()
            let clock = LocalClock(
                offsetSeconds: Int32(random.below(105) - 52) * 900,
                changes: changes.map {
                    .init(
                        at: night.start.advanced(bySeconds: $0),
                        offsetSeconds: Int32(random.below(105) - 52) * 900)
                })
            let from = Int32(random.below(1_440))
            let until = (from + 1 + Int32(random.below(1_439))) % 1_440
            let window = DailyWindow(fromMinute: from, untilMinute: until)
            let right = counted(clock, window, night)
            if !right.isEmpty, right.count < Int(night.slotCount) { partly += 1 }
            if clock.slots(of: window, in: night) != RangeSet32(right.map { $0..<($0 + 1) }) {
                wrong.append("\(window) \(clock)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(2))")
        #expect(partly > 200)
    }
}

struct DailyWindowTests {
    @Test(arguments: ["00:00-06:00", "23:30-07:05", "00:00-24:00", "09:10-09:10", "23:59-00:00"])
    func `prints as it was read`(text: String) {
        #expect(DailyWindow(text)?.description == text)
    }

    @Test func `every minute is read and printed back`() {
        let wrong = (Int32(0)..<1_440).filter { from in
            let window = DailyWindow(fromMinute: from, untilMinute: 1_440 - from)
            return DailyWindow(window.description) != window
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: [
        "", "00:00", "0:00-6:00", "00:00-25:00", "24:00-06:00", "00:60-06:00", "00:00-24:01",
        "00:00 06:00", "00:00–06:00", "0a:00-06:00", "00:00-06:00 ", "00.00-06.00", "-1:00-06:00",
    ])
    func `refuses anything else`(text: String) {
        #expect(DailyWindow(text) == nil)
    }
}
