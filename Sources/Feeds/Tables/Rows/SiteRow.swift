package import Fleet

private enum Column {
    static let site = TableColumn(0, "site", required: true)
    static let parent = TableColumn(1, "parent", required: true)
    static let territory = TableColumn(2, "territory")
    static let timezone = TableColumn(3, "timezone")
    static let cidr = TableColumn(4, "cidr", list: true)
    static let upKbps = TableColumn(5, "up_kbps")
    static let downKbps = TableColumn(6, "down_kbps")
    static let costPerGB = TableColumn(7, "cost_per_gb")
}

extension SiteRecord: TableRow {
    package static let table = "sites"

    package static let columns = [
        Column.site, Column.parent, Column.territory, Column.timezone, Column.cidr, Column.upKbps,
        Column.downKbps, Column.costPerGB,
    ]

    package init(_ fields: inout TableFields) throws(FieldFault) {
        self.init(
            site: try fields.identifier(Column.site),
            parent: try fields.text(Column.parent) ?? "",
            territory: try fields.territory(Column.territory),
            timezone: try fields.zoneName(Column.timezone),
            cidr: try fields.addressBlocks(Column.cidr),
            upKbps: try fields.optionalInteger(Column.upKbps, in: 0...TableFields.maxKbps),
            downKbps: try fields.optionalInteger(Column.downKbps, in: 0...TableFields.maxKbps),
            costPerGB: try fields.cost(Column.costPerGB))
        guard site != parent else {
            throw fields.fault("E_PARENT", Column.parent, "is the site itself")
        }
    }
}
