import Catalogue
import Feeds
import Quantities
import Store

/// Reads the files of one catalogue feed into an open session.
struct FeedReading {
    private static let batchTitles = 1024

    private let session: ImportSession
    private let rejects: RejectFile
    private let settings: FeedSettings
    private let progress: (Int64) -> Void
    /// Titles so far, rejected ones too.
    private(set) var titles: Int64 = 0
    /// The files that say that they name all there is.
    private(set) var full: [InputFile] = []
    private var batch: [TitleRecord] = []

    /// - Parameters:
    ///   - session: of the catalogue.
    ///   - rejects: takes what is turned down.
    ///   - feed: how the feed is read.
    ///   - progress: told the titles so far.
    init(
        session: ImportSession, rejects: RejectFile, feed: FeedFolder,
        progress: @escaping (Int64) -> Void
    ) {
        self.session = session
        self.rejects = rejects
        self.progress = progress
        let zone = feed.timezone
        settings = FeedSettings(
            defaultTerritories: feed.territories.isEmpty ? .everywhere : .only(feed.territories),
            instant: zone == "UTC" ? FeedSettings.utc : FeedReading.local(zone))
    }

    /// Reads one file to its end.
    ///
    /// - Throws: `FeedError` when it can't be read to its end.
    mutating func read(_ file: InputFile) throws {
        let bytes = try file.open()
        var reading = self
        let summary = try readCatalogue(
            from: file.name, settings: settings, read: { try bytes.next() },
            emit: { try reading.take($0, file) },
            diagnose: { finding in
                if finding.severity == .error {
                    try reading.rejects.reason(finding)
                } else {
                    reading.rejects.note(finding)
                }
            })
        try file.check(bytes)
        try reading.flush(file)
        reading.titles += Int64(summary.rejected)
        if summary.isFull { reading.full.append(file) }
        self = reading
        rejects.reject(count: summary.rejected)
    }

    /// The identifiers of the titles in a file that was read before, to its end.
    func names(in file: InputFile) throws -> [String] {
        let bytes = try file.open()
        var names: [String] = []
        _ = try readCatalogue(
            from: file.name, settings: settings, read: { try bytes.next() },
            emit: { names.append($0.id) }, diagnose: { _ in })
        return names
    }

    private mutating func take(_ record: TitleRecord, _ file: InputFile) throws {
        batch.append(record)
        titles += 1
        if batch.count == Self.batchTitles { try flush(file) }
    }

    private mutating func flush(_ file: InputFile) throws {
        for (record, verdict) in zip(batch, try session.put(titles: batch)) {
            try tell(verdict, of: record, file)
        }
        batch.removeAll(keepingCapacity: true)
        progress(titles)
    }

    /// Says what deserves attention in how a title was merged.
    private func tell(_ verdict: TitleVerdict, of record: TitleRecord, _ file: InputFile) throws {
        func finding(_ severity: Diagnostic.Severity, _ code: String, _ message: String)
            -> Diagnostic
        {
            Diagnostic(severity, code: code, file: file.name, line: record.line, message: message)
        }
        switch verdict.outcome {
        case .refused:
            try rejects.reject(finding(.error, "E_TEXT", "a text holds a NUL character"))
        case .outdated(let newer):
            rejects.note(
                finding(
                    .note, "W_OUTDATED",
                    "title '\(record.id)' is known at the higher version \(newer.major).\(newer.minor)"
                ))
        case .contradicted:
            rejects.note(
                finding(
                    .warning, "W_SAME_VERSION",
                    "title '\(record.id)' was known at this version with other contents; this one counts"
                ))
        case .added, .updated, .unchanged, .deleted, .deletedUnknown: break
        }
        if verdict.filesChanged {
            rejects.note(
                finding(
                    .warning, "W_SAME_FILES",
                    "the files of title '\(record.id)' changed and its major version did not: devices may hold other bytes"
                ))
        }
    }

    /// Reads times without a zone on the clocks of `zone`.
    private static func local(_ zone: String) -> @Sendable (CivilDate, Int32?, Bool) -> Instant {
        { date, second, isEnd in
            let second = second ?? (isEnd ? 86_400 : 0)
            return ZoneTable.instant(date, second: second, in: zone)
                ?? FeedSettings.utc(date, second, isEnd)
        }
    }
}
