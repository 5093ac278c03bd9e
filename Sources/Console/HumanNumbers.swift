// Numbers as people read them. Programs get plain integers in base units.

extension BinaryInteger {
    /// `1,234,567`.
    package var grouped: String {
        let digits = Array(String(magnitude))
        var text = self < 0 ? "-" : ""
        for (i, digit) in digits.enumerated() {
            if i > 0, (digits.count - i) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// Bytes with a decimal unit and three figures at least: `512 B`, `4.19 MB`, `1,234 TB`.
    package var asBytes: String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(Int64(clamping: self))
        var unit = 0
        while abs(value) >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        if unit == 0 || abs(value) >= 99.95 {
            return "\(Int64(value.rounded()).grouped) \(units[unit])"
        }
        return "\(value.decimals(abs(value) >= 9.995 ? 1 : 2)) \(units[unit])"
    }
}

extension Double {
    /// The number with exactly `count` decimals (0 to 6), rounded half away from zero: `3.14`.
    package func decimals(_ count: Int) -> String {
        let scale = (0..<count).reduce(1) { power, _ in power * 10 }
        let scaled = (magnitude * Double(scale)).rounded()
        guard scaled < 9e18 else { return String(self) }
        let whole = Int64(scaled) / Int64(scale)
        let rest = String(Int64(scaled) % Int64(scale))
        let sign = self < 0 && scaled > 0 ? "-" : ""
        if count == 0 { return sign + String(whole) }
        return sign + "\(whole)." + String(repeating: "0", count: count - rest.count) + rest
    }

    /// A share of 1 as a percentage with `count` decimals: `97.3 %`.
    package func asPercent(_ count: Int = 1) -> String { (self * 100).decimals(count) + " %" }

    /// Seconds as a duration: `0.42 s`, `12.3 s`, `4 min 05 s`.
    package var asSeconds: String {
        if self < 9.995 { return decimals(2) + " s" }
        if self < 99.95 { return decimals(1) + " s" }
        let whole = Int64(rounded())
        let rest = whole % 60
        return "\(whole / 60) min \(rest < 10 ? "0" : "")\(rest) s"
    }
}

extension Int64 {
    /// Millionths as a decimal number with three places: `1.25` of 1,250,000 is `1.250`.
    package var millionths: String {
        let thousandths = (magnitude + 500) / 1000
        let rest = String(thousandths % 1000)
        let zeros = String(repeating: "0", count: 3 - rest.count)
        return (self < 0 && thousandths > 0 ? "-" : "") + (thousandths / 1000).grouped + "." + zeros
            + rest
    }
}

extension Int64 {
    /// A count of `10^-places` as the exact decimal number without needless zeros: `0.05`, `-3`.
    package func decimal(places: Int) -> String {
        var digits = Array(String(magnitude).utf8)
        let zeros = Swift.max(0, places + 1 - digits.count)
        digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: zeros), at: 0)
        var fraction = digits.suffix(places)
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        return (self < 0 ? "-" : "") + String(decoding: digits.dropLast(places), as: UTF8.self)
            + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
    }
}
