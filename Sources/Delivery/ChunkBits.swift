import Quantities

/// A set of chunk numbers below a fixed bound, one bit each.
///
/// Invariant: no bit at or above ``size`` is set, and ``count`` is the number of bits set.
struct ChunkBits: Hashable, Sendable {
    /// The bound: chunks are in `0..<size`.
    let size: Int32
    private(set) var count: Int32 = 0
    private var words: [UInt64]

    init(size: Int32) {
        self.size = size
        words = [UInt64](repeating: 0, count: Int(size + 63) / 64)
    }

    /// The chunks of `set` that lie in `0..<size`.
    init(size: Int32, _ set: RangeSet32) {
        self.init(size: size)
        for range in set.ranges { insert(range.clamped(to: 0..<size)) }
    }

    var isFull: Bool { count == size }

    func contains(_ chunk: Int32) -> Bool {
        chunk >= 0 && chunk < size && words[Int(chunk >> 6)] >> UInt64(chunk & 63) & 1 == 1
    }

    /// Says whether it was not there before.
    @discardableResult
    mutating func insert(_ chunk: Int32) -> Bool {
        guard chunk >= 0, chunk < size, !contains(chunk) else { return false }
        words[Int(chunk >> 6)] |= 1 << UInt64(chunk & 63)
        count += 1
        return true
    }

    mutating func insert(_ range: Range<Int32>) {
        for chunk in range { insert(chunk) }
    }

    /// Says whether it was there.
    @discardableResult
    mutating func remove(_ chunk: Int32) -> Bool {
        guard contains(chunk) else { return false }
        words[Int(chunk >> 6)] &= ~(1 << UInt64(chunk & 63))
        count -= 1
        return true
    }

    mutating func remove(_ range: Range<Int32>) {
        for chunk in range { remove(chunk) }
    }

    /// The lowest chunk of `range` that is in the set, or isn't; nil when there is none. O(words).
    func first(in range: Range<Int32>, present: Bool) -> Int32? {
        let range = range.clamped(to: 0..<size)
        guard !range.isEmpty else { return nil }
        var word = Int(range.lowerBound >> 6)
        var bits = wanted(word, present) & (UInt64.max << UInt64(range.lowerBound & 63))
        let last = Int((range.upperBound - 1) >> 6)
        while bits == 0, word < last {
            word += 1
            bits = wanted(word, present)
        }
        guard bits != 0 else { return nil }
        let chunk = Int32(word) << 6 + Int32(bits.trailingZeroBitCount)
        return chunk < range.upperBound ? chunk : nil
    }

    /// The first run of chunks of `range` that are not in the set.
    func firstGap(in range: Range<Int32>) -> Range<Int32>? {
        guard let start = first(in: range, present: false) else { return nil }
        let end = first(in: start..<range.upperBound, present: true)
        return start..<(end ?? min(range.upperBound, size))
    }

    /// The run of chunks in the set that begins `range`; empty when its first chunk isn't there.
    func prefix(of range: Range<Int32>) -> Range<Int32> {
        let end = first(in: range, present: false) ?? min(range.upperBound, size)
        return range.lowerBound..<max(end, range.lowerBound)
    }

    /// All of it as ranges.
    var ranges: RangeSet32 {
        var found: [Range<Int32>] = []
        var from: Int32 = 0
        while let start = first(in: from..<size, present: true) {
            let run = prefix(of: start..<size)
            found.append(run)
            from = run.upperBound
        }
        return RangeSet32(found)
    }

    private func wanted(_ word: Int, _ present: Bool) -> UInt64 {
        present ? words[word] : ~words[word]
    }
}
