import Feeds
import Fleet
import Quantities
package import Store

/// Imports feeds and tables, one transaction a source.
package enum ImportSources {
    /// Imports every source of `request`, in order; one that fails doesn't keep the next from being
    /// imported.
    ///
    /// - Parameters:
    ///   - request: what and how.
    ///   - workspace: whose lock is held.
    ///   - store: of the workspace.
    ///   - progress: told the source and its records so far.
    /// - Throws: only what concerns all sources, such as a damaged store.
    /// - Returns: an outcome for each source.
    package static func run(
        _ request: ImportRequest, in workspace: Workspace, store: Store,
        progress: (String, Int64) -> Void
    ) throws -> [ImportOutcome] {
        try withoutActuallyEscaping(progress) { progress in
            try request.sources.map { source in
                let start = Steady.seconds()
                let run = SourceImport(
                    request: request, source: source, workspace: workspace, store: store,
                    progress: { progress(source, $0) })
                var outcome = try run.outcome()
                outcome.seconds = Steady.seconds() - start
                return outcome
            }
        }
    }
}

/// The import of one source.
struct SourceImport {
    let request: ImportRequest
    let source: String
    let workspace: Workspace
    let store: Store
    let progress: (Int64) -> Void

    /// A failure of the source alone is in the outcome.
    func outcome() throws -> ImportOutcome {
        var outcome = ImportOutcome(table: request.table, source: source)
        do {
            try importFiles(into: &outcome)
        } catch let failure as NightlyError {
            outcome.verdict = .failed
            outcome.failure = failure
        }
        return outcome
    }

    private func importFiles(into outcome: inout ImportOutcome) throws {
        let input = try InputFiles(
            source, spoolFolder: workspace.folder, store: store, table: request.table)
        outcome.newestFile = input.files.map(\.modifiedAt).max()
        let batch = try changedFiles(input)
        outcome.knownFiles = batch.known.count
        guard !batch.files.isEmpty else {
            outcome.verdict = input.files.isEmpty ? .empty : .unchanged
            let rejects = RejectFile(rejectsBase)
            for finding in input.findings { rejects.note(finding) }
            (outcome.findings, outcome.findingsByCode) = (rejects.findings, rejects.findingsByCode)
            return
        }
        do {
            try importChanged(batch, &outcome)
        } catch Undo.partial {
            outcome.knownFiles = 0
            try importChanged(batch.whole, &outcome)
        }
    }

    private func importChanged(_ batch: ImportBatch, _ outcome: inout ImportOutcome) throws {
        outcome.files = batch.files.count
        outcome.bytes = batch.files.reduce(0) { $0 + $1.sizeBytes }
        let bad = try attempt(batch, leavingOut: [], &outcome)
        guard !bad.isEmpty else { return }
        _ = try attempt(batch, leavingOut: bad, &outcome)
    }

    /// The files that were not imported yet with these bytes. All of them, when one is, where what
    /// one says depends on the others: when the source names all there is, and of tables whose rows
    /// replace one another. (Whether holdings and wishes are such is seen when they are read.)
    private func changedFiles(_ input: InputFiles) throws -> ImportBatch {
        let all = ImportBatch(files: input.files, input: input)
        if request.isForced { return all }
        guard input.isFolder else {
            let isChanged = try input.files.map { try isChangedByBytes($0) }
            return ImportBatch(
                files: isChanged.contains(true) && request.isWhole
                    ? input.files : zip(input.files, isChanged).filter(\.1).map(\.0),
                input: input)
        }
        // By name: many drops may be equal.
        let isChanged: (InputFile) -> Bool = { input.last[$0.imported.name] != $0.digest }
        let changed = input.files.filter(isChanged)
        let isSplit = request.table == .catalogue || request.table.hasDrops
        guard !changed.isEmpty, !isSplit || request.isWhole else {
            return ImportBatch(
                files: changed, known: input.files.filter { !isChanged($0) }, input: input)
        }
        return all
    }

    /// Of a single file: whether its bytes were not imported, or others were since; of a delta
    /// whether it never was.
    private func isChangedByBytes(_ file: InputFile) throws -> Bool {
        let last = try store.lastImport(digest: file.digest, table: request.table)
        guard let last else { return true }
        return request.extent != .delta && !last.isNewest
    }

