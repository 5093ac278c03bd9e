/// A non-negative decimal number kept exact, such as a decay of `0.8`.
@frozen
public struct Fraction: Hashable, Sendable {
    /// At most 10⁹.
    public let numerator: UInt32
    /// A power of ten from 1 to 10⁹.
    public let denominator: UInt32

    @inlinable
    public init(_ numerator: UInt32, over denominator: UInt32) {
        precondition(denominator > 0)
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Reads digits with at most nine decimals (`0.8`, `3`); nil when it has a sign or an exponent,
    /// or when its digits as one integer are above 10⁹.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.count <= 10,
            parts.count == 1 || (!parts[1].isEmpty && parts[1].utf8.count <= 9)
        else { return nil }
        let decimals = parts.count == 2 ? Array(parts[1].utf8) : []
        let digits = Array(parts[0].utf8) + decimals
        guard digits.count <= 18, let value = decimal(digits), value <= 1_000_000_000 else {
            return nil
        }
        self.init(UInt32(value), over: (0..<decimals.count).reduce(1) { power, _ in power * 10 })
    }

    /// The number times 10⁶, rounded half to even.
    public var millionths: Int64 { Millionths.quotient([UInt64(numerator)], over: [denominator]) }
}
