/// An exact sum of products in 128 bits that remembers when it didn't fit.
struct Sum128 {
    private(set) var value: Int128 = 0
    private(set) var hasOverflowed = false

    /// Adds `a · b`.
    mutating func add(_ a: Int64, times b: Int128) { add(Int128(a), times: b) }

    /// Adds `a · b`.
    mutating func add(_ a: Int128, times b: Int128) {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        let (sum, overflow2) = value.addingReportingOverflow(product)
        value = overflow2 ? value : sum
        hasOverflowed = hasOverflowed || overflow || overflow2
    }

    /// The sum with `a · b` more.
    func adding(_ a: Int64, times b: Int128) -> Sum128 {
        var more = self
        more.add(a, times: b)
        return more
    }
}

extension Sum128 {
    /// Adds another sum.
    mutating func add(_ other: Sum128) {
        add(Int128(1), times: other.value)
        hasOverflowed = hasOverflowed || other.hasOverflowed
    }
}
