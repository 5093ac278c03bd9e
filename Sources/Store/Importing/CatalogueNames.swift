import GRDB

/// Every identifier that the catalogue knows, and what it stands for.
///
/// A title is known by its own identifier, else by an alias. Where an alias
/// belongs to several titles, one that is not deleted goes before deleted ones;
/// if that leaves more than one, the alias says nothing. A wish for a deleted
/// title whose identifier has become another's alias is for that other; what is
/// held stays what it was. An item is a title's version, named `TITLE` with a
/// version beside it, or `TITLE@VERSION`; without a version it is the newest.
struct CatalogueNames {
    /// What is known of one title.
    struct Entry {
        var id: String
        var deleted: Bool
        /// The major versions of its items, ascending.
        var majors: [Int32] = []
    }

    /// Ascending by identifier.
    let titles: [Entry]
    private let index: IdentifierIndex
    private let aliases: [Identifier: [Int32]]

    init(_ database: Database) throws {
        var titles: [Entry] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT id, deleted FROM title ORDER BY id")
        while let row = try rows.next() { titles.append(Entry(id: row[0], deleted: row[1])) }
        index = IdentifierIndex(ascending: titles.map(\.id))
        let items = try Row.fetchCursor(
            database, sql: "SELECT title, major FROM item ORDER BY title, major")
        while let row = try items.next() {
            guard let title = index.position(of: row[0]) else { continue }
            titles[Int(title)].majors.append(row[1])
        }
        var aliases: [Identifier: [Int32]] = [:]
        let named = try Row.fetchCursor(
            database, sql: "SELECT alias, title FROM alias ORDER BY alias, title")
        while let row = try named.next() {
            guard let title = index.position(of: row[1]) else { continue }
            aliases[Identifier(row[0]), default: []].append(title)
        }
        self.titles = titles
        self.aliases = aliases
    }

    /// Position in ``titles`` of the title that a wish for `name` means.
    func wished(_ name: String) -> Int32? {
        guard let title = title(name) else { return nil }
        guard titles[Int(title)].deleted, let other = aliased(name) else { return title }
        return titles[Int(other)].deleted ? title : other
    }

    /// Position in ``titles`` of the title that `name` stands for.
    func title(_ name: String) -> Int32? { index.position(of: name) ?? aliased(name) }

    private func aliased(_ name: String) -> Int32? {
        guard let candidates = aliases[Identifier(name)] else { return nil }
        let live = candidates.filter { !titles[Int($0)].deleted }
        let best = live.isEmpty ? candidates : live
        return best.count == 1 ? best[0] : nil
    }

    /// The title and major version of the item that `name` and `version` stand for; an empty
    /// version isn't stated.
    func item(_ name: String, version: String) -> (title: Int32, major: Int32)? {
        if let title = title(name) { return major(version, of: title).map { (title, $0) } }
        guard version.isEmpty, let at = name.utf8.lastIndex(of: UInt8(ascii: "@")),
            let title = title(String(name[..<at]))
        else { return nil }
        let stated = String(name[name.utf8.index(after: at)...])
        return stated.isEmpty ? nil : major(stated, of: title).map { (title, $0) }
    }

    /// The known major version that a stated version means: `3` or `3.1`; the newest when it is
    /// empty.
    private func major(_ version: String, of title: Int32) -> Int32? {
        let known = titles[Int(title)].majors
        if version.isEmpty { return known.last }
        let digits = version.utf8.prefix { $0 != UInt8(ascii: ".") }
        guard digits.allSatisfy({ (48...57).contains($0) }),
            let major = Int32(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return known.contains(major) ? major : nil
    }
}
