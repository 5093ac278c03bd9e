package import Fleet

private enum Column {
    static let device = TableColumn(0, "device", required: true)
    static let account = TableColumn(1, "account", required: true)
    static let site = TableColumn(2, "site", required: true)
    static let wishBytes = TableColumn(3, "wish_bytes", required: true)
    static let cacheBytes = TableColumn(4, "cache_bytes", required: true)
    static let upKbps = TableColumn(5, "up_kbps", required: true)
    static let downKbps = TableColumn(6, "down_kbps", required: true)
    static let window = TableColumn(7, "window")
    static let accepts = TableColumn(8, "accepts")
    static let address = TableColumn(9, "address")
    static let publicKey = TableColumn(10, "public_key")
    static let lastServed = TableColumn(11, "last_served")
    static let lastSent = TableColumn(12, "last_sent")
    static let state = TableColumn(13, "state")
    static let picks = TableColumn(14, "picks", list: true)
}

extension DeviceRecord: TableRow {
    package static let table = "devices"

    package static let columns = [
        Column.device, Column.account, Column.site, Column.wishBytes, Column.cacheBytes,
        Column.upKbps, Column.downKbps, Column.window, Column.accepts, Column.address,
        Column.publicKey, Column.lastServed, Column.lastSent, Column.state, Column.picks,
    ]

    package init(_ fields: inout TableFields) throws(FieldFault) {
        self.init(
            device: try fields.device(Column.device),
            account: try fields.identifier(Column.account),
            site: try fields.identifier(Column.site),
            wishBytes: try fields.integer(Column.wishBytes, in: 0...TableFields.maxBytes),
            cacheBytes: try fields.integer(Column.cacheBytes, in: 0...TableFields.maxBytes),
            upKbps: try fields.integer(Column.upKbps, in: 0...TableFields.maxKbps),
            downKbps: try fields.integer(Column.downKbps, in: 0...TableFields.maxKbps),
            window: try fields.window(Column.window),
            accepts: try fields.yesOrNo(Column.accepts) ?? false,
            address: try fields.address(Column.address),
            publicKey: try fields.text(Column.publicKey) ?? "",
            lastServed: try fields.date(Column.lastServed),
            lastSent: try fields.instant(Column.lastSent),
            state: try fields.word(Column.state, [.new, .active, .retired]) ?? .active,
            picks: try fields.list(Column.picks))
    }
}
