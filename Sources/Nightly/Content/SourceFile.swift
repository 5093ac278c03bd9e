import Content
import Quantities

/// One file that is ingested, read once from its beginning to its end.
final class SourceFile {
    let source: IngestJob.Source
    let identity: FileIdentity
    private let file: SharedContentFile
    private var checksum: Checksum
    /// Whether it turned out to be another file than it should be.
    private(set) var isWrong = false

    /// The checksum that a feed stated, of the bytes read so far.
    private enum Checksum {
        case none
        case md5(MD5Stream)
        case sha256(SHA256Stream)
    }

    /// Opens it.
    ///
    /// - Parameters:
    ///   - source: what is known of it.
    ///   - storedBytes: what size a file of the stated size may have too; nil: none.
    /// - Throws: when it is no regular file, is empty, or hasn't the stated size.
    init(_ source: IngestJob.Source, orBytes storedBytes: Int64?) throws(NightlyError) {
        self.source = source
        file = SharedContentFile(try ContentFile(reading: source.path))
        identity = try file.file.identity()
        let size = identity.sizeBytes
        guard size > 0 else { throw NightlyError(.failed, "'\(source.path)' is empty") }
        guard size <= StoredForm.itemBytesLimit / 2 else {
            throw NightlyError(.failed, "'\(source.path)' is too big")
        }
        if let stated = source.sizeBytes, size != stated, size != storedBytes {
            throw NightlyError(
                .failed, "'\(source.path)' has \(size) bytes, but the feed states \(stated)",
                hint: "it isn't whole, or is another file; copy it again")
        }
        let isStated = source.sizeBytes.map { $0 == size } ?? true
        switch (isStated ? source.checksum : nil)?.utf8.count {
        case 32: checksum = .md5(MD5Stream())
        case 64: checksum = .sha256(SHA256Stream())
        default: checksum = .none
        }
    }

    /// Whether every byte must be read, for a checksum.
    var hasChecksum: Bool { if case .none = checksum { false } else { true } }

    /// Reads the next bytes into the beginning of `buffer`; they must all be there.
    func read(_ count: Int, at offset: Int64, into buffer: inout [UInt8]) throws(NightlyError) {
        guard try file.file.read(count, at: offset, into: &buffer) == count else {
            throw changed()
        }
        switch checksum {
        case .none: break
        case .md5(var stream):
            stream.add(buffer[..<count])
            checksum = .md5(stream)
        case .sha256(var stream):
            stream.add(buffer[..<count])
            checksum = .sha256(stream)
        }
    }

    /// Checks, when all was read, that the file is what it was and has the stated checksum.
    func finish() throws(NightlyError) {
        guard try file.file.identity() == identity else { throw changed() }
        let found: String? =
            switch checksum {
            case .none: nil
            case .md5(let stream): stream.hex
            case .sha256(let stream): stream.digest.hex
            }
        guard let found, found != source.checksum else { return }
        isWrong = true
        throw NightlyError(
            .failed,
            "'\(source.path)' has the checksum \(found), but the feed states "
                + "\(source.checksum ?? "")", hint: "it is damaged, or another file; copy it again")
    }

    private func changed() -> NightlyError {
        isWrong = true
        return NightlyError(
            .failed, "'\(source.path)' was changed while it was read",
            hint: "ingest it when it is whole")
    }
}
