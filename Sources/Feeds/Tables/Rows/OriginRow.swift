package import Fleet

private enum Column {
    static let origin = TableColumn(0, "origin", required: true)
    static let site = TableColumn(1, "site", required: true)
    static let egressKbps = TableColumn(2, "egress_kbps", required: true)
    static let baseURL = TableColumn(3, "base_url", required: true)
    static let costPerGB = TableColumn(4, "cost_per_gb")
    static let nightlyGB = TableColumn(5, "nightly_gb")
}

extension OriginRecord: TableRow {
    package static let table = "origins"

    package static let columns = [
        Column.origin, Column.site, Column.egressKbps, Column.baseURL, Column.costPerGB,
        Column.nightlyGB,
    ]

    /// A nightly budget of up to 10⁹ GB, in GB with at most nine decimals, becomes bytes.
    package init(_ fields: inout TableFields) throws(FieldFault) {
        self.init(
            origin: try fields.identifier(Column.origin),
            site: try fields.identifier(Column.site),
            egressKbps: try fields.integer(Column.egressKbps, in: 0...TableFields.maxKbps),
            baseURL: try fields.url(Column.baseURL),
            costPerGB: try fields.cost(Column.costPerGB),
            nightlyBytes: try fields.decimal(
                Column.nightlyGB, decimals: 9, max: 1_000_000_000_000_000_000))
    }
}
