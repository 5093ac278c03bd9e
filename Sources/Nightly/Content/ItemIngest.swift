import Content
import Manifest
import Quantities

/// One item on its way to an origin: read once, sealed, hashed and written chunk by chunk.
///
/// Each chunk is written and then noted in a journal. A run that is cut short leaves both, and the
/// next one checks the chunks that were noted and goes on behind them. The blob gets its name when
/// it is whole and on the disk, then the index gets its own. Memory: two chunks, what the cipher
/// needs for a third and a fourth, and the digests.
final class ItemIngest {
    private let job: IngestJob
    private let form: any ChunkForm
    private let origin: OriginFolder
    private let sources: [SourceFile]
    private let progress: (Int64) -> Void
    private let work: ItemWork
    private var buffer: [UInt8] = []
    private var stored: [UInt8] = []
    private var whole = SHA256Stream()
    private var chunks: [Digest] = []
    private var offset: Int64 = 0
    /// Chunks that were found in earlier versions, and those of a run before.
    private(set) var reused: Int64 = 0
    private(set) var resumed: Int64 = 0

    /// Opens the files and checks their sizes.
    init(
        _ job: IngestJob, as form: any ChunkForm, in origin: OriginFolder,
        progress: @escaping (Int64) -> Void
    ) throws(NightlyError) {
        self.job = job
        self.form = form
        self.origin = origin
        self.progress = progress
        work = ItemWork(job.key, in: origin)
        var sources: [SourceFile] = []
        let isGiven = form is GivenForm
        for source in job.sources {
            // What comes sealed may be the sealed form of the file that the feed tells of.
            let sealed = source.sizeBytes.flatMap { size in
                isGiven && size > 0
                    ? StoredForm.storedBytes(ofPlain: size, chunkBytes: job.chunkBytes) : nil
            }
            sources.append(try SourceFile(source, orBytes: sealed))
        }
        self.sources = sources
        try checkIndexSize()
    }

    /// Devices read no index beyond a limit; whether this one will be within it shows beforehand.
    private func checkIndexSize() throws(NightlyError) {
        let nothing = SHA256Stream().digest
        let rest = ChunkIndex(
            title: job.title, version: job.version, chunkBytes: job.chunkBytes, files: storedFiles,
            blob: nothing, chunks: []
        ).json.count
        let sizes = sources.map(\.identity.sizeBytes)
        let most = Int64((ChunkIndex.textLimit - rest) / ChunkIndex.chunkTextBytes)
        let added = job.chunkBytes - form.sourceChunkBytes
        let count = { (chunkBytes: Int64) in
            sizes.reduce(0) { $0 + ($1 + chunkBytes - added - 1) / (chunkBytes - added) }
        }
        guard count(job.chunkBytes) > most else { return }
        var enough = job.chunkBytes
        while count(enough) > most, enough <= StoredForm.chunkBytesRange.upperBound { enough *= 2 }
        throw NightlyError(
            .failed,
            "'\(job.title)' version \(job.version) would have \(count(job.chunkBytes)) chunks of "
                + "\(job.chunkBytes) bytes; an index has room for \(max(0, most))",
            hint: StoredForm.chunkBytesRange.contains(enough)
                ? "give --chunk-bytes \(enough) or more" : "make several titles of it")
    }

    /// The files as an index tells them.
    var storedFiles: [StoredFile] {
        sources.map { file in
            let size = file.identity.sizeBytes
            return StoredFile(
                name: file.source.name, kind: file.source.kind,
                plainBytes: form is GivenForm ? file.source.sizeBytes ?? size : size,
                storedBytes: form.storedBytes(ofSource: size))
        }
    }

    /// Whether `index` tells of these very bytes in this form. Writes nothing.
    ///
    /// - Parameters:
    ///   - index: of what lies at the origin.
    ///   - checksBlob: whether every byte there must be good too; else only the beginning of each
    ///     chunk is read.
    /// - Throws: when a file can't be read, or isn't what its feed states.
    /// - Returns: whether it does, and its blob is there.
    func isSame(as index: ChunkIndex, checkingBlob checksBlob: Bool) throws(NightlyError) -> Bool {
        let files = storedFiles
        guard index.chunkBytes == job.chunkBytes, origin.holds(index),
            index.files.map(\.storedBytes) == files.map(\.storedBytes),
            index.files.map(\.plainBytes) == files.map(\.plainBytes)
        else { return false }
        let blob = try ContentFile(reading: origin.blob(index.blob))
        var isSame = true
        var (chunk, place): (Int, Int64) = (0, 0)
        try forEachChunk { source, position, count, storedBytes throws(NightlyError) in
            try source.read(count, at: position, into: &buffer)
            let digest = SHA256Stream.digest(buffer[..<count])
            let length =
                checksBlob ? Int(storedBytes) : min(Int(storedBytes), StoredForm.nonceBytes)
            let got = try blob.read(length, at: place, into: &stored)
            isSame =
                isSame && got == length
                && form.mark(of: buffer[..<count], digest: digest) == ChunkMark(stored[..<length])
                && (form is SealingForm || digest == index.chunks[chunk])
                && (!checksBlob
                    || SHA256Stream.digest(stored[..<length]) == index.chunks[chunk])
            chunk += 1
            place += storedBytes
            progress(Int64(count))
        }
        return isSame
    }

