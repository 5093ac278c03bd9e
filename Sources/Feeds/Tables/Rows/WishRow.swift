package import Fleet

private enum Column {
    static let device = TableColumn(0, "device", required: true)
    static let title = TableColumn(1, "title", required: true)
    static let rank = TableColumn(2, "rank", required: true)
    static let wantedUntil = TableColumn(3, "wanted_until")
}

extension WishRecord: TableRow {
    package static let table = "wishes"
    package static let hasDelta = true

    package static let columns = [Column.device, Column.title, Column.rank, Column.wantedUntil]

    /// A row that removes a wish may leave its rank empty; the record then says 0.
    package init(_ fields: inout TableFields) throws(FieldFault) {
        let operation = try fields.operation()
        let ranks = 1...Int64(Int32.max)
        let rank =
            operation == .remove
            ? try fields.optionalInteger(Column.rank, in: ranks) ?? 0
            : try fields.integer(Column.rank, in: ranks)
        self.init(
            operation: operation,
            device: try fields.device(Column.device),
            title: try fields.identifier(Column.title),
            rank: Int32(rank),
            wantedUntil: try fields.instant(Column.wantedUntil))
    }
}
