import Feeds
import Fleet
import Quantities
import Store

extension ImportTable {
    /// Whether a file may hold the rows of the one device that its name gives.
    var hasDrops: Bool { [.holdings, .wishes, .reports].contains(self) }
}

/// Whether a file of holdings or wishes says itself which devices its rows are of.
///
/// Only its first row is read; a file that can't be read says nothing.
func namesDevices(_ file: InputFile, _ table: ImportTable) throws -> Bool {
    table == .holdings
        ? try namesDevices(file, HoldingRecord.self) : try namesDevices(file, WishRecord.self)
}

/// What the first row of a file says.
private struct SeenRow: Error {
    var namesDevice: Bool
}

private func namesDevices<Row: ImportedRow>(_ file: InputFile, _ row: Row.Type) throws -> Bool {
    let bytes = try file.open()
    do {
        _ = try readTable(
            row, from: file.name, read: { try bytes.next() },
            emit: { _, _ in throw SeenRow(namesDevice: true) },
            reject: {
                throw SeenRow(namesDevice: !$0.diagnostic.message.hasPrefix("'device' is empty"))
            })
        return false
    } catch let seen as SeenRow {
        return seen.namesDevice
    } catch is FeedError {
        return false
    }
}

/// Reads the files of one source into an open session.
struct TableReading<Row: ImportedRow> {
    private static var batchRows: Int { 4096 }

    private let session: ImportSession
    private let rejects: RejectFile
    private let isDelta: Bool
    private let progress: (Int64) -> Void
    /// Rows so far, rejected ones too.
    private(set) var rows: Int64 = 0
    private var batch: [Row] = []
    private var lines: [Int] = []

    /// - Parameters:
    ///   - session: of the row's table.
    ///   - rejects: takes what is turned down.
    ///   - isDelta: rows add or remove.
    ///   - progress: told the rows so far.
    init(
        session: ImportSession, rejects: RejectFile, isDelta: Bool,
        progress: @escaping (Int64) -> Void
    ) {
        self.session = session
        self.rejects = rejects
        self.isDelta = isDelta
        self.progress = progress
    }

    /// Reads one file to its end.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - mayBeDrop: whether its name may be that of the device which dropped it.
    /// - Throws: `FeedError` when it can't be read to its end.
    mutating func read(_ file: InputFile, mayBeDrop: Bool) throws {
        let isDrop = mayBeDrop && Row.hasDrops
        if isDrop, session.knowsDevice(file.stem) {
            if Row.hasDelta, !isDelta { _ = try session.name(device: file.stem) }
            return try read(file, device: file.stem)
        }
        do {
            try read(file, device: nil)
        } catch let error as FeedError
            where isDrop && error.code == "E_COLUMN" && error.message.hasSuffix(" lacks 'device'")
        {
            try read(file, device: file.stem)
        }
    }

    private mutating func read(_ file: InputFile, device: String?) throws {
        let bytes = try file.open()
        var reading = self
        let summary = try readTable(
            Row.self, from: file.name, device: device, options: TableOptions(delta: isDelta),
            read: { try bytes.next() }, emit: { try reading.take($0, $1, file) },
            reject: { try reading.rejects.reject($0.diagnostic, row: $0.bytes) })
        try file.check(bytes)
        try reading.flush(file)
        reading.rows += Int64(summary.rejected)
        self = reading
        for warning in summary.warnings { rejects.note(warning) }
        try rejects.endFile(header: summary.header, leading: leading(device))
    }

    /// The columns that rejected rows lack to be imported again by themselves.
    private func leading(_ device: String?) -> [(name: String, value: String)] {
        (Row.hasDelta && !isDelta ? [("op", "add")] : []) + (device.map { [("device", $0)] } ?? [])
    }

    private mutating func take(_ row: Row, _ line: Int, _ file: InputFile) throws {
        batch.append(row)
        lines.append(line)
        rows += 1
        if batch.count == Self.batchRows { try flush(file) }
    }

    /// Gives the batch to the store; what it turns down is noted with file and line.
    private mutating func flush(_ file: InputFile) throws {
        for refusal in try Row.put(batch, in: session) {
            let row = batch[refusal.row]
            let finding = Diagnostic(
                .error, code: refusal.code, file: file.name, line: lines[refusal.row],
                message: refusal.message)
            let operation = row.printedOperation.map { [$0.rawValue] } ?? []
            try rejects.reject(
                finding, columns: (Row.hasDelta ? ["op"] : []) + Row.printedColumns,
                fields: operation + row.printedFields)
        }
        batch.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        progress(rows)
    }
}
