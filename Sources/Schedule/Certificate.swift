/// Prices that prove a bound by weak duality (MODEL, How far from the best).
///
/// Every price is a non-negative integer in units of 2⁻⁴⁰ millionths of value
/// per byte (``Certificate/fractionBits``).
package struct Prices: Hashable, Sendable {
    /// Per device: a byte of its night's upload.
    package var up: [Int64]
    /// Per origin: a byte of its night's egress.
    package var egress: [Int64]
    /// Per site: a byte on the edge to its parent, upwards.
    package var edgeUp: [Int64]
    /// Per site: a byte on the edge from its parent, downwards.
    package var edgeDown: [Int64]
    /// First-copy multipliers π(d,i); ascending by device, then item; those that are absent are 0.
    package var firstCopy: [FirstCopy]

    package init(
        up: [Int64], egress: [Int64], edgeUp: [Int64], edgeDown: [Int64],
        firstCopy: [FirstCopy] = []
    ) {
        self.up = up
        self.egress = egress
        self.edgeUp = edgeUp
        self.edgeDown = edgeDown
        self.firstCopy = firstCopy
    }
}

/// The multiplier π(d,i) of one device and item.
package struct FirstCopy: Hashable, Sendable {
    /// Position in `Fleet.devices`.
    package var device: Int32
    /// Position in `Catalogue.items`.
    package var item: Int32
    /// Per byte, in price units; positive.
    package var price: Int64

    package init(device: Int32, item: Int32, price: Int64) {
        self.device = device
        self.item = item
        self.price = price
    }
}

/// A price vector and the bound that it proves for `value − α · origin GB − β · carried cost`.
///
/// How it is rounded, so that planner and audit agree to the last digit: α and β
/// enter a path's price as `α · 2⁴⁰ / 10⁹` per byte from an origin and
/// `β · cost · 2⁴⁰ / 10¹⁵` per byte and edge (and for the origin's own cost),
/// each rounded down; a wish of value w and m missing bytes gains
/// `w · 2⁴⁰ / m` per byte, rounded up, less its price; all products and sums are
/// 128-bit integers; the total is divided by 2⁴⁰ and rounded up.
package struct Certificate: Hashable, Sendable {
    /// Binary digits after the point in a price.
    package static let fractionBits: Int64 = 40

    /// Millionths of value per GB from an origin.
    package var alpha: Int64
    /// Millionths of value per unit of carried cost.
    package var beta: Int64
    package var prices: Prices
    /// No plan's objective is above this, in millionths.
    package var bound: Int64

    package init(alpha: Int64, beta: Int64, prices: Prices, bound: Int64) {
        self.alpha = alpha
        self.beta = beta
        self.prices = prices
        self.bound = bound
    }

    /// The largest price that α and β make of a byte on one edge: 2⁵⁶.
    package static let mostPerEdge: Int64 = 1 << 56

    /// α in price units: what one byte from an origin costs, at most ``mostPerEdge``.
    package static func alphaPrice(_ alpha: Int64) -> Int64 {
        Int64(min(Int128(mostPerEdge), (Int128(alpha) << Int128(fractionBits)) / 1_000_000_000))
    }

    /// β in price units: what one byte costs on something of `costPerGB` (millionths of the
    /// currency), at most ``mostPerEdge``.
    package static func betaPrice(_ beta: Int64, costPerGB: Int64) -> Int64 {
        let (whole, rest) = (Int128(beta) * Int128(costPerGB)).quotientAndRemainder(
            dividingBy: 1_000_000_000_000_000)
        if whole >= Int128(mostPerEdge >> fractionBits) { return mostPerEdge }
        return Int64(
            whole << Int128(fractionBits)
                + (rest << Int128(fractionBits)) / 1_000_000_000_000_000)
    }
}
