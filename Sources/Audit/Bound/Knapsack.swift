/// Bytes that a device would like, and what each of them gains.
struct KnapsackEntry {
    let bytes: Int64
    /// In units of 2⁻⁴⁰ millionths per byte, positive.
    let gain: Int128
}

/// The optimum of a fractional knapsack: entries by falling gain until the room is used up.
func knapsack(_ entries: [KnapsackEntry], room: Int128) -> Sum128 {
    var left = room
    var total = Sum128()
    for entry in entries.sorted(by: { $0.gain > $1.gain }) where left > 0 {
        let taken = min(left, Int128(entry.bytes))
        total.add(entry.gain, times: taken)
        left -= taken
    }
    return total
}
