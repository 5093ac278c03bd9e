/// Exact arithmetic for values in millionths.
///
/// A wish's value is `10⁶ · fairness · decay^(rank-1)` with rational fairness and
/// decay, rounded half to even. Floating point could round a near tie either way
/// and so differ between two auditors; this computes the exact quotient.
///
/// Idea: `floor(floor(x / a) / b) == floor(x / (a·b))`, so the product of the
/// numerators may be divided by the denominators one after the other; a sticky
/// bit remembers whether anything was left over. One binary digit more than
/// needed is kept to see the half. O(factors²) on 32-bit limbs.
public enum Millionths {
    /// `10⁶ · (n₁·n₂·…) / (d₁·d₂·…)` rounded half to even.
    ///
    /// - Parameters:
    ///   - numerators: factors, none negative.
    ///   - denominators: factors, all positive.
    /// - Returns: the rounded quotient, `Int64.max` when it doesn't fit.
    public static func quotient(_ numerators: [UInt64], over denominators: [UInt32]) -> Int64 {
        var limbs: [UInt32] = [2_000_000]
        for factor in numerators { multiply(&limbs, by: factor) }
        var sticky = false
        for divisor in denominators where divide(&limbs, by: divisor) != 0 { sticky = true }
        while limbs.count > 1, limbs[limbs.count - 1] == 0 { limbs.removeLast() }
        guard limbs.count <= 2 else { return Int64.max }
        let doubled = UInt64(limbs[0]) | (limbs.count > 1 ? UInt64(limbs[1]) << 32 : 0)
        let whole = doubled >> 1
        let half = doubled & 1 == 1
        let up = half && (sticky || whole & 1 == 1)
        return up && whole < UInt64(Int64.max) ? Int64(whole) + 1 : Int64(whole)
    }

    /// Little-endian limbs times `factor`.
    private static func multiply(_ limbs: inout [UInt32], by factor: UInt64) {
        var carry: UInt128 = 0
        for i in limbs.indices {
            let product = UInt128(limbs[i]) * UInt128(factor) + carry
            limbs[i] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        while carry > 0 {
            limbs.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
    }

    /// Divides in place, returns the remainder.
    private static func divide(_ limbs: inout [UInt32], by divisor: UInt32) -> UInt32 {
        var rest: UInt64 = 0
        for i in limbs.indices.reversed() {
            let value = rest << 32 | UInt64(limbs[i])
            limbs[i] = UInt32(value / UInt64(divisor))
            rest = value % UInt64(divisor)
        }
        while limbs.count > 1, limbs[limbs.count - 1] == 0 { limbs.removeLast() }
        return UInt32(rest)
    }
}
