/// What is to happen, by time, then in the order in which it was said.
struct Queue<Element> {
    private var heap: [(atMs: Int64, number: Int, element: Element)] = []
    private var count = 0

    mutating func add(_ element: Element, atMs: Int64) {
        count += 1
        heap.append((atMs, count, element))
        var child = heap.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func next() -> (atMs: Int64, element: Element)? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, precedes(child + 1, child) { child += 1 }
            guard precedes(child, parent) else { break }
            heap.swapAt(parent, child)
            parent = child
        }
        return (first.atMs, first.element)
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        (heap[a].atMs, heap[a].number) < (heap[b].atMs, heap[b].number)
    }
}
