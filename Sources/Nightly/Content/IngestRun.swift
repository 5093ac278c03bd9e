import Catalogue
import Content
import Quantities
import Store

/// What the items of one ingest have in common.
struct IngestRun {
    let request: IngestContent.Request
    let workspace: Workspace
    let store: Store
    let origin: OriginFolder
    /// Nil: nothing is sealed.
    let keys: ContentKeys?
    /// Of the origins that the store knows.
    let baseURLs: [String]
    let progress: (String, Int64, Int64) -> Void

    /// Ingests one item.
    func outcome(of job: IngestJob) -> IngestOutcome {
        let start = Steady.seconds()
        var outcome = IngestOutcome(job, .failed)
        outcome.failure = NightRun.failure { outcome = try ingest(job) }
        outcome.seconds = Steady.seconds() - start
        return outcome
    }

    private func ingest(_ job: IngestJob) throws -> IngestOutcome {
        let forms = try store.ingested(job.title)
        let work = ItemWork(job.key, in: origin)
        let noted = forms.first { $0.major == job.major }?.indexDigest
        let known = try noted.flatMap { try readKnown($0) }
        if let known, let outcome = try unchanged(job, known, work) { return outcome }
        if let outcome = try published(job, noted, work) { return outcome }
        let item = try open(job)
        let earlier = forms.compactMap { form in
            form.chunkBytes == job.chunkBytes
                ? (try? origin.readIndex(form.indexDigest)) ?? nil : nil
        }
        let index = try item.write(reusing: EarlierChunks(earlier, in: origin))
        if let stated = job.statedIndex, stated != index.digest {
            work.forgetBytes()
            throw NightlyError(
                .refused,
                "the feed states the index \(stated.hex) of '\(job.title)' version \(job.version), "
                    + "but these bytes have \(index.digest.hex)",
                hint: request.isSealed
                    ? "they are other bytes, names or chunk sizes than the feed speaks of"
                    : "ingest the sealed form that the feed speaks of, with --sealed")
        }
        try work.publishBlob(index.blob)
        try finish(index, job, replacing: noted, work)
        var outcome = outcome(job, .ingested, index)
        (outcome.reusedChunks, outcome.resumedChunks) = (item.reused, item.resumed)
        return outcome
    }

    /// The index that the store notes of an item; nil when it isn't there.
    ///
    /// - Throws: when it is damaged and may not be replaced.
    private func readKnown(_ digest: Digest) throws(NightlyError) -> ChunkIndex? {
        do throws(NightlyError) { return try origin.readIndex(digest) } catch {
            guard request.replaces else { throw error }
            return nil
        }
    }

    /// Notes what a run before published of these very files without coming to note it.
    ///
    /// - Returns: what is to be said; nil when there is no such thing, or its bytes aren't good.
    private func published(_ job: IngestJob, _ noted: Digest?, _ work: ItemWork) throws
        -> IngestOutcome?
    {
        guard let digest = work.pending, digest != noted, digest == job.statedIndex ?? digest,
            let index = (try? origin.readIndex(digest)) ?? nil
        else { return nil }
        let item = try open(job)
        guard index.files == item.storedFiles, try item.isSame(as: index, checkingBlob: true)
        else { return nil }
        try finish(index, job, replacing: noted, work)
        var outcome = outcome(job, .ingested, index)
        outcome.resumedChunks = outcome.chunks
        return outcome
    }

    /// What is to be said when the item lies there already, of the same bytes; nil when it doesn't.
    ///
    /// - Throws: when it lies there of other bytes, and those may not take its place.
    private func unchanged(_ job: IngestJob, _ known: ChunkIndex, _ work: ItemWork) throws
        -> IngestOutcome?
    {
        let item = try open(job)
        if try item.isSame(as: known, checkingBlob: request.replaces) {
            try finish(known, job, replacing: nil, work)
            return outcome(job, .unchanged, known)
        }
        guard request.replaces || !origin.holds(known) else {
            throw NightlyError(
                .refused,
                "'\(job.title)' version \(job.version) was ingested from other bytes; nothing was "
                    + "changed",
                hint: "other content is a new version of the title; if it must be this one, give "
                    + "--replace")
        }
        return nil
    }

    private func open(_ job: IngestJob) throws(NightlyError) -> ItemIngest {
        let form: any ChunkForm
        if let keys {
            form = SealingForm(try keys.key(of: job.title), chunkBytes: job.chunkBytes)
        } else {
            form = GivenForm(chunkBytes: job.chunkBytes)
        }
        let total = job.sources.reduce(0) { $0 + (Files.size($1.path) ?? 0) }
        var done: Int64 = 0
        return try ItemIngest(job, as: form, in: origin) { bytes in
            done += bytes
            progress(job.key, done, total)
        }
    }

    /// Writes what belongs to a blob that is there, notes the item and tidies up; what is so
    /// already stays as it is.
    private func finish(
        _ index: ChunkIndex, _ job: IngestJob, replacing noted: Digest?, _ work: ItemWork
    ) throws {
        let digest = index.digest
        if let left = work.pending, left != digest, left != noted { try origin.retireIndex(left) }
        if Files.kind(origin.index(digest)) == nil { try work.setPending(digest) }
        try Files.keep(origin.index(digest), index.json)
        try keepMetalink(index, job)
        if let noted, noted != digest { try origin.retireIndex(noted) }
        try note(index, job)
        try work.tidy()
    }

    /// Brings the metalink of an item that is there up to the origins that the store knows now.
    func refreshMetalink(_ job: IngestJob) throws {
        guard let form = try store.ingested(job.title).first(where: { $0.major == job.major }),
            let index = (try? origin.readIndex(form.indexDigest)) ?? nil
        else { return }
        try keepMetalink(index, job)
    }

    private func keepMetalink(_ index: ChunkIndex, _ job: IngestJob) throws(NightlyError) {
        let file = Metalink.File(key: job.key, index: index, baseURLs: baseURLs)
        try Files.keep(origin.metalink(job.key), Metalink(files: [file]).xml)
    }

    private func note(_ index: ChunkIndex, _ job: IngestJob) throws {
        let lock = try workspace.lock(timeoutSeconds: max(600, request.lockTimeoutSeconds))
        defer { _ = lock }
        try store.noteIngested(
            IngestedForm(
                title: job.title, major: job.major, chunkBytes: index.chunkBytes,
                indexDigest: index.digest, blobDigest: index.blob,
                files: index.files.map {
                    .init(plainBytes: $0.plainBytes, storedBytes: $0.storedBytes)
                }, at: request.now))
    }

    private func outcome(_ job: IngestJob, _ verdict: IngestOutcome.Verdict, _ index: ChunkIndex)
        -> IngestOutcome
    {
        var outcome = IngestOutcome(job, verdict)
        outcome.plainBytes = index.files.reduce(0) { $0 + $1.plainBytes }
        outcome.storedBytes = index.layout.totalBytes
        outcome.chunks = Int64(index.chunks.count)
        outcome.index = index.digest
        outcome.blob = index.blob
        return outcome
    }
}
