package import Fleet
package import Quantities

// Numbers, times and chunk ranges out of fields. Integers are exact: no value
// goes through floating point.

extension TableFields {
    /// The largest rate in kbps that is taken: 10¹², a petabit a second.
    package static let maxKbps: Int64 = 1_000_000_000_000
    /// The largest size in bytes that is taken: 10¹⁶, ten petabytes.
    package static let maxBytes: Int64 = 10_000_000_000_000_000

    /// A whole number in `range` that must be there.
    package func integer(_ column: TableColumn, in range: ClosedRange<Int64>)
        throws(FieldFault) -> Int64
    {
        guard let value = try optionalInteger(column, in: range) else { throw missing(column) }
        return value
    }

    /// A whole number in `range`, nil when the field is empty.
    package func optionalInteger(_ column: TableColumn, in range: ClosedRange<Int64>)
        throws(FieldFault) -> Int64?
    {
        let field = bytes(column)
        guard !field.isEmpty else { return nil }
        var value: Int64 = 0
        var overflow = false
        for i in field {
            guard isDigit(content[i]) else { throw notInteger(column, field, range) }
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, above) = product.addingReportingOverflow(Int64(content[i] - 48))
            overflow = overflow || over || above
            value = sum
        }
        guard !overflow, range.contains(value) else { throw outside(column, field, range) }
        return value
    }

    /// A non-negative decimal number times `10^decimals`, exact; nil when the field is empty.
    package func decimal(_ column: TableColumn, decimals: Int, max: Int64)
        throws(FieldFault) -> Int64?
    {
        let field = bytes(column)
        guard !field.isEmpty else { return nil }
        let parts = content[field].split(separator: 46, omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else {
            throw fault(
                "E_NUMBER", column, "is \(shown(field)), not a number such as 12 or 0.75")
        }
        let fraction = parts.count == 2 ? Array(parts[1]).droppingLast(where: { $0 == 48 }) : []
        guard fraction.count <= decimals else {
            throw fault("E_NUMBER", column, "has more than \(decimals) decimals")
        }
        let digits =
            parts[0] + fraction + [UInt8](repeating: 48, count: decimals - fraction.count)
        guard let value = Int64(String(decoding: digits, as: UTF8.self)), value <= max else {
            throw fault("E_RANGE", column, "is \(shown(field)), which is too large")
        }
        return value
    }

    /// An RFC 3339 time with a zone, nil when the field is empty.
    package func instant(_ column: TableColumn) throws(FieldFault) -> Instant? {
        let field = bytes(column)
        guard !field.isEmpty else { return nil }
        guard
            let instant = plainInstant(field)
                ?? Instant(rfc3339: String(decoding: content[field], as: UTF8.self))
        else {
            throw fault(
                "E_TIME", column, "is \(shown(field)), not a time",
                hint: "write it as RFC 3339 with a zone, such as 2026-11-23T20:15:00Z")
        }
        return instant
    }

    /// A day `yyyy-mm-dd`, nil when the field is empty.
    package func date(_ column: TableColumn) throws(FieldFault) -> CivilDate? {
        let field = bytes(column)
        guard !field.isEmpty else { return nil }
        guard let date = CivilDate(String(decoding: content[field], as: UTF8.self)) else {
            throw fault(
                "E_TIME", column, "is \(shown(field)), not a day",
                hint: "write it as 2026-11-23")
        }
        return date
    }

    /// `HH:MM-HH:MM`, nil when the field is empty.
    package func window(_ column: TableColumn) throws(FieldFault) -> DailyWindow? {
        let field = bytes(column)
        guard !field.isEmpty else { return nil }
        guard let window = DailyWindow(String(decoding: content[field], as: UTF8.self)) else {
            throw fault(
                "E_TIME", column, "is \(shown(field)), not a daily window",
                hint: "write it as 22:00-06:00")
        }
        return window
    }

    /// The common form of a time, `yyyy-mm-ddThh:mm:ssZ`, without a detour over text; nil for any
    /// other.
    private func plainInstant(_ field: Range<Int>) -> Instant? {
        let at = field.lowerBound
        guard field.count == 20, content[at + 4] == 45, content[at + 7] == 45,
            content[at + 10] == UInt8(ascii: "T"), content[at + 13] == 58, content[at + 16] == 58,
            content[at + 19] == UInt8(ascii: "Z"), let century = twoDigits(at),
            let year = twoDigits(at + 2), let month = twoDigits(at + 5),
            let day = twoDigits(at + 8), let hour = twoDigits(at + 11),
            let minute = twoDigits(at + 14), let second = twoDigits(at + 17), hour < 24,
            minute < 60, second < 60,
            let date = CivilDate(year: century * 100 + year, month: month, day: day)
        else { return nil }
        return date.startUTC.advanced(bySeconds: Int64(hour * 3600 + minute * 60 + second))
    }

    private func twoDigits(_ at: Int) -> Int? {
        guard isDigit(content[at]), isDigit(content[at + 1]) else { return nil }
        return Int(content[at] - 48) * 10 + Int(content[at + 1] - 48)
    }

    /// Empty or `all`, else ranges such as `0-99,150`.
    package func chunks(_ column: TableColumn) throws(FieldFault) -> Holding.Chunks {
        let field = bytes(column)
        if field.isEmpty || holds(field, "all") { return .all }
        guard let ranges = ranges(field) else {
            throw fault(
                "E_CHUNKS", column, "is \(shown(field)), not chunk ranges",
                hint: "write 'all', or numbers and ascending ranges such as 0-99,150")
        }
        return .some(ranges.count == 1 ? RangeSet32(ranges[0]) : RangeSet32(ranges))
    }

    /// `0-99,150` with blanks round the numbers as half-open ranges; nil when it is anything else.
    private func ranges(_ field: Range<Int>) -> [Range<Int32>]? {
        var ranges: [Range<Int32>] = []
        var at = field.lowerBound
        while true {
            guard let lower = number(&at, field.upperBound) else { return nil }
            var upper = lower
            if at < field.upperBound, content[at] == UInt8(ascii: "-") {
                at += 1
                guard let end = number(&at, field.upperBound), end >= lower else { return nil }
                upper = end
            }
            ranges.append(lower..<(upper + 1))
            if at == field.upperBound { return ranges }
            guard content[at] == UInt8(ascii: ",") else { return nil }
            at += 1
        }
    }

    /// A number below `Int32.max` with blanks round it; moves `at` behind them.
    private func number(_ at: inout Int, _ end: Int) -> Int32? {
        while at < end, content[at] == 32 { at += 1 }
        let start = at
        var value = 0
        while at < end, isDigit(content[at]), value < Int(Int32.max) {
            value = value * 10 + Int(content[at] - 48)
            at += 1
        }
        guard at > start, value < Int(Int32.max) else { return nil }
        while at < end, content[at] == 32 { at += 1 }
        return Int32(value)
    }

    private func notInteger(
        _ column: TableColumn, _ field: Range<Int>, _ range: ClosedRange<Int64>
    ) -> FieldFault {
        if content[field.lowerBound] == UInt8(ascii: "-"), field.count > 1,
            content[field].dropFirst().allSatisfy(isDigit)
        {
            return outside(column, field, range)
        }
        return fault(
            "E_NUMBER", column, "is \(shown(field)), not a whole number",
            hint: "write digits only, without decimals, separators or a unit")
    }

    private func outside(
        _ column: TableColumn, _ field: Range<Int>, _ range: ClosedRange<Int64>
    ) -> FieldFault {
        fault(
            "E_RANGE", column,
            "is \(shown(field)), outside \(range.lowerBound) to \(range.upperBound)")
    }
}

extension Array {
    /// The array without the elements at its end that fit.
    fileprivate func droppingLast(where fits: (Element) -> Bool) -> ArraySlice<Element> {
        self[..<(lastIndex { !fits($0) }.map { $0 + 1 } ?? 0)]
    }
}