    /// Imports the batch's files in one transaction.
    ///
    /// - Returns: files that can't be read to their end, with the reason: then nothing was changed,
    ///   and the rest can be imported without them.
    private func attempt(
        _ batch: ImportBatch, leavingOut bad: [BadFile], _ outcome: inout ImportOutcome
    ) throws -> [BadFile] {
        let rejects = RejectFile(rejectsBase)
        for finding in batch.input.findings { try rejects.take(finding) }
        for file in bad { try rejects.reject(file.finding) }
        let badNames = Set(bad.map(\.name))
        let left = batch.files.filter { !badNames.contains($0.name) }
        let importSource = ImportSource(
            table: request.table, feed: request.table == .catalogue ? request.feed.folder : "",
            files: left.map(\.imported), extent: request.extent, at: request.now)
        var reading = SourceReading(
            request: request, rejects: rejects, isFolder: batch.input.isFolder)
        do {
            outcome.report = try store.importing(importSource) { session in
                try reading.read(left, in: session, progress: progress)
                if !reading.bad.isEmpty { throw Undo.badFiles }
                if !batch.known.isEmpty, try dependsOnKnown(batch, reading, session) {
                    throw Undo.partial
                }
                if reading.isFull {
                    if let bad = bad.first { throw bad.failure }
                    try session.removeTitlesNotNamed()
                }
                try judge(session, reading, rejects, files: batch.files.count)
                if request.isCheck {
                    outcome.report = try session.finish()
                    throw Undo.check
                }
                // Before the rows that were taken: a run that is cut short between the two imports
                // the source again, while rejects that came after could be lost.
                outcome.rejectFiles = try rejects.commit()
            }
        } catch Undo.badFiles {
            guard batch.input.isFolder, !request.isWhole, reading.bad.count < batch.files.count
            else {
                throw reading.bad[0].failure
            }
            return reading.bad
        } catch Undo.check {
        } catch let fault as StoreError where fault.isAboutInput {
            throw try SitePlace(left).error(fault, source: source)
        } catch let refusal as NightlyError where refusal.kind == .refused {
            note(rejects, reading, &outcome)
            outcome.rejectFiles = request.isCheck ? [] : try rejects.commit()
            throw refusal
        }
        note(rejects, reading, &outcome)
        return []
    }

    /// Whether the files that are known must be read again with those that changed.
    ///
    /// So it is when a feed names all there is, for what the known ones name stays; and when
    /// files of holdings or wishes name devices themselves: one device's rows may be in several.
    private func dependsOnKnown(
        _ batch: ImportBatch, _ reading: SourceReading, _ session: ImportSession
    ) throws -> Bool {
        guard request.table.hasDrops else { return reading.isFull }
        guard request.extent != .delta, request.table != .reports else { return false }
        return try (batch.files + batch.known).contains {
            try !session.knowsDevice($0.stem) && namesDevices($0, request.table)
        }
    }

    private func note(
        _ rejects: RejectFile, _ reading: SourceReading, _ outcome: inout ImportOutcome
    ) {
        outcome.records = reading.records
        outcome.rejected = rejects.rejected
        outcome.rejectedByCode = rejects.rejectedByCode
        outcome.findings = rejects.findings
        outcome.findingsByCode = rejects.findingsByCode
    }

    /// `rejects/TABLE.NAME.RUN`.
    private var rejectsBase: String {
        let run = request.now.description.filter { $0 != "-" && $0 != ":" }
        let name = source == "-" ? "stdin" : Files.name(of: source)
        return Files.path(workspace.rejectsFolder, "\(request.table.rawValue).\(name).\(run)")
    }

    /// The guards: too many rejects, too much taken away.
    private func judge(
        _ session: ImportSession, _ reading: SourceReading, _ rejects: RejectFile, files: Int
    ) throws {
        let report = try session.finish()
        guard !request.isForced else { return }
        let limits = workspace.configuration.rejects
        let total = max(reading.records, Int64(files))
        guard limits.allow(rejects.rejected, of: total, table: request.table) else {
            let place = try rejects.freeBase()
            throw NightlyError(
                .refused,
                "\(source): \(rejects.rejected) of \(total) records were rejected, more than `max_rejects`"
                    + " and `max_reject_percent` allow; nothing of it was taken",
                hint: "see what was rejected in \(place).jsonl, or give --force")
        }
        // A device that is named has what is named; only what isn't named at all can be lost by a
        // short file.
        guard !request.table.hasDrops else { return }
        let before = report.removed + report.changed + report.unchanged + report.kept.count
        let percent = Int(workspace.configuration.shrinkPercent)
        guard report.removed * 100 <= max(before, reading.before) * percent else {
            throw NightlyError(
                .refused,
                "\(source): it would take away \(report.removed) of \(max(before, reading.before))"
                    + " \(request.table.rawValue), more than `import.shrink_percent` allows;"
                    + " nothing of it was taken",
                hint: "if that is meant, give --force")
        }
    }

    private enum Undo: Error {
        case badFiles
        case check
        /// What was read depends on files that were left alone.
        case partial
    }
}

/// Files of one source that are imported together.
struct ImportBatch {
    /// Read and imported.
    var files: [InputFile]
    /// Of a folder: left alone, since they were imported before.
    var known: [InputFile] = []
    let input: InputFiles

    /// All files of the source.
    var whole: ImportBatch { ImportBatch(files: input.files, input: input) }
}

/// A file that can't be read to its end.
struct BadFile {
    let name: String
    let failure: NightlyError
    let finding: Diagnostic

    init(_ name: String, _ error: FeedError) {
        self.name = name
        finding = error.diagnostic
        failure = NightlyError(.failed, error.description, hint: error.hint)
    }
}

extension ImportRequest {
    /// Whether what a source doesn't name goes away.
    var isWhole: Bool { extent == .whole }
}

extension StoreError {
    /// Whether the input is at fault, not the store.
    var isAboutInput: Bool { code == .siteTree || code == .unknownParent }
}
