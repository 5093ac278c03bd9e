package import Fleet
import Quantities

private enum Column {
    static let device = TableColumn(0, "device", required: true)
    static let night = TableColumn(1, "night", required: true)
    static let item = TableColumn(2, "item", required: true)
    static let version = TableColumn(3, "version")
    static let chunks = TableColumn(4, "chunks", required: true)
    static let source = TableColumn(5, "source", required: true)
    static let sourceKind = TableColumn(6, "source_kind")
    static let bytes = TableColumn(7, "bytes", required: true)
    static let wasteBytes = TableColumn(8, "waste_bytes")
    static let seconds = TableColumn(9, "seconds", required: true)
    static let at = TableColumn(10, "at")
    static let paced = TableColumn(11, "paced")
    static let result = TableColumn(12, "result", required: true)
    static let area = TableColumn(13, "area")
    static let completed = TableColumn(14, "completed")
}

extension ReportRecord: TableRow {
    package static let table = "reports"

    package static let columns = [
        Column.device, Column.night, Column.item, Column.version, Column.chunks, Column.source,
        Column.sourceKind, Column.bytes, Column.wasteBytes, Column.seconds, Column.at,
        Column.paced, Column.result, Column.area, Column.completed,
    ]

    /// A week in milliseconds: no exchange lasts longer.
    private static let longest: Int64 = 7 * 86_400_000

    package init(_ fields: inout TableFields) throws(FieldFault) {
        let device = try fields.device(Column.device)
        guard let night = try fields.date(Column.night) else { throw fields.missing(Column.night) }
        guard let result = try fields.word(Column.result, Result.allCases) else {
            throw fields.missing(Column.result)
        }
        let seconds = try fields.decimal(Column.seconds, decimals: 3, max: ReportRecord.longest)
        guard let milliseconds = seconds else { throw fields.missing(Column.seconds) }
        let isOwn = result == .local || result == .removed
        self.init(
            device: device, night: night, item: try fields.identifier(Column.item),
            version: try fields.text(Column.version),
            chunks: fields.isEmpty(Column.chunks) ? nil : try fields.chunks(Column.chunks),
            source: isOwn
                ? try fields.text(Column.source) ?? "" : try fields.identifier(Column.source),
            sourceKind: try fields.word(Column.sourceKind, SourceKind.allCases),
            bytes: try fields.integer(Column.bytes, in: 0...TableFields.maxBytes),
            wasteBytes: try fields.optionalInteger(
                Column.wasteBytes, in: 0...TableFields.maxBytes) ?? 0,
            milliseconds: milliseconds, at: try fields.instant(Column.at),
            paced: try fields.yesOrNo(Column.paced) ?? true, result: result,
            area: try fields.word(Column.area, [.wish, .cache]),
            completed: try fields.yesOrNo(Column.completed) ?? false)
    }
}
