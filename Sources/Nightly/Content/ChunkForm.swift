import Content
import Quantities

/// What the stored forms of equal chunks of a title have in common, known before they are stored:
/// the first 12 bytes.
struct ChunkMark: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt32

    /// - Parameter bytes: at least 12, of which the first 12 count.
    init(_ bytes: some Sequence<UInt8>) {
        var (high, low): (UInt64, UInt32) = (0, 0)
        for (place, byte) in bytes.prefix(StoredForm.nonceBytes).enumerated() {
            if place < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt32(byte) }
        }
        self.high = high
        self.low = low
    }
}

/// How the chunks of an item become what is stored.
protocol ChunkForm: AnyObject {
    /// Bytes of a file that make a full chunk.
    var sourceChunkBytes: Int64 { get }

    /// Bytes as stored of a file of this size.
    func storedBytes(ofSource bytes: Int64) -> Int64

    /// The mark of a chunk.
    ///
    /// - Parameters:
    ///   - source: its bytes as read.
    ///   - digest: their SHA-256.
    /// - Returns: the mark.
    func mark(of source: ArraySlice<UInt8>, digest: Digest) -> ChunkMark

    /// Makes the stored form of the chunk whose mark was asked for last.
    func store(_ source: ArraySlice<UInt8>, into stored: inout [UInt8]) throws(NightlyError)

    /// Tells this form and its key from others.
    var fingerprint: String { get }
}

/// Chunks that are sealed with the title's key.
final class SealingForm: ChunkForm {
    private let sealer: ChunkSealer
    private let chunkBytes: Int64
    private var nonce: [UInt8] = []

    init(_ key: borrowing ContentKey, chunkBytes: Int64) {
        sealer = ChunkSealer(key)
        self.chunkBytes = chunkBytes
    }

    var sourceChunkBytes: Int64 { StoredForm.plainChunkBytes(chunkBytes) }

    func storedBytes(ofSource bytes: Int64) -> Int64 {
        StoredForm.storedBytes(ofPlain: bytes, chunkBytes: chunkBytes)
    }

    func mark(of source: ArraySlice<UInt8>, digest: Digest) -> ChunkMark {
        nonce = sealer.nonce(ofPlain: digest)
        return ChunkMark(nonce)
    }

    func store(_ source: ArraySlice<UInt8>, into stored: inout [UInt8]) throws(NightlyError) {
        do throws(SealFault) {
            try sealer.seal(source, nonce: nonce, into: &stored)
        } catch { throw NightlyError(.failed, "\(error)") }
    }

    /// A nonce tells the key from others without giving it away.
    var fingerprint: String {
        sealer.nonce(ofPlain: SHA256Stream.digest([])).map { String($0) }.joined(separator: ".")
    }
}

/// Chunks that are stored as they come.
final class GivenForm: ChunkForm {
    private let chunkBytes: Int64

    init(chunkBytes: Int64) { self.chunkBytes = chunkBytes }

    var sourceChunkBytes: Int64 { chunkBytes }

    func storedBytes(ofSource bytes: Int64) -> Int64 { bytes }

    func mark(of source: ArraySlice<UInt8>, digest: Digest) -> ChunkMark { ChunkMark(source) }

    func store(_ source: ArraySlice<UInt8>, into stored: inout [UInt8]) {
        stored.replaceSubrange(0..., with: source)
    }

    var fingerprint: String { "given" }
}
