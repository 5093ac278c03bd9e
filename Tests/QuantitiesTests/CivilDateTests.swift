import Quantities
import Testing

struct CivilDateTests {
    /// Counts days one by one from a known day, with a month table and the rule of 4, 100 and 400.
    private struct Counter {
        var year = 1600
        var month = 1
        var day = 1
        // 370 years with 90 leap days lie between 1600 and 1970.
        var number = -(370 * 365 + 90)

        mutating func advance() {
            let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            number += 1
            day += 1
            if day > lengths[month - 1] {
                day = 1
                month += 1
            }
            if month > 12 {
                month = 1
                year += 1
            }
        }
    }

    @Test func `agrees with counting days one by one from 1600 to 2400`() {
        var counter = Counter()
        var wrong: [Int] = []
        while counter.year <= 2400 {
            let date = CivilDate(year: counter.year, month: counter.month, day: counter.day)
            let fields = CivilDate(dayNumber: Int32(counter.number)).fields
            if date?.dayNumber != Int32(counter.number)
                || fields != (counter.year, counter.month, counter.day)
            {
                wrong.append(counter.number)
            }
            counter.advance()
        }
        #expect(wrong.isEmpty, "\(wrong.count) days, first \(wrong.prefix(3))")
        #expect(counter.number == CivilDate(year: 2401, month: 1, day: 1).map { Int($0.dayNumber) })
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("2026-11-23", 20_780),
        ("0000-01-01", -719_528), ("9999-12-31", 2_932_896),
    ])
    func `knows days by name and prints them back`(text: String, number: Int) {
        let date = CivilDate(text)
        #expect(date?.dayNumber == Int32(number))
        #expect(date?.description == text)
    }

    @Test func `printing and reading give the same day`() {
        let wrong = stride(from: Int32(-700_000), to: 2_900_000, by: 997).filter { number in
            CivilDate(CivilDate(dayNumber: number).description)?.dayNumber != number
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: [
        "", "2026-11-3", "2026-1-03", "2026-11-31", "2026-02-29", "1900-02-29", "2026-00-10",
        "2026-13-01", "2026-11-00", "2026/11/23", "26-11-23", " 2026-11-23", "2026-11-23 ",
        "2026-11-23T", "-026-11-23", "2026-+1-23", "２０２６-11-23", "10000-01-01",
    ])
    func `refuses what is not a day`(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func `orders by time and starts at midnight UTC`() {
        let day = CivilDate(dayNumber: 20_780)
        #expect(day < CivilDate(dayNumber: 20_781))
        #expect(day.startUTC.seconds == 20_780 * 86_400)
        #expect(day.startUTC.utcDate == day)
        #expect(day.startUTC.advanced(bySeconds: -1).utcDate.dayNumber == 20_779)
    }
}
