/// Which of a row of senders still have something to send: a set that only loses members.
///
/// Disjoint sets (Tarjan 1975): each member stands for itself, each lost one for the next
/// that is left. A look at n members costs what is left of them, not what there was.
struct Survivors {
    /// Place of one at or after each place that may be left; the last stands for the end.
    private var next: [Int32]

    init(count: Int) { next = (0...Int32(count)).map { $0 } }

    /// The first that is left at or after a place, at most the end. Amortised O(log n).
    @inline(__always)
    mutating func first(from place: Int) -> Int {
        var k = place
        while Int(next[k]) != k {
            next[k] = next[Int(next[k])]
            k = Int(next[k])
        }
        return k
    }

    /// Takes one out.
    @inline(__always)
    mutating func remove(_ place: Int) { next[place] = Int32(place) + 1 }

    /// Adds one at the end.
    mutating func append() { next.append(Int32(next.count)) }
}
