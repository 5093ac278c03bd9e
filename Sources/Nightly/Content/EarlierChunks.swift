import Catalogue
import Content
import Quantities

/// The chunks of a title that lie at the origin already, found by their marks.
///
/// Cost: one read of 12 bytes and some 70 bytes of memory for each chunk of the title's versions.
/// What a mark finds is believed only after the chunk's SHA-256 was checked, so a damaged blob or
/// two chunks of one mark do no harm.
final class EarlierChunks {
    /// Where a chunk lies.
    private struct Place {
        let blob: Int
        let offset: Int64
        let bytes: Int64
        let digest: Digest
    }

    private var files: [SharedContentFile] = []
    private var places: [ChunkMark: Place] = [:]

    /// - Parameters:
    ///   - indexes: of the title's versions, the most alike last.
    ///   - origin: where their blobs are; one that is missing or has another size is left out.
    /// - Throws: when one can't be read.
    init(_ indexes: [ChunkIndex], in origin: OriginFolder) throws(NightlyError) {
        var mark: [UInt8] = []
        for index in indexes where origin.holds(index) {
            let file = SharedContentFile(try ContentFile(reading: origin.blob(index.blob)))
            let layout = index.layout
            var offset: Int64 = 0
            for (number, digest) in index.chunks.enumerated() {
                let bytes = layout.bytes(ofChunk: Int32(number))
                if try file.file.read(StoredForm.nonceBytes, at: offset, into: &mark)
                    == StoredForm.nonceBytes
                {
                    places[ChunkMark(mark)] = Place(
                        blob: files.count, offset: offset, bytes: bytes, digest: digest)
                }
                offset += bytes
            }
            files.append(file)
        }
    }

    /// Puts a chunk that lies in an earlier blob into another file.
    ///
    /// - Parameters:
    ///   - mark: of the chunk.
    ///   - bytes: how long it is as stored.
    ///   - target: where it goes.
    ///   - offset: its place there.
    ///   - stored: becomes the chunk, in its first `bytes` bytes.
    /// - Throws: when it can't be written.
    /// - Returns: the chunk's digest; nil when it isn't there, or is damaged there.
    func put(
        _ mark: ChunkMark, bytes: Int64, into target: borrowing ContentFile, at offset: Int64,
        stored: inout [UInt8]
    ) throws(NightlyError) -> Digest? {
        guard let place = places[mark], place.bytes == bytes,
            let got = try? files[place.blob].file.read(
                Int(bytes), at: place.offset, into: &stored), got == Int(bytes),
            SHA256Stream.digest(stored[..<Int(bytes)]) == place.digest
        else { return nil }
        if !target.take(Int(bytes), from: files[place.blob].file, at: place.offset, to: offset) {
            try target.write(stored[..<Int(bytes)], at: offset)
        }
        return place.digest
    }
}

/// Holds an open file for a class.
final class SharedContentFile {
    let file: ContentFile

    init(_ file: consuming ContentFile) { self.file = file }
}
