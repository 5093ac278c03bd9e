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
        let input = try InputFiles(source, spoolFolder: workspace.folder)
        outcome.newestFile = input.files.map(\.modifiedAt).max()
        guard !input.files.isEmpty else {
            outcome.verdict = .empty
            return
        }
        let news = try changedFiles(input)
        outcome.knownFiles = input.files.count - news.count
        guard !news.isEmpty else {
            outcome.verdict = .unchanged
            return
        }
        outcome.files = news.count
        outcome.bytes = news.reduce(0) { $0 + $1.sizeBytes }
        do {
            try importChanged(news, isFolder: input.isFolder, isAll: news == input.files, &outcome)
        } catch Undo.fullFeed {
            // What the feed doesn't name goes, so the files that are known must name their titles
            // again.
            outcome.files = input.files.count
            outcome.bytes = input.files.reduce(0) { $0 + $1.sizeBytes }
            try importChanged(input.files, isFolder: input.isFolder, isAll: true, &outcome)
        }
    }

    private func importChanged(
        _ files: [InputFile], isFolder: Bool, isAll: Bool, _ outcome: inout ImportOutcome
    ) throws {
        let bad = try attempt(files, isFolder, isAll, leavingOut: [], &outcome)
        guard !bad.isEmpty else { return }
        _ = try attempt(files, isFolder, isAll, leavingOut: bad, &outcome)
    }

    /// The files that were not imported yet with these bytes; all of them when the source names all
    /// there is.
    private func changedFiles(_ input: InputFiles) throws -> [InputFile] {
        if request.isForced { return input.files }
        let changed =
            input.isFolder ? try changedByName(input.files) : try changedByBytes(input.files)
        return request.isWhole && !changed.isEmpty ? input.files : changed
    }

    /// Of a folder: files whose bytes differ from what was imported last under their names. Many
    /// drops may be equal.
    private func changedByName(_ files: [InputFile]) throws -> [InputFile] {
        var last: [String: Digest] = [:]
        for entry in try store.lastImportsByName(table: request.table) {
            last[entry.file.name] = entry.file.digest
        }
        return files.filter { last[$0.imported.name] != $0.digest }
    }

    /// Of single files: those whose bytes were not imported, or others were since; of deltas those
    /// that never were.
    private func changedByBytes(_ files: [InputFile]) throws -> [InputFile] {
        try files.filter { file in
            let last = try store.lastImport(digest: file.digest, table: request.table)
            guard let last else { return true }
            return request.extent != .delta && !last.isNewest
        }
    }

    /// Imports `files` in one transaction.
    ///
    /// - Returns: files that can't be read to their end, with the reason: then nothing was changed,
    ///   and the rest can be imported without them.
    private func attempt(
        _ files: [InputFile], _ isFolder: Bool, _ isAll: Bool, leavingOut bad: [BadFile],
        _ outcome: inout ImportOutcome
    ) throws -> [BadFile] {
        let rejects = RejectFile(rejectsBase)
        for file in bad { try rejects.reject(file.finding) }
        let left = files.filter { file in !bad.contains { $0.name == file.name } }
        let importSource = ImportSource(
            table: request.table, feed: request.table == .catalogue ? request.feed.folder : "",
            files: left.map(\.imported), extent: request.extent, at: request.now)
        var reading = SourceReading(request: request, rejects: rejects, isFolder: isFolder)
        do {
            outcome.report = try store.importing(importSource) { session in
                try reading.read(left, in: session, progress: progress)
                if !reading.bad.isEmpty { throw Undo.badFiles }
                if reading.isFull {
                    guard isAll, bad.isEmpty else { throw bad.first?.failure ?? Undo.fullFeed }
                    try session.removeTitlesNotNamed()
                }
                try judge(session, reading, rejects, files: files.count)
                if request.isCheck {
                    outcome.report = try session.finish()
                    throw Undo.check
                }
                // Before the rows that were taken: a run that is cut short between the two imports
                // the source again, while rejects that came after could be lost.
                outcome.rejectFiles = try rejects.commit()
            }
        } catch Undo.badFiles {
            guard isFolder, !request.isWhole, reading.bad.count < files.count else {
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
            throw NightlyError(
                .refused,
                "\(source): \(rejects.rejected) of \(total) records were rejected, more than `max_rejects`"
                    + " and `max_reject_percent` allow; nothing of it was taken",
                hint: "see what was rejected in \(rejectsBase).jsonl, or give --force")
        }
        // A device that is named has what is named; only what isn't named at all can be lost by a
        // short file.
        guard request.table != .holdings, request.table != .wishes else { return }
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
        /// The catalogue feed names all there is, and not all of its files were read.
        case fullFeed
    }
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
