import Fleet
import GRDB
import Quantities

// What devices report, made into what the next plan must know.
//
// Problem: reports come again, come late, and come from boxes that may lie. Idea: of each device
// the night and time of the last row that was taken are remembered, and only rows after it count.
// So the same report twice changes nothing, an old one takes nothing back, and what is stored is
// one row a device, one a link and one a night. A report changes marks forwards only; rates are
// means that age (`LinkSamples`); holdings are merged chunk by chunk (`ReportMerge`). A row that
// lies in the future is refused, for it would silence the device until then.
// Cost: linear in the rows; memory by devices and links that are named.

/// The reports of one import session.
struct ReportImport {
    private var holdings: HoldingImport
    private let origins: Set<Identifier>
    private let now: Instant
    private let find: Statement
    private var devices: [Int32: DeviceReports] = [:]
    /// By device: when it last sent to another.
    private var sent: [Int32: Int64] = [:]
    private var links: [Pair: LinkSamples] = [:]
    private var nights: [Int32: ReportedNight] = [:]

    private struct Pair: Hashable {
        var from: Int32
        var to: Int32
    }

    /// What one device told in this session.
    private struct DeviceReports {
        /// The last row that was taken before the session.
        var known: Mark?
        /// The last row of the session.
        var last: Mark
        /// Latest night with a completed wish; nil: none.
        var served: Int32?
        /// Nights of which rows were taken in the session.
        var nights: Set<Int32> = []
    }

    /// A place in the order of a device's rows.
    private struct Mark: Comparable {
        /// A day number.
        var night: Int32
        /// Seconds since 1970.
        var at: Int64

        static func < (a: Self, b: Self) -> Bool { (a.night, a.at) < (b.night, b.at) }
    }

    init(_ database: Database, now: Instant, limitBytes: Int) throws {
        holdings = try HoldingImport(database, kind: .report, limitBytes: limitBytes)
        origins = Set(
            try String.fetchAll(database, sql: "SELECT id FROM origin").map { Identifier($0) })
        find = try database.makeStatement(
            sql: "SELECT night, at FROM report_mark WHERE device = ?")
        self.now = now
    }

    /// Whether there is such a device.
    mutating func knows(device: String) -> Bool { holdings.knows(device: device) }

    /// Takes a row, or says why not.
    mutating func put(_ record: ReportRecord, in database: Database, report: inout ImportReport)
        throws -> (code: String, message: String)?
    {
        guard let device = holdings.position(of: record.device) else {
            return ImportSession.unknown("device", record.device)
        }
        if let fault = timeFault(record) { return fault }
        var reports = try devices[device] ?? stored(record.device)
        let mark = place(of: record, after: reports.last)
        if let known = reports.known, mark <= known {
            devices[device] = reports
            report.ignored += 1
            return nil
        }
        if let fault = try hold(record, at: mark, database, &report) { return fault }
        reports.last = max(reports.last, mark)
        let isFirst = reports.known?.night != mark.night && !reports.nights.contains(mark.night)
        reports.nights.insert(mark.night)
        let isServed = record.completed && record.area == .wish && record.result != .removed
        if isServed { reports.served = max(reports.served ?? mark.night, mark.night) }
        devices[device] = reports
        count(record, isServed: isServed, isFirst: isFirst, &report)
        measure(record, to: device)
        return nil
    }

    private func stored(_ device: String) throws -> DeviceReports {
        let row = try Row.fetchOne(find, arguments: [device])
        guard let row, let night = row[0] as Int32?, let at = row[1] as Int64? else {
            return DeviceReports(known: nil, last: Mark(night: .min, at: .min))
        }
        let mark = Mark(night: night, at: at)
        return DeviceReports(known: mark, last: mark)
    }

    /// A row that states no time counts with the last one of its night.
    private func place(of record: ReportRecord, after last: Mark) -> Mark {
        let night = record.night.dayNumber
        let begin = last.night == night ? last.at : record.night.startUTC.seconds
        return Mark(night: night, at: record.at?.seconds ?? begin)
    }

