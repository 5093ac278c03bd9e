import Catalogue
import Content
import Crypto
import Glibc
import Quantities

/// Checks the chunks of one file against an index, one at a time, so that the caller can do other
/// things in between.
///
/// Holes are skipped without reading. Cost of a step: one chunk read and hashed.
final class ChunkCheck {
    let index: ChunkIndex
    let file: Descriptor
    /// The file's size and times before anything of it was read: what changes later shows.
    let mark: FileMark?
    private var next: Int32 = 0
    private var offset: Int64 = 0
    private var count: Int32
    private var buffer: UnsafeMutableRawBufferPointer
    private let layout: Layout
    private var runs: [Range<Int32>] = []
    /// Chunks that lie there, though not as the index says: not those that are zeros, which
    /// holes at the edge of a block read as.
    private(set) var bad: [Int32] = []

    /// The sizes of chunks, kept small.
    private struct Layout {
        let chunkBytes: Int64
        let short: [Int32: Int64]
        let totalBytes: Int64

        func bytes(_ chunk: Int32) -> Int64 { short[chunk] ?? chunkBytes }
    }

    init(_ file: Descriptor, _ index: ChunkIndex) {
        self.file = file
        mark = file.mark
        self.index = index
        let layout = index.layout
        count = layout.count
        self.layout = Layout(
            chunkBytes: layout.chunkBytes,
            short: Dictionary(
                zip(layout.shortChunks, layout.shortBytes), uniquingKeysWith: { one, _ in one }),
            totalBytes: layout.totalBytes)
        buffer = .allocate(
            byteCount: Int(min(layout.chunkBytes, layout.totalBytes)), alignment: 4096)
    }

    deinit { buffer.deallocate() }

    /// What was good so far.
    var good: RangeSet32 { RangeSet32(runs) }

    /// How many chunks were looked at.
    var done: Int32 { next }

    /// Looks at the next chunk; false when there is none.
    func step() -> Bool {
        guard next < count else { return false }
        let chunk = next
        let size = layout.bytes(chunk)
        let start = offset
        next += 1
        offset += size
        guard hasData(start, size) else { return next < count }
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(size)])
        let isGood =
            file.read(bytes, at: start) == nil
            && sha256(UnsafeRawBufferPointer(bytes)) == index.chunks[Int(chunk)]
        if isGood {
            if let last = runs.last, last.upperBound == chunk {
                runs[runs.count - 1] = last.lowerBound..<next
            } else {
                runs.append(chunk..<next)
            }
        } else if bytes.contains(where: { $0 != 0 }) {
            bad.append(chunk)
        }
        return next < count
    }

    /// Whether anything but a hole begins in this part.
    private func hasData(_ start: Int64, _ size: Int64) -> Bool {
        let data = lseek(file.raw, off_t(start), LinuxCalls.seekData)
        if data >= 0 { return Int64(data) < start + size }
        // ENXIO: there is no data from here on. Anything else: the disk knows no holes.
        return errno != ENXIO
    }
}

/// The SHA-256 of bytes that lie in memory anywhere.
func sha256(_ bytes: UnsafeRawBufferPointer) -> Quantities.Digest {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    let digest = hash.finalize()
    guard let result = digest.withUnsafeBytes({ Quantities.Digest(bytes: $0) }) else {
        preconditionFailure("a SHA-256 has 32 bytes")
    }
    return result
}
