import Feeds
import Fleet
import Store

/// Reads the files of one source, whatever its table, into an open session.
struct SourceReading {
    private let request: ImportRequest
    private let rejects: RejectFile
    private let isFolder: Bool
    /// Records that were read.
    private(set) var records: Int64 = 0
    /// Of a catalogue feed: the titles that it had before.
    private(set) var before = 0
    /// Of a catalogue feed: whether it names all there is.
    private(set) var isFull = false
    /// Files that can't be read to their end.
    private(set) var bad: [BadFile] = []

    init(request: ImportRequest, rejects: RejectFile, isFolder: Bool) {
        self.request = request
        self.rejects = rejects
        self.isFolder = isFolder
    }

    /// Reads `files` in order; one that fails as a whole is noted in ``bad`` and the next is read.
    mutating func read(
        _ files: [InputFile], in session: ImportSession, progress: @escaping (Int64) -> Void
    ) throws {
        switch request.table {
        case .catalogue: try readFeed(files, session, progress)
        case .sites: try read(SiteRecord.self, files, session, progress)
        case .origins: try read(OriginRecord.self, files, session, progress)
        case .accounts: try read(Account.self, files, session, progress)
        case .devices: try read(DeviceRecord.self, files, session, progress)
        case .holdings: try read(HoldingRecord.self, files, session, progress)
        case .wishes: try read(WishRecord.self, files, session, progress)
        case .links: try read(LinkRecord.self, files, session, progress)
        case .reports: try read(ReportRecord.self, files, session, progress)
        }
    }

    private mutating func readFeed(
        _ files: [InputFile], _ session: ImportSession, _ progress: @escaping (Int64) -> Void
    ) throws {
        before = session.titlesNotNamed().of
        var reading = FeedReading(
            session: session, rejects: rejects, feed: request.feed, progress: progress)
        for file in files {
            do {
                try reading.read(file)
            } catch let error as FeedError {
                bad.append(BadFile(file.name, error))
            }
        }
        records = reading.titles
        isFull = !reading.full.isEmpty
        if bad.isEmpty { try settle(reading, files, session) }
    }

    /// Of several files the newest that names all there is decides what is gone, with those that
    /// came after it: an older one still names what has gone since.
    private func settle(_ reading: FeedReading, _ files: [InputFile], _ session: ImportSession)
        throws
    {
        guard let newest = reading.full.max(by: InputFile.isOlder) else { return }
        let deciding = files.filter { !InputFile.isOlder($0, newest) }
        guard deciding.count < files.count else { return }
        try session.name(titles: deciding.flatMap { try reading.names(in: $0) })
    }

    private mutating func read<Row: ImportedRow>(
        _ row: Row.Type, _ files: [InputFile], _ session: ImportSession,
        _ progress: @escaping (Int64) -> Void
    ) throws {
        var reading = TableReading<Row>(
            session: session, rejects: rejects, isDelta: request.extent == .delta,
            progress: progress)
        for file in files {
            do {
                try reading.read(file, mayBeDrop: isFolder)
            } catch let error as FeedError {
                bad.append(BadFile(file.name, error))
            }
        }
        records = reading.rows
    }
}
