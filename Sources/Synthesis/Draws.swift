import Quantities

/// What a stream of random numbers is for: equal seeds and numbers give unrelated streams for each.
enum Aspect: UInt64 {
    case title = 1
    case popularity
    case taste
    case rareCopies
    case node
    case site
    case account
    case box
    case shelf
    case link
    case order
    case checksum
}

extension SplitMix64 {
    /// The stream of one aspect of the thing numbered `number`; the same wherever it is asked for.
    init(seed: UInt64, _ aspect: Aspect, _ number: Int) {
        let key = SplitMix64.mixed(seed &+ aspect.rawValue &* 0x9E37_79B9_7F4A_7C15)
        self.init(seed: SplitMix64.mixed(key ^ UInt64(number) &* 0xD134_2543_DE82_EF95))
    }

    /// An integer in `0..<total`, `total` positive; the bias is below 2⁻³² for every total used
    /// here.
    mutating func below(_ total: UInt64) -> UInt64 { next().multipliedFullWidth(by: total).high }

    /// An integer of `range`.
    mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(below(UInt64(range.upperBound - range.lowerBound) + 1))
    }

    /// True in `permille` of a thousand cases.
    mutating func chance(permille: Int) -> Bool { below(1000) < permille }
}

/// A few values, each with its share.
struct Mix<Value: Sendable>: Sendable {
    private let entries: [(share: Int, value: Value)]
    private let total: Int

    /// - Parameter entries: never empty, shares positive; they need not add up to anything.
    init(_ entries: [(share: Int, value: Value)]) {
        self.entries = entries
        total = entries.reduce(0) { $0 + $1.share }
    }

    /// One value, each as likely as its share.
    func draw(_ random: inout SplitMix64) -> Value {
        var left = random.below(total)
        for (share, value) in entries {
            if left < share { return value }
            left -= share
        }
        return entries[entries.count - 1].value
    }
}

extension Mix<Int64> {
    /// What draws come to on average, rounded down.
    var mean: Int64 { entries.reduce(0) { $0 + Int64($1.share) * $1.value } / Int64(total) }
}

/// Many positions, each with its weight. A draw costs O(log n).
struct WeightTable: Sendable {
    /// Entry k: the weights of positions 0 to k.
    private let cumulative: [UInt64]

    /// - Parameter weights: their sum below 2⁶⁴.
    init(_ weights: [UInt64]) {
        var sum: UInt64 = 0
        cumulative = weights.map {
            sum += $0
            return sum
        }
    }

    /// A position, each as likely as its weight; nil when no weight is positive.
    func draw(_ random: inout SplitMix64) -> Int? {
        guard let total = cumulative.last, total > 0 else { return nil }
        let point = random.below(total)
        var lower = 0
        var upper = cumulative.count - 1
        while lower < upper {
            let middle = (lower + upper) / 2
            if cumulative[middle] > point { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}

/// Zipf's law with exponent 0.8, in integers: the same on every machine.
enum Zipf {
    /// `⌊2²⁴ / rank^0.8⌋` for a rank from 1 to 2²⁰, exactly: the greatest w with `w⁵ · rank⁴ ≤
    /// 2¹²⁰`.
    static func weight(ofRank rank: Int) -> UInt64 {
        let limit = UInt128(1) << 120
        let square = UInt128(rank) * UInt128(rank)
        let quotient = limit / (square * square)
        var lower: UInt128 = 0
        var upper: UInt128 = 1 << 24
        while lower < upper {
            let middle = (lower + upper + 1) / 2
            let second = middle * middle
            if second * second * middle <= quotient { lower = middle } else { upper = middle - 1 }
        }
        return UInt64(lower)
    }
}

/// A permutation of `0..<count` that needs no memory: a four-round Feistel network, walked until it
/// lands inside (Black and Rogaway, Ciphers with arbitrary finite domains, CT-RSA 2002).
struct Permutation: Sendable {
    private let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]

    /// - Parameters:
    ///   - count: positive.
    ///   - seed: equal seeds give equal permutations.
    init(count: Int, seed: UInt64) {
        self.count = count
        let bits = UInt64(Int.bitWidth - max(count - 1, 1).leadingZeroBitCount)
        halfBits = (bits + 1) / 2
        var random = SplitMix64(seed: seed, .order, count)
        keys = (0..<4).map { _ in random.next() }
    }

    /// Where `position`, in `0..<count`, goes. O(1) on average: at most 3 of 4 places lie outside.
    func callAsFunction(_ position: Int) -> Int {
        var value = UInt64(position)
        repeat { value = round(value) } while value >= UInt64(count)
        return Int(value)
    }

    private func round(_ value: UInt64) -> UInt64 {
        let mask = (UInt64(1) << halfBits) - 1
        var left = value >> halfBits
        var right = value & mask
        for key in keys {
            (left, right) = (right, left ^ (SplitMix64.mixed(right ^ key) & mask))
        }
        return left << halfBits | right
    }
}
