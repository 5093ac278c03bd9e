import Catalogue
import GRDB
import Quantities

/// Reads the titles and items that a night needs.
struct CatalogueReader {
    private let names: CatalogueNames
    private let chunkBytes: Int64
    private var keptTitles: [Bool]
    private var keptItems: Set<ItemKey> = []
    private(set) var catalogue = Catalogue()
    /// By position in ``CatalogueNames/titles``: position in the catalogue, -1 for none.
    private var titlePositions: [Int32]
    private var itemPositions: [ItemKey: Int32] = [:]
    private var unsized = Tally()
    private var empty = Tally()
    private var tooBig = Tally()
    private var otherBytes = Tally()
    private var otherIndex = Tally()

    private struct ItemKey: Hashable {
        let title: Int32
        let major: Int32
    }

    init(names: CatalogueNames, chunkBytes: Int64) {
        self.names = names
        self.chunkBytes = max(1, chunkBytes)
        keptTitles = names.titles.map { !$0.deleted }
        titlePositions = [Int32](repeating: -1, count: names.titles.count)
    }

    /// Keeps a title (position in ``CatalogueNames/titles``) even if it is deleted.
    mutating func keep(title: Int32) { keptTitles[Int(title)] = true }

    /// Keeps a version of a title.
    mutating func keep(title: Int32, major: Int32) {
        keptTitles[Int(title)] = true
        keptItems.insert(ItemKey(title: title, major: major))
    }

    /// Position in the catalogue of a title by its position in ``CatalogueNames/titles``.
    func title(at position: Int32) -> Int32? {
        let title = titlePositions[Int(position)]
        return title < 0 ? nil : title
    }

    /// Position in the catalogue of a title's version, nil when it isn't there or its size isn't
    /// known.
    func item(title: Int32, major: Int32) -> Int32? {
        itemPositions[ItemKey(title: title, major: major)]
    }

    mutating func read(_ database: Database) throws {
        let rows = TitleRows(database: database)
        let titles = try Row.fetchCursor(database, sql: "SELECT * FROM title ORDER BY id")
        var position = 0
        while let row = try titles.next() {
            if keptTitles[position] {
                try read(TitleRows.record(row), at: Int32(position), rows)
            }
            position += 1
        }
    }

    private mutating func read(_ record: TitleRecord, at position: Int32, _ rows: TitleRows) throws
    {
        let title = Int32(catalogue.titles.count)
        titlePositions[Int(position)] = title
        let isLive = record.verb == .put
        let majors = names.titles[Int(position)].majors
        let current = record.version.major
        var currentItem: Int32 = -1
        let wanted = majors.filter {
            (isLive && $0 == current) || keptItems.contains(ItemKey(title: position, major: $0))
        }.sorted { Identifier(String($0)) < Identifier(String($1)) }
        for major in wanted {
            guard let item = try item(of: record.id, major: major, title: title, rows) else {
                continue
            }
            let itemPosition = Int32(catalogue.items.count)
            itemPositions[ItemKey(title: position, major: major)] = itemPosition
            if isLive, major == current { currentItem = itemPosition }
            catalogue.items.append(item)
        }
        if isLive, !majors.contains(current) { empty.add("'\(record.id)'") }
        catalogue.titles.append(
            Title(
                id: record.id, name: record.name, licence: record.licence,
                territories: record.territories, peerToPeer: record.peerToPeer,
                currentItem: currentItem))
    }

    private mutating func item(
        of id: String, major: Int32, title: Int32, _ rows: TitleRows
    ) throws -> Item? {
        guard let head = try rows.item(of: id, major: major) else { return nil }
        let files = try rows.files(of: id, major: major)
        if let form = try IngestedRows.form(of: id, major: major, rows.database) {
            if form.isOf(files) {
                let stated = head.indexDigest ?? form.indexDigest
                if stated != form.indexDigest { otherIndex.add("'\(id)' version \(major)") }
                return form.item(files: files, title: title)
            }
            otherBytes.add("'\(id)' version \(major)")
        }
        let chunk = max(1, head.chunkBytes ?? chunkBytes)
        let sized = files.compactMap { file in
            file.sizeBytes.flatMap { size in
                size > 0 ? ItemFile(name: file.name, sizeBytes: size, kind: file.kind) : nil
            }
        }
        guard sized.count == files.count, !sized.isEmpty else {
            unsized.add("'\(id)' version \(major)")
            return nil
        }
        guard CatalogueReader.isCuttable(sized, chunkBytes: chunk) else {
            tooBig.add("'\(id)' version \(major)")
            return nil
        }
        return Item(
            title: title, version: String(major), files: sized, chunkBytes: chunk,
            indexDigest: head.indexDigest)
    }

    /// Whether a layout may be made: fewer than 2³¹ - 1 chunks, and bytes whose sum is below 2⁶².
    static func isCuttable(_ files: [ItemFile], chunkBytes: Int64) -> Bool {
        var chunks: Int64 = 0
        var bytes: Int64 = 0
        for file in files {
            guard file.sizeBytes < 1 << 62 - bytes else { return false }
            bytes += file.sizeBytes
            chunks += (file.sizeBytes - 1) / chunkBytes + 1
            guard chunks < Int64(Int32.max) - 1 else { return false }
        }
        return chunkBytes < 1 << 62 / max(1, chunks)
    }

    var notes: [Diagnostic] {
        unsized.notes("W_NO_SIZE", "catalogue") { count, example in
            "\(count) items have a file of unknown size and can't be planned, such as \(example)"
        }
            + empty.notes("W_NO_FILES", "catalogue") { count, example in
                "\(count) titles have no files and can't be planned, such as \(example)"
            }
            + tooBig.notes("W_TOO_BIG", "catalogue") { count, example in
                "\(count) items are too big for their chunk size, such as \(example)"
            }
            + otherBytes.notes("W_INGESTED_OTHER", "catalogue") { count, example in
                "\(count) items were ingested from files of other sizes than their feed states now, "
                    + "and must be ingested again, such as \(example)"
            }
            + otherIndex.notes("W_OTHER_INDEX", "catalogue") { count, example in
                "\(count) items have another chunk index than their feed states; what was ingested "
                    + "counts, such as \(example)"
            }
    }
}
