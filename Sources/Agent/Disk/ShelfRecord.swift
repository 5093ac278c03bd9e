import CanonicalJSON
package import Quantities

/// What is remembered of one item on the disk.
package struct ShelfEntry: Hashable, Sendable {
    /// The item key.
    package var key: String
    /// The title's identifier; empty while only the file is known.
    package var title: String
    package var version: String
    /// The title's name for people; may be empty.
    package var name: String
    package var totalBytes: Int64
    /// Number of chunks of the whole item.
    package var chunkCount: Int32
    /// The index that the chunks were checked by.
    package var index: Digest
    /// The chunks that were good when they were last checked.
    package var chunks: RangeSet32
    /// Bytes of ``chunks``.
    package var heldBytes: Int64
    /// The finished file as it was when all of it was checked; nil: it isn't finished.
    var mark: FileMark?
    /// Whether the item is complete and its device may offer it for sale.
    package var mayBeBought: Bool
    /// Whether it counts in the wish area rather than the cache area.
    package var isWish = false

    /// Whether all of it is there.
    package var isComplete: Bool { mark != nil }
}

/// The file `shelf.json`: what of the disk need not be read again.
///
/// It makes nothing count by itself: an entry of a finished item holds only while the file's size,
/// times and number are the same, and partial items are always checked again.
enum ShelfRecord {
    static let schema = "mediaplan-shelf"
    static let limitBytes = 64 << 20

    /// The entries, ascending by key; none when the file is missing or isn't understood.
    static func read(_ path: String) -> [ShelfEntry] {
        guard let bytes = try? SmallFiles.read(path, limit: limitBytes),
            let value = try? StrictJSONReader.read(bytes),
            let root = try? ObjectReader(value, at: ""),
            (try? root.text("schema")) == schema,
            let entries = try? root.entries("items")
        else { return [] }
        return entries.compactMap { key, reader in
            ItemName.isSafe(key) ? try? entry(key, reader) : nil
        }
    }

    static func write(_ entries: [ShelfEntry], to path: String) throws(AgentError) {
        var writer = CanonicalWriter()
        writer.object { root in
            root.member(
                "items",
                object: { items in
                    for entry in entries {
                        items.member(entry.key) { write(entry, &$0) }
                    }
                })
            root.member("schema", schema)
            root.member("version", "1.0")
        }
        try SmallFiles.replace(path, with: writer.bytes)
    }

    private static let exact = 0...CanonicalWriter.integerLimit

    private static func entry(_ key: String, _ reader: ObjectReader) throws(MemberFault)
        -> ShelfEntry
    {
        guard let chunks = try ranges(reader.text("chunks")) else {
            throw reader.refusal("chunks", "isn't a list of ranges")
        }
        var entry = ShelfEntry(
            key: key, title: try reader.text("title"), version: try reader.text("version"),
            name: try reader.text("name"),
            totalBytes: try reader.integer("bytes", in: exact),
            chunkCount: Int32(try reader.integer("chunk_count", in: 0...Int64(Int32.max))),
            index: try reader.digest("index"), chunks: chunks,
            heldBytes: try reader.integer("held_bytes", in: exact),
            mark: reader.has("file") ? try mark(reader.object("file")) : nil,
            mayBeBought: try reader.flag("may_be_bought"))
        entry.isWish = try reader.flag("wish")
        return entry
    }

    private static func ranges(_ text: String) -> RangeSet32? {
        text.isEmpty ? RangeSet32() : RangeSet32(text)
    }

    /// Nanoseconds are beyond 2⁵³, and so are written as text.
    private static func mark(_ reader: ObjectReader) throws(MemberFault) -> FileMark {
        guard let changed = Int64(try reader.text("changed_ns")),
            let touched = Int64(try reader.text("touched_ns")),
            let inode = UInt64(try reader.text("inode"))
        else { throw reader.refusal("changed_ns", "isn't a number") }
        return FileMark(
            sizeBytes: try reader.integer("bytes", in: exact), inode: inode, changedNs: changed,
            touchedNs: touched)
    }

    private static func write(_ entry: ShelfEntry, _ writer: inout CanonicalWriter) {
        writer.member("bytes", entry.totalBytes)
        writer.member("chunk_count", entry.chunkCount)
        writer.member("chunks", entry.chunks.description)
        if let mark = entry.mark {
            writer.member(
                "file",
                object: { file in
                    file.member("bytes", mark.sizeBytes)
                    file.member("changed_ns", "\(mark.changedNs)")
                    file.member("inode", "\(mark.inode)")
                    file.member("touched_ns", "\(mark.touchedNs)")
                })
        }
        writer.member("held_bytes", entry.heldBytes)
        writer.member("index", entry.index.hex)
        writer.member("may_be_bought", entry.mayBeBought)
        writer.member("name", entry.name)
        writer.member("title", entry.title)
        writer.member("version", entry.version)
        writer.member("wish", entry.isWish)
    }
}
