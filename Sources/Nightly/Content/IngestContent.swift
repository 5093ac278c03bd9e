import Content
import Fleet
import Manifest
package import Quantities
package import Store

/// Brings files into the origin: checked, sealed, cut into chunks, and named by their digests.
package enum IngestContent {
    /// What is ingested, and how.
    package struct Request: Hashable, Sendable {
        /// Files that are given; empty: those that the catalogue names.
        package var files: [String] = []
        /// Where files that the catalogue names are looked for.
        package var folders: [String] = []
        /// The title that the files are; nil: the catalogue tells.
        package var title: String?
        /// The version of it; nil: the current one, 1 when the catalogue doesn't know the title.
        package var version: Int32?
        /// What files are of a title that the catalogue doesn't know.
        package var kind = "movie"
        /// Size of a full chunk; nil: as the feed says, else as the configuration does.
        package var chunkBytes: Int64?
        /// Whether the files are in their stored form already.
        package var isSealed = false
        /// Whether other bytes may take the place of what was ingested of the same version.
        package var replaces = false
        /// The origin's folder; nil: as the configuration says.
        package var origin: String?
        package var now: Instant
        /// How long another run is waited for.
        package var lockTimeoutSeconds = 0.0

        package init(now: Instant) { self.now = now }
    }

    /// Ingests one item after the other; what fails doesn't hinder the next.
    ///
    /// The workspace's lock is held only while an item is noted in the store, so that an ingest of
    /// hours doesn't keep a night from being planned; another ingest is kept out by the origin's
    /// own lock.
    ///
    /// - Parameters:
    ///   - request: what and how.
    ///   - workspace: whose lock isn't held.
    ///   - store: of the workspace.
    ///   - entropy: gives so many bytes from a cryptographic generator, for new keys.
    ///   - progress: told the item, the bytes read of it, and all its bytes.
    /// - Throws: when nothing can be ingested at all.
    /// - Returns: what became of each item.
    package static func run(
        _ request: Request, in workspace: Workspace, store: Store, entropy: (Int) -> [UInt8],
        progress: @escaping (String, Int64, Int64) -> Void
    ) throws -> [IngestOutcome] {
        let origin = OriginFolder(request.origin ?? workspace.originFolder)
        try origin.make()
        let lock = try origin.lock(timeoutSeconds: request.lockTimeoutSeconds)
        defer { _ = lock }
        Allocator.keepLargeBlocks()
        let choice = try IngestChoice(
            request, store, chunkBytes: workspace.configuration.chunkBytes)
        var (outcomes, missing): ([IngestOutcome], [IngestOutcome]) = ([], [])
        var (jobs, known): ([IngestJob], [IngestJob]) = ([], [])
        if request.files.isEmpty {
            (jobs, missing) = choice.jobs(below: request.folders)
            known = try jobs.filter { try isKnown($0, store, origin) }
            outcomes = known.map { IngestOutcome($0, .known) }
            jobs.removeAll { known.contains($0) }
        } else {
            jobs = try choice.jobs(ofFiles: request.files)
        }
        try jobs.forEach(check)
        let keys = try keys(jobs, request, workspace, store, entropy)
        let urls = try store.origins().map(\.baseURL).filter { !$0.isEmpty }
        let run = IngestRun(
            request: request, workspace: workspace, store: store, origin: origin, keys: keys,
            baseURLs: urls, progress: progress)
        for job in known { try run.refreshMetalink(job) }
        for job in jobs {
            let outcome = run.outcome(of: job)
            outcomes.append(outcome)
            if outcome.failure?.kind == .locked { break }
        }
        return outcomes + missing
    }

    /// Whether an item of the catalogue was ingested from files of the sizes that it states now.
    private static func isKnown(_ job: IngestJob, _ store: Store, _ origin: OriginFolder) throws
        -> Bool
    {
        guard let form = try store.ingested(job.title).first(where: { $0.major == job.major }),
            form.files.count == job.sources.count,
            zip(form.files, job.sources).allSatisfy({
                $0.plainBytes == $1.sizeBytes ?? $0.plainBytes
            }), Files.kind(origin.index(form.indexDigest)) == .file
        else { return false }
        return Files.size(origin.blob(form.blobDigest))
            == form.files.reduce(0) { $0 + $1.storedBytes }
    }

    /// What is stated of an item must be fit for an index.
    private static func check(_ job: IngestJob) throws(NightlyError) {
        for text in [job.title] + job.sources.map(\.name) where !ChunkIndex.isWord(text) {
            throw NightlyError(
                .failed,
                "'\(text.map { $0.isASCII && $0 >= " " ? $0 : "?" }.prefix(80))' can't be "
                    + "ingested: it is empty, too long, or has control characters")
        }
        guard StoredForm.chunkBytesRange.contains(job.chunkBytes) else {
            throw NightlyError(
                .failed, "'\(job.title)' can't have chunks of \(job.chunkBytes) bytes",
                hint: "give --chunk-bytes from 64 to 1073741824")
        }
    }

    private static func keys(
        _ jobs: [IngestJob], _ request: Request, _ workspace: Workspace, _ store: Store,
        _ entropy: (Int) -> [UInt8]
    ) throws -> ContentKeys? {
        guard !request.isSealed, !jobs.isEmpty else { return nil }
        return try ContentKeys(
            for: jobs.map(\.title), at: workspace.contentKeysPath,
            isSealed: { title in
                try store.ingested(title).contains { form in
                    form.files.contains { $0.storedBytes != $0.plainBytes }
                }
            }, entropy: entropy)
    }
}
