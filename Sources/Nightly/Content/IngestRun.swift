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
        let known = try forms.first { $0.major == job.major }.flatMap { form in
            try origin.readIndex(form.indexDigest)
        }
        if let known, let outcome = try unchanged(job, known) { return outcome }
        let item = try open(job)
        let earlier = try forms.compactMap { form in
            form.chunkBytes == job.chunkBytes ? try origin.readIndex(form.indexDigest) : nil
        }
        let index = try item.write(reusing: EarlierChunks(earlier, in: origin))
        if let stated = job.statedIndex, stated != index.digest {
            try item.tidy()
            throw NightlyError(
                .refused,
                "the feed states the index \(stated.hex) of '\(job.title)' version \(job.version), "
                    + "but these bytes have \(index.digest.hex)",
                hint: request.isSealed
                    ? "they are other bytes, names or chunk sizes than the feed speaks of"
                    : "ingest the sealed form that the feed speaks of, with --sealed")
        }
        try item.publish(index)
        try finish(index, job, replacing: known)
        try item.tidy()
        var outcome = outcome(job, .ingested, index)
        (outcome.reusedChunks, outcome.resumedChunks) = (item.reused, item.resumed)
        return outcome
    }

    /// What is to be said when the item lies there already, of the same bytes; nil when it doesn't.
    ///
    /// - Throws: when it lies there of other bytes, and those may not take its place.
    private func unchanged(_ job: IngestJob, _ known: ChunkIndex) throws -> IngestOutcome? {
        let item = try open(job)
        if try item.isSame(as: known, checkingBlob: request.replaces) {
            try finish(known, job, replacing: nil)
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

    /// Writes what belongs to a blob that is there, and notes the item; what is so already stays as
    /// it is.
    private func finish(_ index: ChunkIndex, _ job: IngestJob, replacing known: ChunkIndex?)
        throws
    {
        let digest = index.digest
        try Files.keep(origin.index(digest), index.json)
        let file = Metalink.File(key: job.key, index: index, baseURLs: baseURLs)
        try Files.keep(origin.metalink(job.key), Metalink(files: [file]).xml)
        if let old = known?.digest, old != digest {
            try Files.rename(origin.index(old), to: origin.index(old) + ".retired")
        }
        let lock = try workspace.lock(timeoutSeconds: max(600, request.lockTimeoutSeconds))
        defer { _ = lock }
        try store.noteIngested(
            IngestedForm(
                title: job.title, major: job.major, chunkBytes: index.chunkBytes,
                indexDigest: digest, blobDigest: index.blob,
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
