package import Fleet

private enum Column {
    static let device = TableColumn(0, "device", required: true)
    static let item = TableColumn(1, "item", required: true)
    static let version = TableColumn(2, "version")
    static let chunks = TableColumn(3, "chunks")
    static let area = TableColumn(4, "area")
    static let bought = TableColumn(5, "bought")
    static let bytes = TableColumn(6, "bytes")
    static let observedAt = TableColumn(7, "observed_at")
}

extension HoldingRecord: TableRow {
    package static let table = "holdings"
    package static let hasDelta = true

    package static let columns = [
        Column.device, Column.item, Column.version, Column.chunks, Column.area, Column.bought,
        Column.bytes, Column.observedAt,
    ]

    package init(_ fields: inout TableFields) throws(FieldFault) {
        self.init(
            operation: try fields.operation(),
            device: try fields.device(Column.device),
            item: try fields.identifier(Column.item),
            version: try fields.text(Column.version),
            chunks: try fields.chunks(Column.chunks),
            area: try fields.word(Column.area, [.wish, .cache]),
            bought: try fields.yesOrNo(Column.bought) ?? false,
            bytes: try fields.optionalInteger(Column.bytes, in: 0...TableFields.maxBytes),
            observedAt: try fields.instant(Column.observedAt))
    }
}