    /// Writes the blob, which has no name yet.
    ///
    /// - Parameter earlier: chunks that needn't be made again.
    /// - Throws: when a file can't be read or isn't what its feed states, or nothing can be
    ///   written; what was written so far stays for the next run, unless the files are wrong.
    /// - Returns: the item's index.
    func write(reusing earlier: EarlierChunks) throws(NightlyError) -> ChunkIndex {
        let blob = try work.openBlob()
        let journal = try IngestJournal(work.journalPath, subject: subject)
        var known = journal.chunks
        do throws(NightlyError) {
            try forEachChunk { source, position, count, storedBytes throws(NightlyError) in
                let number = chunks.count
                if number < known.count,
                    try take(known[number], storedBytes, from: blob, source, position, count)
                {
                    resumed += 1
                } else {
                    known = []
                    try journal.cut(to: number)
                    let digest = try make(
                        source, position, count, storedBytes, into: blob, reusing: earlier)
                    try journal.add(digest)
                }
                whole.add(stored[..<Int(storedBytes)])
                offset += storedBytes
                progress(Int64(count))
            }
        } catch {
            if sources.contains(where: \.isWrong) { work.forgetBytes() }
            throw error
        }
        try blob.truncate(to: offset)
        try blob.sync()
        return ChunkIndex(
            title: job.title, version: job.version, chunkBytes: job.chunkBytes, files: storedFiles,
            blob: whole.digest, chunks: chunks)
    }

    /// SHA-256 of all that determines the stored bytes.
    private var subject: Digest {
        var text = [job.title, job.version, String(job.chunkBytes), form.fingerprint]
        for file in sources {
            let identity = file.identity
            text += [
                file.source.name, file.source.kind, String(identity.device),
                String(identity.inode), String(identity.sizeBytes),
                String(identity.modifiedSeconds), String(identity.modifiedNanoseconds),
            ]
        }
        return SHA256Stream.digest(Array(text.joined(separator: "\u{0}").utf8)[...])
    }

    /// Gives each chunk of each file: the file, where it begins there, its bytes there and as
    /// stored. A file is checked when its last chunk was given.
    private func forEachChunk(
        _ body: (SourceFile, Int64, Int, Int64) throws(NightlyError) -> Void
    ) throws(NightlyError) {
        for source in sources {
            var position: Int64 = 0
            while position < source.identity.sizeBytes {
                let count = min(form.sourceChunkBytes, source.identity.sizeBytes - position)
                let storedBytes = form.storedBytes(ofSource: count)
                try body(source, position, Int(count), storedBytes)
                position += count
            }
            try source.finish()
        }
    }

    /// Takes over a chunk that a run before has written, if it is whole: then it is in ``stored``.
    private func take(
        _ digest: Digest, _ storedBytes: Int64, from blob: borrowing ContentFile,
        _ source: SourceFile, _ position: Int64, _ count: Int
    ) throws(NightlyError) -> Bool {
        guard try blob.read(Int(storedBytes), at: offset, into: &stored) == Int(storedBytes),
            SHA256Stream.digest(stored[..<Int(storedBytes)]) == digest
        else { return false }
        if source.hasChecksum { try source.read(count, at: position, into: &buffer) }
        chunks.append(digest)
        return true
    }

    /// Makes the next chunk, or takes it from an earlier version: then it is in ``stored``.
    private func make(
        _ source: SourceFile, _ position: Int64, _ count: Int, _ storedBytes: Int64,
        into blob: borrowing ContentFile, reusing earlier: EarlierChunks
    ) throws(NightlyError) -> Digest {
        try source.read(count, at: position, into: &buffer)
        let plain = SHA256Stream.digest(buffer[..<count])
        let mark = form.mark(of: buffer[..<count], digest: plain)
        if let digest = try earlier.put(
            mark, bytes: storedBytes, into: blob, at: offset, stored: &stored)
        {
            reused += 1
            chunks.append(digest)
            return digest
        }
        try form.store(buffer[..<count], into: &stored)
        let digest = form is GivenForm ? plain : SHA256Stream.digest(stored[...])
        try blob.write(stored[..<Int(storedBytes)], at: offset)
        chunks.append(digest)
        return digest
    }
}
