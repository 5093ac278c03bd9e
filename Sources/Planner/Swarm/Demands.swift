import Quantities

/// One wish that is to come whole, and what it still lacks.
struct Demand {
    let wish: Int
    let device: Int
    let item: Int
    /// 1 for the device's first eligible wish.
    let rank: Int
    /// Whether it may stay incomplete; it then comes after all others.
    let isPart: Bool
    /// Ascending ranges of chunks that are neither held nor due.
    var left: [Range<Int32>]
    var bytesLeft: Int64
    /// Slot after the last that brought something of it.
    var end: Int32 = 0
    /// Raised where an earlier pass ended too late.
    var urgency = 0

    /// Takes chunks out of what is left; `run` lies within range `k`.
    mutating func take(_ run: Range<Int32>, from k: Int, bytes: Int64, slot: Int32) {
        let range = left[k]
        let rest = [range.lowerBound..<run.lowerBound, run.upperBound..<range.upperBound]
        left.replaceSubrange(k...k, with: rest.filter { !$0.isEmpty })
        bytesLeft -= bytes
        end = slot + 1
    }
}
