import Dispatch
import Quantities
import Synchronization

/// Several threads: each takes the next shard that nobody has taken.
struct Cores: Workers {
    /// At least 1.
    let threads: Int

    init(threads: Int) { self.threads = max(1, threads) }

    func map<Part: Sendable>(
        _ count: Int, _ shard: @Sendable (Int) -> Part
    ) -> [Part] {
        if threads == 1 { return OneWorker().map(count, shard) }
        let shared = Mutex((next: 0, done: [Part?](repeating: nil, count: count)))
        DispatchQueue.concurrentPerform(iterations: min(threads, max(1, count))) { _ in
            while let k = Cores.next(shared, count) {
                let part = shard(k)
                shared.withLock { $0.done[k] = part }
            }
        }
        // Every shard was handed out, and whoever took one left its part: none is nil.
        return shared.withLock { $0.done.compactMap { $0 } }
    }

    private static func next<Part: Sendable>(
        _ shared: borrowing Mutex<(next: Int, done: [Part?])>, _ count: Int
    ) -> Int? {
        shared.withLock { shared in
            guard shared.next < count else { return nil }
            shared.next += 1
            return shared.next - 1
        }
    }
}
