/// One that could send for a task.
struct Candidate {
    /// Where what it sends is written down.
    enum Kind: UInt8 {
        /// A position in the supplies at dusk.
        case holder
        /// A place among the item's offers.
        case receiver
        case origin
    }

    var price: Int64
    /// Orders those of equal price.
    var tie: UInt64
    var kind: Kind
    var place: Int32

    @inline(__always)
    static func < (a: Candidate, b: Candidate) -> Bool {
        if a.price != b.price { return a.price < b.price }
        if a.tie != b.tie { return a.tie < b.tie }
        return (a.kind.rawValue, a.place) < (b.kind.rawValue, b.place)
    }
}

/// Candidates by price: a binary heap, since a task looks at few of many.
struct CandidateHeap {
    private var heap: [Candidate] = []

    var count: Int { heap.count }
    var isEmpty: Bool { heap.isEmpty }
    var least: Candidate? { heap.first }

    mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

    /// Adds one. O(log n).
    mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var k = heap.count - 1
        while k > 0, heap[k] < heap[(k - 1) / 2] {
            heap.swapAt(k, (k - 1) / 2)
            k = (k - 1) / 2
        }
    }

    /// Takes the cheapest out. O(log n).
    mutating func popLeast() -> Candidate? {
        guard let least = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(0)
        }
        return least
    }

    private mutating func sink(_ start: Int) {
        var k = start
        while true {
            var child = 2 * k + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[k] else { return }
            heap.swapAt(k, child)
            k = child
        }
    }
}
