package import Fleet

private enum Column {
    static let account = TableColumn(0, "account", required: true)
    static let status = TableColumn(1, "status", required: true)
    static let territory = TableColumn(2, "territory")
}

extension Account: TableRow {
    package static let table = "accounts"

    package static let columns = [Column.account, Column.status, Column.territory]

    package init(_ fields: inout TableFields) throws(FieldFault) {
        let id = try fields.identifier(Column.account)
        let words: [Status] = [.active, .suspended, .closed]
        guard let status = try fields.word(Column.status, words) else {
            throw fields.missing(Column.status)
        }
        self.init(id: id, status: status, territory: try fields.territory(Column.territory))
    }
}
