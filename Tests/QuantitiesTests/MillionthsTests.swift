import Quantities
import Testing

/// A natural number as decimal digits, least first: slow, and sharing nothing with what is tested.
private struct Digits: Comparable {
    var digits: [Int]

    init(_ number: UInt64) { digits = String(number).reversed().compactMap(\.wholeNumberValue) }

    private mutating func trim() {
        while digits.count > 1, digits.last == 0 { digits.removeLast() }
    }

    static func < (a: Self, b: Self) -> Bool {
        if a.digits.count != b.digits.count { return a.digits.count < b.digits.count }
        return a.digits.reversed().lexicographicallyPrecedes(b.digits.reversed())
    }

    static func * (a: Self, b: Self) -> Self {
        var product = Digits(0)
        product.digits = [Int](repeating: 0, count: a.digits.count + b.digits.count)
        for (i, x) in a.digits.enumerated() {
            for (j, y) in b.digits.enumerated() { product.digits[i + j] += x * y }
        }
        for i in product.digits.indices.dropLast() {
            product.digits[i + 1] += product.digits[i] / 10
            product.digits[i] %= 10
        }
        product.trim()
        return product
    }

    static func - (a: Self, b: Self) -> Self {
        var difference = a
        for i in a.digits.indices {
            difference.digits[i] -= i < b.digits.count ? b.digits[i] : 0
            if difference.digits[i] < 0 {
                difference.digits[i] += 10
                difference.digits[i + 1] -= 1
            }
        }
        difference.trim()
        return difference
    }

    /// Long division by repeated subtraction.
    func divided(by divisor: Digits) -> (quotient: Digits, rest: Digits) {
        var quotient = Digits(0)
        quotient.digits = []
        var rest = Digits(0)
        for digit in digits.reversed() {
            rest.digits.insert(digit, at: 0)
            rest.trim()
            var times = 0
            while rest >= divisor {
                rest = rest - divisor
                times += 1
            }
            quotient.digits.insert(times, at: 0)
        }
        quotient.trim()
        return (quotient, rest)
    }

    var text: String { digits.reversed().map(String.init).joined() }
}

struct MillionthsTests {
    /// The quotient by the schoolbook, rounded half to even; `Int64.max` when it doesn't fit.
    private func expected(_ numerators: [UInt64], _ denominators: [UInt32]) -> Int64 {
        let top = numerators.reduce(Digits(1_000_000)) { $0 * Digits($1) }
        let bottom = denominators.reduce(Digits(1)) { $0 * Digits(UInt64($1)) }
        let (quotient, rest) = top.divided(by: bottom)
        let twice = rest * Digits(2)
        let odd = quotient.digits[0] % 2 == 1
        guard let whole = Int64(quotient.text) else { return Int64.max }
        return twice > bottom || (twice == bottom && odd)
            ? whole.addingReportingOverflow(1).overflow ? Int64.max : whole + 1 : whole
    }

    @Test func `agrees with schoolbook arithmetic on random fractions`() {
        var random = SplitMix64(seed: 2)
        var wrong: [String] = []
        var rounded = 0
        for _ in 0..<1_500 {
            let bits = UInt64(random.below(33))
            let numerators = (0..<random.below(7)).map { _ in random.next() >> (31 + bits) }
            let denominators = (0..<random.below(8)).map { _ in
                UInt32(truncatingIfNeeded: random.next() >> (32 + bits / 2)) | 1
            }
            let right = expected(numerators, denominators)
            if right > 0, right < Int64.max { rounded += 1 }
            if Millionths.quotient(numerators, over: denominators) != right {
                wrong.append("\(numerators) / \(denominators)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
        #expect(rounded > 300)
    }

    @Test func `agrees with schoolbook arithmetic on the values of wishes`() {
        var wrong = 0
        for rank in 0..<40 {
            for days in [0, 1, 3, 7, 13, 14] {
                // (1 + 3·days/14) · 0.8^rank = (14 + 3·days) / 14 · 4^rank / 5^rank
                let numerators = [UInt64(14 + 3 * days)] + [UInt64](repeating: 8, count: rank)
                let denominators = [UInt32(14)] + [UInt32](repeating: 10, count: rank)
                let value = Millionths.quotient(numerators, over: denominators)
                if value != expected(numerators, denominators) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    @Test func `rounds ties to even, and everything beyond a tie away from it`() {
        for odd in UInt64(0)..<200 {
            let tie = 2 * odd + 1
            let value = Millionths.quotient([tie], over: [2_000_000])
            #expect(value % 2 == 0 && abs(value * 2 - Int64(tie)) == 1, "\(tie)/2")
        }
        #expect(Millionths.quotient([5], over: [2_000_000]) == 2)
        #expect(Millionths.quotient([5_000_000_001], over: [1_000_000_000, 2_000_000]) == 3)
        #expect(Millionths.quotient([4_999_999_999], over: [1_000_000_000, 2_000_000]) == 2)
        #expect(Millionths.quotient([7], over: [2_000_000]) == 4)
    }

    @Test func `gives the greatest number for what doesn't fit`() {
        #expect(Millionths.quotient([UInt64.max], over: []) == Int64.max)
        #expect(Millionths.quotient([UInt64.max], over: [1_000_000]) == Int64.max)
        // One half above the greatest number that fits.
        #expect(Millionths.quotient([UInt64.max], over: [2_000_000]) == Int64.max)
        #expect(Millionths.quotient([UInt64.max - 1], over: [2_000_000]) == Int64.max)
        #expect(Millionths.quotient([UInt64.max - 3], over: [2_000_000]) == Int64.max - 1)
    }

    @Test func `a factor of nothing gives nothing, no factor gives one`() {
        #expect(Millionths.quotient([0, UInt64.max], over: [3]) == 0)
        #expect(Millionths.quotient([], over: []) == 1_000_000)
        #expect(Millionths.quotient([1], over: [UInt32.max, UInt32.max]) == 0)
    }
}
