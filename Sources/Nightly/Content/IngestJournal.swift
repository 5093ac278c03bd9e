import Content
import Quantities

/// What an ingest has written so far, so that one that is cut short goes on where it was.
///
/// A line that tells what is ingested, and a line with the SHA-256 of each chunk that was written.
/// Nothing else is believed after a restart: each chunk is read and must have its digest. A last
/// line that is cut off doesn't count.
final class IngestJournal {
    private static let lineBytes: Int64 = 65

    private let file: SharedContentFile
    private let headBytes: Int64
    /// The chunks that were written before, in order.
    let chunks: [Digest]
    private var written: Int64

    /// Opens the journal at `path`, or begins it anew when it is none or tells of something else.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - subject: SHA-256 of all that determines the stored bytes.
    /// - Throws: when it can't be read or written.
    init(_ path: String, subject: Digest) throws(NightlyError) {
        let head = Array("mediaplan-ingest 1 \(subject.hex)\n".utf8)
        file = SharedContentFile(try ContentFile(keeping: path))
        headBytes = Int64(head.count)
        let text = try Files.read(path)
        if text.starts(with: head) {
            chunks = IngestJournal.digests(text.dropFirst(head.count))
        } else {
            chunks = []
            try file.file.truncate(to: 0)
            try file.file.write(head[...], at: 0)
        }
        written = Int64(chunks.count)
    }

    private static func digests(_ text: ArraySlice<UInt8>) -> [Digest] {
        var digests: [Digest] = []
        var rest = text
        while rest.count >= Int(lineBytes) {
            let line = rest.prefix(Int(lineBytes))
            guard line.last == UInt8(ascii: "\n"),
                let digest = Digest(hex: String(decoding: line.dropLast(), as: UTF8.self))
            else { break }
            digests.append(digest)
            rest = rest.dropFirst(Int(lineBytes))
        }
        return digests
    }

    /// Forgets all chunks from `number` on.
    func cut(to number: Int) throws(NightlyError) {
        guard Int64(number) < written else { return }
        written = Int64(number)
        try file.file.truncate(to: headBytes + written * IngestJournal.lineBytes)
    }

    /// Notes the next chunk, which has been written.
    func add(_ digest: Digest) throws(NightlyError) {
        let line = Array("\(digest.hex)\n".utf8)
        try file.file.write(line[...], at: headBytes + written * IngestJournal.lineBytes)
        written += 1
    }
}
