/// A body that comes in: filled into one buffer, block by block.
final class Inflow {
    let pacer: Pacer
    private let blocks: [Int]
    private let buffers: BlockBuffers
    private let buffer: UnsafeMutableRawBufferPointer
    private let onBlock: (Int, UnsafeRawBufferPointer) -> Void
    /// Called once, when all that was announced came, with the bytes that are no whole block.
    let onDone: (_ wasteBytes: Int64) -> Void
    private var block = 0
    private var filled = 0
    private var remainingBytes: Int64

    /// `announcedBytes` at most the sum of `blocks`, both above 0.
    init(
        announcedBytes: Int64, blocks: [Int], buffers: BlockBuffers, pacer: Pacer,
        onBlock: @escaping (Int, UnsafeRawBufferPointer) -> Void, onDone: @escaping (Int64) -> Void
    ) {
        self.pacer = pacer
        self.blocks = blocks
        self.buffers = buffers
        self.onBlock = onBlock
        self.onDone = onDone
        remainingBytes = announcedBytes
        let largest = Int64(blocks.max() ?? 1)
        buffer = buffers.take(bytes: Int(min(largest, announcedBytes)))
    }

    // Whoever handles a block holds the inflow, so that its memory stays till the call is over.
    deinit { buffers.giveBack(buffer) }

    /// What came and isn't a whole block: the beginning of one.
    var wasteBytes: Int64 { Int64(filled) }

    var isDone: Bool { remainingBytes == 0 }

    /// What is wanted at once, at least 1 byte: never more than was announced.
    var wantedBytes: Int { min(blocks[block] - filled, Int(min(remainingBytes, 1 << 40))) }

    /// Where the next so many bytes go.
    func space(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + bytes)])
    }

    /// So many bytes came; hands the block over when that completes it.
    func came(_ bytes: Int) {
        filled += bytes
        remainingBytes -= Int64(bytes)
        guard filled == blocks[block] else { return }
        let whole = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
        filled = 0
        block += 1
        onBlock(block - 1, whole)
    }
}
