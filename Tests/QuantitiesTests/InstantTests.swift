import Quantities
import Testing

struct InstantTests {
    @Test func `printing and reading give the same instant`() {
        var random = SplitMix64(seed: 1)
        let wrong = (0..<4_000).map { _ in
            Instant(seconds: Int64(random.below(1 << 32)) * 70 - 60_000_000_000)
        }.filter { Instant(rfc3339: $0.description) != $0 }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1),
        ("2026-11-23T20:15:00Z", 1_795_464_900), ("2026-11-23t20:15:00z", 1_795_464_900),
        ("2026-11-23 20:15:00Z", 1_795_464_900), ("2026-11-23T20:15:00.999Z", 1_795_464_900),
        ("2026-11-23T21:15:00+01:00", 1_795_464_900), ("2026-11-23T14:45:00-05:30", 1_795_464_900),
        ("2026-11-24T00:15:00.5+04:00", 1_795_464_900),
        ("2026-11-23T20:15:00-00:00", 1_795_464_900),
        // A leap second counts as the second before it.
        ("2016-12-31T23:59:60Z", 1_483_228_799), ("2016-12-31T23:59:59Z", 1_483_228_799),
    ])
    func `reads RFC 3339 with a zone`(text: String, seconds: Int) {
        #expect(Instant(rfc3339: text)?.seconds == Int64(seconds))
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-11-23T20:15:00", "2026-11-23T20:15Z", "2026-11-23T24:00:00Z",
        "2026-11-23T20:60:00Z", "2026-11-23T20:15:61Z", "2026-02-30T20:15:00Z",
        "2026-11-23T20:15:00.Z", "2026-11-23T20:15:00+0100", "2026-11-23T20:15:00+01",
        "2026-11-23T20:15:00+24:00", "2026-11-23T20:15:00+01:60", "2026-11-23T20:15:00 Z",
        "2026-11-23T20:15:00Zx", "2026-11-23_20:15:00Z", "20261123T201500Z", "2026-11-23T2x:15:00Z",
        "2026-11-23T20:15:00,5Z",
    ])
    func `refuses a time without a zone and anything else`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `an instant beyond all days prints as the first or last of them`() {
        #expect(Instant(seconds: .max).utcDate == CivilDate(dayNumber: .max))
        #expect(Instant(seconds: .min).utcDate == CivilDate(dayNumber: .min))
        #expect(Instant(seconds: .max).description == "5881580-07-11T15:30:07Z")
    }

    @Test func `floored division leaves a rest that is never negative`() {
        var wrong = 0
        for number in Int64(-40)...40 {
            for divisor in Int64(1)...9 {
                let quotient = number.flooredDivision(by: divisor)
                let rest = number.flooredRemainder(by: divisor)
                if quotient * divisor + rest != number || !(0..<divisor).contains(rest) {
                    wrong += 1
                }
            }
        }
        #expect(wrong == 0)
    }
}
