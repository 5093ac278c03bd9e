import Content
import Quantities

/// Chunks that lie on the disk in another item, an older version mostly, and are copied.
///
/// Decides where each is copied from: the first item in order of keys that holds a chunk of that
/// digest. Invariants: a chunk to be copied is taken in its stock, so it is not asked for; it is
/// given free as soon as the copy fails.
struct Copies: Sendable {
    struct Copy: Hashable, Sendable {
        let stock: Int
        let chunk: Int32
        let from: String
        let fromChunk: Int32
    }

    /// What lies on the disk, with an index, ascending by key.
    private let sources: [Event.Shelved]
    /// To be begun, in order.
    var waiting: [Copy] = []
    /// Begun.
    var running: [Copy] = []
    /// Done since the last note, by stock.
    var done: [(stock: Int, chunk: Int32)] = []

    init(_ shelf: [Event.Shelved]) {
        sources = shelf.filter { $0.index != nil && !$0.chunks.isEmpty }
    }

    /// Where the chunks of `range` that `stock` lacks lie on the disk. O(all chunks on the disk).
    func find(_ stock: Stock, number: Int) -> [Copy] {
        guard let index = stock.index, !sources.isEmpty else { return [] }
        var places: [Digest: (source: Int, chunk: Int32)] = [:]
        let free = stock.wanted.ranges.ranges.flatMap { $0 }.filter { !stock.taken.contains($0) }
        let digests = Set(free.map { index.chunks[Int($0)] })
        for (number, source) in sources.enumerated() where source.item != stock.key {
            guard let other = source.index else { continue }
            for chunk in source.chunks.ranges.joined() where Int(chunk) < other.chunks.count {
                let digest = other.chunks[Int(chunk)]
                if digests.contains(digest), places[digest] == nil {
                    places[digest] = (number, chunk)
                }
            }
        }
        return free.compactMap { chunk in
            places[index.chunks[Int(chunk)]].map {
                Copy(
                    stock: number, chunk: chunk, from: sources[$0.source].item, fromChunk: $0.chunk)
            }
        }
    }

    /// Whether a chunk of `item` is yet to be copied.
    func needs(_ item: String) -> Bool {
        waiting.contains { $0.from == item } || running.contains { $0.from == item }
    }
}