    /// A time that can't be true.
    private func timeFault(_ record: ReportRecord) -> (code: String, message: String)? {
        let day = now.utcDate.dayNumber + 1
        guard record.night.dayNumber <= day, (record.at?.utcDate.dayNumber ?? day) <= day else {
            return ("E_FUTURE", "the row is of a time to come: the device's clock is wrong")
        }
        guard let at = record.at else { return nil }
        let days = at.utcDate.dayNumber - record.night.dayNumber
        guard (-1...2).contains(days) else {
            return ("E_NIGHT", "\(at) isn't in the night of \(record.night)")
        }
        return nil
    }

    private mutating func hold(
        _ record: ReportRecord, at mark: Mark, _ database: Database, _ report: inout ImportReport
    ) throws -> (code: String, message: String)? {
        let isRemoval = record.result == .removed
        let chunks = record.completed && !isRemoval ? .all : record.chunks
        guard let chunks else { return nil }
        return try holdings.put(
            HoldingRecord(
                operation: isRemoval ? .remove : .add, device: record.device, item: record.item,
                version: record.version, chunks: chunks, area: record.area, bytes: record.bytes,
                observedAt: Instant(seconds: mark.at)), in: database, report: &report)
    }

    private func isOrigin(_ record: ReportRecord) -> Bool {
        record.sourceKind.map { $0 == .origin } ?? origins.contains(Identifier(record.source))
    }

    private mutating func count(
        _ record: ReportRecord, isServed: Bool, isFirst: Bool, _ report: inout ImportReport
    ) {
        var night = ReportedNight(night: record.night)
        night.devices = isFirst ? 1 : 0
        night.rows = 1
        night.wasteBytes = record.wasteBytes
        night.completedWishes = isServed ? 1 : 0
        switch record.result {
        case .removed: break
        case .local: night.localBytes = record.bytes
        case .failed, .corrupt, .refused: night.failures = 1
        case .complete, .partial:
            if isOrigin(record) {
                night.originBytes = record.bytes
            } else {
                night.peerBytes = record.bytes
            }
        }
        nights[record.night.dayNumber, default: ReportedNight(night: record.night)].add(night)
        report.reported.add(night)
    }

    /// What a row says of its source, when that is another device.
    private mutating func measure(_ record: ReportRecord, to device: Int32) {
        guard !record.source.isEmpty, !isOrigin(record),
            let source = holdings.position(of: record.source), source != device
        else { return }
        let pair = Pair(from: source, to: device)
        switch record.result {
        case .complete, .partial:
            guard let at = record.at, record.bytes > 0 else { return }
            sent[source] = max(sent[source] ?? at.seconds, at.seconds)
            guard !record.paced else { return }
            links[pair, default: LinkSamples()].add(
                bytes: record.bytes, milliseconds: record.milliseconds, at: at.seconds)
        case .failed, .corrupt, .refused: links[pair, default: LinkSamples()].failures += 1
        case .local, .removed: break
        }
    }

    /// Writes everything.
    mutating func finish(_ database: Database, report: inout ImportReport) throws {
        try holdings.finish(database, report: &report)
        let names = holdings.deviceNames
        let rows = ReportRows(database)
        for device in devices.keys.sorted() {
            guard let told = devices[device], !told.nights.isEmpty else { continue }
            try rows.mark(
                names[Int(device)], night: told.last.night, at: told.last.at, served: told.served)
        }
        for device in sent.keys.sorted() {
            try rows.mark(names[Int(device)], sent: sent[device])
        }
        for pair in links.keys.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            guard let samples = links[pair] else { continue }
            try rows.measure(samples, from: names[Int(pair.from)], to: names[Int(pair.to)])
        }
        for night in nights.keys.sorted() {
            if let told = nights[night] { try rows.add(told) }
        }
    }
}
