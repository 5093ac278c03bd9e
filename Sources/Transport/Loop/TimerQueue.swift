/// Identifies a timer of an ``EventLoop``; never used again.
package struct TimerID: Hashable, Sendable {
    /// Counts from 1.
    package let raw: Int64
}

/// Timers in order of time, those of one time in the order in which they were added.
///
/// A binary heap; cancelled timers stay in it till their time comes, or till they are the most of
/// it.
struct TimerQueue {
    private struct Entry {
        var atMs: Int64
        var id: Int64

        static func < (a: Entry, b: Entry) -> Bool {
            (a.atMs, a.id) < (b.atMs, b.id)
        }
    }

    private var heap: [Entry] = []
    private var bodies: [Int64: () -> Void] = [:]
    private var lastID: Int64 = 0

    /// The number of timers that are to fire.
    var count: Int { bodies.count }

    mutating func add(atMs: Int64, _ body: @escaping () -> Void) -> TimerID {
        lastID += 1
        bodies[lastID] = body
        heap.append(Entry(atMs: atMs, id: lastID))
        rise(from: heap.count - 1)
        return TimerID(raw: lastID)
    }

    mutating func cancel(_ timer: TimerID) {
        guard bodies.removeValue(forKey: timer.raw) != nil else { return }
        if heap.count > 64, heap.count > 4 * bodies.count { forgetCancelled() }
    }

    /// When the next timer fires, nil without any.
    var earliestMs: Int64? {
        mutating get {
            dropCancelled()
            return heap.first?.atMs
        }
    }

    /// Takes out the next timer whose time has come.
    mutating func next(atMs: Int64) -> (() -> Void)? {
        dropCancelled()
        guard let first = heap.first, first.atMs <= atMs else { return nil }
        removeFirst()
        return bodies.removeValue(forKey: first.id)
    }

    private mutating func dropCancelled() {
        while let first = heap.first, bodies[first.id] == nil { removeFirst() }
    }

    private mutating func forgetCancelled() {
        // A sorted array is a heap.
        heap = heap.filter { bodies[$0.id] != nil }.sorted { $0 < $1 }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink()
    }

    private mutating func rise(from start: Int) {
        var place = start
        while place > 0, heap[place] < heap[(place - 1) / 2] {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while 2 * place + 1 < heap.count {
            var child = 2 * place + 1
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[place] else { return }
            heap.swapAt(place, child)
            place = child
        }
    }
}
