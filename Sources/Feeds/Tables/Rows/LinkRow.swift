package import Fleet

private enum Column {
    static let from = TableColumn(0, "from", required: true)
    static let to = TableColumn(1, "to", required: true)
    static let kbps = TableColumn(2, "kbps", required: true)
    static let kind = TableColumn(3, "kind")
    static let measuredAt = TableColumn(4, "measured_at")
    static let bytes = TableColumn(5, "bytes")
    static let paced = TableColumn(6, "paced")
    static let failures = TableColumn(7, "failures")
}

/// What a rate of `links` is.
private enum LinkKind: String {
    case measured
    case capacity
}

extension LinkRecord: TableRow {
    package static let table = "links"

    package static let columns = [
        Column.from, Column.to, Column.kbps, Column.kind, Column.measuredAt, Column.bytes,
        Column.paced, Column.failures,
    ]

    package init(_ fields: inout TableFields) throws(FieldFault) {
        let kind = try fields.word(Column.kind, [LinkKind.measured, .capacity])
        self.init(
            from: try fields.identifier(Column.from),
            to: try fields.identifier(Column.to),
            kbps: try fields.integer(Column.kbps, in: 0...TableFields.maxKbps),
            isCapacity: kind == .capacity,
            measuredAt: try fields.instant(Column.measuredAt),
            bytes: try fields.optionalInteger(Column.bytes, in: 0...TableFields.maxBytes),
            paced: try fields.yesOrNo(Column.paced) ?? false,
            failures: try fields.optionalInteger(Column.failures, in: 0...Int64(Int32.max)) ?? 0)
        guard from != to else {
            throw fields.fault("E_LINK", Column.to, "is the end that the link begins at")
        }
    }
}
