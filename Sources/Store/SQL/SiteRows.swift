import Fleet
import GRDB

/// Reads of the table of sites.
enum SiteRows {
    /// All sites, ascending by identifier.
    static func records(_ database: Database) throws -> [SiteRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM site ORDER BY id").map { row in
            SiteRecord(
                site: row["id"], parent: row["parent"] ?? "", territory: row["territory"],
                timezone: row["timezone"],
                cidr: (row["cidr"] as String).split(separator: " ").map { String($0) },
                upKbps: row["up_kbps"], downKbps: row["down_kbps"], costPerGB: row["cost_per_gb"])
        }
    }

    /// Refuses sites that are not one tree.
    static func check(_ database: Database) throws {
        let records = try records(database)
        guard !records.isEmpty else { return }
        let index = IdentifierIndex(ascending: records.map(\.site))
        let sites = try records.map { record in
            Site(id: record.site, parent: try parent(of: record, in: index))
        }
        guard let fault = SiteTreeFault.first(in: sites) else { return }
        throw error(fault)
    }

    /// Position of a site's parent, -1 for a root.
    static func parent(of record: SiteRecord, in index: IdentifierIndex) throws -> Int32 {
        guard !record.parent.isEmpty else { return -1 }
        guard let parent = index.position(of: record.parent) else {
            throw StoreError(
                .unknownParent,
                "site '\(record.site)' names the parent '\(record.parent)', which is no site",
                hint: "add the parent to the table, or correct its name", names: [record.site])
        }
        return parent
    }

    private static func error(_ fault: SiteTreeFault) -> StoreError {
        switch fault {
        case .noRoot:
            StoreError(
                .siteTree, "no site is without a parent", hint: "leave one site's parent empty")
        case .twoRoots(let a, let b):
            StoreError(
                .siteTree, "the sites '\(a)' and '\(b)' are both without a parent",
                hint: "give one of them a parent, or put one site above both", names: [a, b])
        case .cycle(let sites):
            StoreError(
                .siteTree,
                "sites are their own ancestors: \((sites + [sites[0]]).joined(separator: " in "))",
                hint: "correct the parent of one of them", names: sites)
        }
    }
}
