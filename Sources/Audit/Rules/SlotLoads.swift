/// Bytes that each of many ends carries in one slot.
///
/// Only the ends that carried anything are looked at when the slot is closed, so
/// a slot costs what moves in it, not what could.
struct SlotLoads {
    /// Per end; nil: unlimited.
    private let limits: [Int64?]
    private var bytes: [Int64]
    private var touched: [Int] = []

    /// - Parameter limits: bytes a slot, by end; nil: unlimited.
    init(limits: [Int64?]) {
        self.limits = limits
        bytes = [Int64](repeating: -1, count: limits.count)
    }

    mutating func add(_ more: Int64, to end: Int) {
        if bytes[end] < 0 {
            bytes[end] = 0
            touched.append(end)
        }
        bytes[end] = saturatingSum(bytes[end], more)
    }

    /// An end that carried more than it can.
    struct Excess {
        let end: Int
        let bytes: Int64
        let limit: Int64
    }

    /// Ends above their limit, in the order in which they were first used; begins the next slot.
    mutating func close() -> [Excess] {
        var excesses: [Excess] = []
        for end in touched {
            if let limit = limits[end], bytes[end] > limit {
                excesses.append(Excess(end: end, bytes: bytes[end], limit: limit))
            }
            bytes[end] = -1
        }
        touched.removeAll(keepingCapacity: true)
        return excesses
    }
}

/// The sum, `Int64.max` when it doesn't fit; neither may be negative.
func saturatingSum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? Int64.max : sum
}
