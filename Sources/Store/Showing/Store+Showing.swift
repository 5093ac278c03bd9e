import Catalogue
package import Fleet
import GRDB

// What `show` prints. Everything comes in the order of its identifiers, and
// what there may be much of comes row by row: the closure runs inside the read
// transaction, so it should not wait for anything.

extension Store {
    /// Titles; those of `id` (any identifier the catalogue knows) only when it is stated.
    package func titles(_ id: String? = nil, deletedToo: Bool = false) throws -> [ShownTitle] {
        var titles: [ShownTitle] = []
        try forEachTitle(id, deletedToo: deletedToo) { titles.append($0) }
        return titles
    }

    /// Gives each title, or those of `id` (any identifier the catalogue knows).
    package func forEachTitle(
        _ id: String? = nil, deletedToo: Bool = false, _ body: (ShownTitle) throws -> Void
    ) throws {
        try read { database in
            let rows = TitleRows(database: database)
            for id in try ShownNames(database, title: id).titleIDs(database) {
                guard let head = try rows.head(of: id), deletedToo || !head.deleted,
                    let record = try rows.record(of: id)
                else { continue }
                try body(ShownTitle(record: record, feed: head.feed))
            }
        }
    }

    /// Items by title, then version; those of one title only when `id` is stated, any identifier
    /// that the catalogue knows.
    package func items(ofTitle id: String? = nil) throws -> [ShownItem] {
        var items: [ShownItem] = []
        try forEachItem(ofTitle: id) { items.append($0) }
        return items
    }

    /// Gives each item by title, then version; those of one title only when `id` is stated, any
    /// identifier that the catalogue knows.
    package func forEachItem(ofTitle id: String? = nil, _ body: (ShownItem) throws -> Void) throws {
        try read { database in
            let rows = TitleRows(database: database)
            for title in try ShownNames(database, title: id).titleIDs(database) {
                for item in try Store.items(of: title, database, rows) { try body(item) }
            }
        }
    }

    private static func items(of title: String, _ database: Database, _ rows: TitleRows) throws
        -> [ShownItem]
    {
        guard let head = try rows.head(of: title) else { return [] }
        let majors = try Int32.fetchAll(
            database, sql: "SELECT major FROM item WHERE title = ? ORDER BY major",
            arguments: [title])
        return try majors.compactMap { major in
            guard let item = try rows.item(of: title, major: major) else { return nil }
            let form = try IngestedRows.form(of: title, major: major, database)
            return ShownItem(
                title: title, version: String(major),
                isCurrent: !head.deleted && head.version.major == major,
                files: try rows.files(of: title, major: major),
                chunkBytes: form?.chunkBytes ?? item.chunkBytes,
                indexDigest: form?.indexDigest ?? item.indexDigest,
                statedIndexDigest: item.indexDigest)
        }
    }

    /// All sites.
    package func sites() throws -> [SiteRecord] { try read { try SiteRows.records($0) } }

    /// All origins.
    package func origins() throws -> [OriginRecord] { try read { try FleetRows.origins($0) } }

    /// All accounts.
    package func accounts() throws -> [Account] {
        var accounts: [Account] = []
        try forEachAccount { accounts.append($0) }
        return accounts
    }

    /// Gives each account, or the one of `id`.
    package func forEachAccount(_ id: String? = nil, _ body: (Account) throws -> Void) throws {
        try read { try FleetRows.forEachAccount($0, id: id, body) }
    }

    /// Gives each device, or the one of `id`.
    package func forEachDevice(_ id: String? = nil, _ body: (DeviceRecord) throws -> Void) throws {
        try read { try FleetRows.forEachDevice($0, id: id, body) }
    }

    /// Gives each link by its ends, or those that begin or end at `end`.
    package func forEachLink(end: String? = nil, _ body: (LinkRecord) throws -> Void) throws {
        try read { try FleetRows.forEachLink($0, end: end, body) }
    }

    /// Gives each holding by device, then item, then version; those of one device or title only
    /// when it is stated.
    package func forEachHolding(
        device: String? = nil, title: String? = nil, _ body: (ShownHolding) throws -> Void
    ) throws {
        try read { database in
            let names = try ShownNames(database, title: title)
            let held = try names.held(database)
            try SnapshotReader.forEachPacked(database, "holding", of: device) { device, bytes in
                var shown: [ShownHolding] = []
                for packed in try PackedHolding.unpacked(bytes) {
                    guard let name = held[packed.name] else { throw StoreError.missingName(device) }
                    guard names.isShown(name.record.item) else { continue }
                    shown.append(name.holding(packed, device: device))
                }
                for holding in shown.sorted(by: Store.precedes) { try body(holding) }
            }
        }
    }

    /// Gives each wish by device, then rank, then title; those of one device or title only when
    /// it is stated.
    package func forEachWish(
        device: String? = nil, title: String? = nil, _ body: (ShownWish) throws -> Void
    ) throws {
        try read { database in
            let names = try ShownNames(database, title: title)
            let wished = try names.wished(database)
            try SnapshotReader.forEachPacked(database, "wish", of: device) { device, bytes in
                var shown: [ShownWish] = []
                for packed in try PackedWish.unpacked(bytes) {
                    guard var wish = wished[packed.name] else {
                        throw StoreError.missingName(device)
                    }
                    guard names.isShown(wish.record.title) else { continue }
                    wish.record.device = device
                    wish.record.rank = packed.rank
                    wish.record.wantedUntil = packed.wantedUntil
                    shown.append(wish)
                }
                for wish in shown.sorted(by: Store.precedes) { try body(wish) }
            }
        }
    }

    private static func precedes(_ a: ShownHolding, _ b: ShownHolding) -> Bool {
        let (one, other) = (Identifier(a.record.item), Identifier(b.record.item))
        if one != other { return one < other }
        return Identifier(a.record.version ?? "") < Identifier(b.record.version ?? "")
    }

    private static func precedes(_ a: ShownWish, _ b: ShownWish) -> Bool {
        if a.record.rank != b.record.rank { return a.record.rank < b.record.rank }
        return Identifier(a.record.title) < Identifier(b.record.title)
    }
}
