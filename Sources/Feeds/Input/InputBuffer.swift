/// The decompressed bytes of an input that are not consumed yet.
///
/// Invariant: `bytes[start...]` is what comes next. Each ``fill(from:)`` at least
/// doubles what is unread, or adds ``fillBytes``, so that a reader which starts
/// its row anew after every fill still takes linear time.
struct InputBuffer: ~Copyable {
    private(set) var bytes: [UInt8] = []
    /// Position of the first byte that isn't consumed.
    private(set) var start = 0
    /// Nothing follows `bytes`.
    private(set) var isWhole = false
    private let fillBytes: Int
    private var input: Input

    init(_ input: consuming Input, fillBytes: Int) {
        self.input = input
        self.fillBytes = fillBytes
    }

    /// How many bytes are there to be read without a fill.
    var unread: Int { bytes.count - start }

    /// Drops `count` bytes from the front.
    mutating func consume(_ count: Int) { start += count }

    /// Adds what comes next; after it, either more is unread or `isWhole` is true.
    mutating func fill(from read: ReadBytes) throws {
        bytes.removeSubrange(0..<start)
        start = 0
        let target = bytes.count + max(fillBytes, bytes.count)
        while bytes.count < target, !isWhole {
            let piece = try input.next(from: read)
            if piece.isEmpty { isWhole = true } else { bytes.append(contentsOf: piece) }
        }
    }
}
