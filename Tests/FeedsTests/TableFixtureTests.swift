import Feeds
import Fleet
import Quantities
import Testing

/// Every file of `Fixtures/tables`, whose name begins with the table's: what it gives and what is
/// said of it.
struct TableFixtureTests {
    @Test(arguments: FixtureFindings.names(in: "tables").filter { !$0.contains("bomb") })
    func `says of each fixture what is written beside it`(name: String) throws {
        let words = name.split { "-.".contains($0) }
        let device = words.contains("drop") ? "box-1" : nil
        let options = TableOptions(delta: words.contains("delta"))
        let bytes = try FixtureFindings.bytes("tables/\(name)")
        let found =
            switch words[0] {
            case "sites": try findings(SiteRecord.self, name, bytes, device, options)
            case "origins": try findings(OriginRecord.self, name, bytes, device, options)
            case "accounts": try findings(Account.self, name, bytes, device, options)
            case "devices": try findings(DeviceRecord.self, name, bytes, device, options)
            case "holdings": try findings(HoldingRecord.self, name, bytes, device, options)
            case "wishes": try findings(WishRecord.self, name, bytes, device, options)
            case "reports": try findings(ReportRecord.self, name, bytes, device, options)
            default: try findings(LinkRecord.self, name, bytes, device, options)
            }
        try FixtureFindings.expect(found, beside: "tables/\(name)")
    }

    @Test func `has fixtures for every table`() {
        let tables = Set(
            FixtureFindings.names(in: "tables").map { String($0.prefix { $0 != "-" && $0 != "." }) }
        )
        #expect(
            tables == [
                "sites", "origins", "accounts", "devices", "holdings", "wishes", "links", "reports",
            ])
    }

    private func findings<Row: TableRow>(
        _ row: Row.Type, _ name: String, _ bytes: [UInt8], _ device: String?,
        _ options: TableOptions
    ) throws -> [String] {
        var lines: [String] = []
        do {
            let summary = try readTable(
                Row.self, from: name, device: device, options: options, read: pieces(of: bytes, 7),
                emit: { lines.append("\($1): \(described($0))") },
                reject: { lines.append(FixtureFindings.line($0.diagnostic)) })
            lines += summary.warnings.map(FixtureFindings.line)
            lines.append(
                "\(summary.format.rawValue): \(summary.rows) rows, \(summary.accepted) accepted, "
                    + "\(summary.rejected) rejected")
        } catch let error as FeedError {
            lines.append("refused: " + FixtureFindings.line(error.diagnostic))
        }
        return lines
    }

    /// The members that say something, in order.
    private func described(_ row: Any) -> String {
        Mirror(reflecting: row).children.compactMap { child in
            let value = plain(child.value)
            return value.isEmpty ? nil : "\(child.label ?? "")=\(value)"
        }.joined(separator: " ")
    }

    private func plain(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional {
            return mirror.children.first.map { plain($0.value) } ?? ""
        }
        if let list = value as? [String] { return list.joined(separator: " ") }
        if case .some(let set)? = value as? Holding.Chunks { return set.description }
        return "\(value)"
    }
}
