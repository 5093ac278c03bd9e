import Quantities

/// A time as packages write it: `yyyy-mm-dd`, or with `Thh:mm:ss`, mostly without a zone.
struct ADITime {
    let instant: Instant
    /// It was read in the feed's zone.
    let isZoneless: Bool

    /// Reads a bound of a licence; nil when the text is no time.
    ///
    /// A day as an end lasts until the next midnight, and so does an end at
    /// 23:59:59, which means the same (so does CableLabs' own stylesheet for
    /// converting packages).
    ///
    /// - Parameters:
    ///   - text: without blanks around it.
    ///   - isEnd: whether the licence ends there.
    ///   - settings: give the zone.
    init?(_ text: String, isEnd: Bool, _ settings: FeedSettings) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10,
            let date = CivilDate(String(decoding: bytes[..<10], as: UTF8.self))
        else { return nil }
        guard bytes.count > 10 else {
            instant = settings.instant(date, nil, isEnd)
            isZoneless = true
            return
        }
        guard [84, 116, 32].contains(bytes[10]),
            let (second, rest) = ADITime.clock(bytes[11...], isEnd)
        else { return nil }
        let isDayEnd = isEnd && second >= 86_399
        if rest.isEmpty {
            guard second < 86_400 || isDayEnd else { return nil }
            instant = settings.instant(date, isDayEnd ? nil : Int32(second), isEnd)
            isZoneless = true
            return
        }
        let midnight = "\(date)T00:00:00" + String(decoding: rest, as: UTF8.self)
        guard let start = Instant(rfc3339: midnight) else { return nil }
        instant = start.advanced(bySeconds: Int64(isDayEnd ? 86_400 : second))
        isZoneless = false
    }

    /// The second of the day of `hh:mm[:ss[.fraction]]`, and what follows: a zone or nothing.
    private static func clock(_ bytes: ArraySlice<UInt8>, _ isEnd: Bool)
        -> (Int, ArraySlice<UInt8>)?
    {
        var rest = bytes
        var numbers: [Int] = []
        while numbers.count < 3, rest.count >= 2, rest.prefix(2).allSatisfy(isDigit) {
            numbers.append(rest.prefix(2).reduce(0) { $0 * 10 + Int($1) - 48 })
            rest = rest.dropFirst(2)
            guard numbers.count < 3, rest.first == UInt8(ascii: ":") else { break }
            rest = rest.dropFirst()
        }
        guard numbers.count >= 2 else { return nil }
        let (hour, minute, second) = (numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
        guard minute < 60, second < 60, hour < 24 || (isEnd && (hour, minute, second) == (24, 0, 0))
        else { return nil }
        if rest.first == UInt8(ascii: "."), numbers.count == 3 {
            let digits = rest.dropFirst().prefix(while: isDigit)
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        return (hour * 3600 + minute * 60 + second, rest)
    }

    /// Seconds of a running time `hh:mm:ss`; nil for anything else.
    static func duration(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { wholeNumber(String($0), in: 0...99) }
        guard parts.count == 3, numbers.count == 3, numbers[1] < 60, numbers[2] < 60 else {
            return nil
        }
        return numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
    }
}
