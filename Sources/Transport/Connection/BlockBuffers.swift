/// Memory for blocks, used again: fresh memory costs more in page faults than the bytes that come
/// into it.
final class BlockBuffers {
    private var spare: [UnsafeMutableRawBufferPointer] = []
    /// How many are kept for later: blocks are large, and boxes small.
    private let spareCount = 1

    deinit { for buffer in spare { buffer.deallocate() } }

    /// A buffer of at least `bytes` bytes; to be given back.
    func take(bytes: Int) -> UnsafeMutableRawBufferPointer {
        if let place = spare.firstIndex(where: { $0.count >= bytes && $0.count / 4 <= bytes }) {
            return spare.remove(at: place)
        }
        return .allocate(byteCount: max(1, bytes), alignment: 4096)
    }

    func giveBack(_ buffer: UnsafeMutableRawBufferPointer) {
        spare.append(buffer)
        if spare.count > spareCount { spare.removeFirst().deallocate() }
    }
}
