import Catalogue
import Content
import Manifest
import Quantities

/// One item of the manifest: which of its chunks lie on the disk, and which are on their way.
///
/// Invariants: ``have`` holds chunks that were verified and lie on the disk, nothing else;
/// ``taken`` is ``have`` and every chunk that is asked for, being written, or to be copied, so a
/// chunk outside it may be asked for, and one inside it never is; ``missingBytes`` are the bytes of
/// ``wanted`` that ``have`` lacks.
struct Stock: Sendable {
    let facts: ManifestItem
    let layout: ChunkLayout
    /// Trusted, and cut as the manifest says.
    private(set) var index: ChunkIndex?
    var bought = false
    private(set) var have: ChunkBits
    var taken: ChunkBits
    /// What the manifest fetches.
    private(set) var wanted: ChunkBits
    /// What the manifest removes, once its time has come: not sent any more.
    var withdrawn: ChunkBits
    private(set) var missingBytes: Int64 = 0
    /// A wish of the device.
    var isWish = false
    /// Room on the disk: chosen to be completed; and begun, so that its missing bytes are set
    /// aside.
    var chosen = false
    var begun = false
    /// Its partial file is to be deleted as soon as nothing is written to it any more.
    var dropping = false
    /// Asking for the index: attempts in a row, whether one is under way, when to ask again.
    var indexAttempts = 0
    var indexAsked = false
    var nextIndexMs = Int64.min
    /// Faults of the disk, and when to try again.
    var diskFaults = 0
    var nextDiskMs = Int64.min
    var finishing = false
    var finished = false
    /// Everyone beside the planned source, in the order given.
    var fallbacks: [Fallback] = []

    init(_ facts: ManifestItem) {
        self.facts = facts
        layout = facts.layout
        have = ChunkBits(size: layout.count)
        taken = have
        wanted = have
        withdrawn = have
    }

    var key: String { facts.key }
    /// Bytes that lie on the disk.
    var haveBytes: Int64 { have.ranges.ranges.reduce(0) { $0 + layout.bytes(in: $1) } }
    /// Whether chunks of it may be fetched, as far as the index and the disk go.
    func isReady(_ steadyMs: Int64) -> Bool {
        index != nil && chosen && nextDiskMs <= steadyMs
    }
    /// Whether the device still wants some of it.
    var isOpen: Bool { missingBytes > 0 }

    /// Takes an index if it says what the manifest says.
    mutating func learn(_ index: ChunkIndex) -> Bool {
        guard index.layout == layout, index.chunks.count == Int(layout.count) else { return false }
        self.index = index
        return true
    }

    mutating func want(_ chunks: Range<Int32>) {
        for chunk in chunks where wanted.insert(chunk) && !have.contains(chunk) {
            missingBytes += layout.bytes(ofChunk: chunk)
        }
    }

    /// The chunk lies on the disk now.
    mutating func put(_ chunk: Int32) {
        taken.insert(chunk)
        guard have.insert(chunk), wanted.contains(chunk) else { return }
        missingBytes -= layout.bytes(ofChunk: chunk)
    }

    /// The chunk doesn't lie on the disk any more.
    mutating func lose(_ chunk: Int32) {
        taken.remove(chunk)
        guard have.remove(chunk), wanted.contains(chunk) else { return }
        missingBytes += layout.bytes(ofChunk: chunk)
    }

    /// Where the chunks lie in the item.
    func bytes(of chunks: Range<Int32>) -> Range<Int64> {
        let start = layout.offset(ofChunk: chunks.lowerBound)
        return start..<(start + layout.bytes(in: chunks))
    }

    /// The chunk that holds the byte at `offset`, which must lie in the item.
    ///
    /// O(log chunks · files).
    func chunk(at offset: Int64) -> Int32 {
        var low: Int32 = 0
        var high = layout.count
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if layout.offset(ofChunk: middle) <= offset { low = middle } else { high = middle }
        }
        return low
    }
}

/// One end that may be asked for what a source failed to send of an item.
///
/// Invariant: a chunk in ``lacks`` is not asked of it until all that is missing has been.
struct Fallback: Hashable, Sendable {
    let end: Int
    let address: ManifestContent.End
    /// It said no, so many times in a row, and when to ask again.
    var refusals = 0
    /// So many of them said that it won't have it either.
    var denials = 0
    var nextTryMs = Int64.min
    /// Chunks that it said it doesn't have, and when that is to be forgotten: it receives too.
    private(set) var lacks: ChunkBits
    private var forgetMs = Int64.max

    init(end: Int, address: ManifestContent.End, chunks: Int32) {
        self.end = end
        self.address = address
        lacks = ChunkBits(size: chunks)
    }

    /// All of it is forgotten at the time that came with the first of it.
    mutating func note(lacking: Range<Int32>, until steadyMs: Int64) {
        if forgetMs == .max { forgetMs = steadyMs }
        lacks.insert(lacking)
    }

    /// Forgets what it said long ago.
    mutating func forget(at steadyMs: Int64) {
        guard steadyMs >= forgetMs else { return }
        forgetMs = .max
        lacks.remove(0..<lacks.size)
    }

    mutating func forget(_ chunks: Range<Int32>) { lacks.remove(chunks) }

    var isOrigin: Bool { address.kind == .origin }
    /// Whether it can be connected to at all.
    var isReachable: Bool { !address.address.isEmpty }
}
