import CanonicalJSON
import Catalogue
import Quantities

// Items

extension ManifestContent {
    /// The items, which must ascend by their keys; whom to ask for them is read when the ends are.
    static func items(_ root: ObjectReader) throws(MemberFault) -> [ManifestItem] {
        let items = try root.objects("items", item)
        for (item, next) in zip(items, items.dropFirst()) where item.key >= next.key {
            throw MemberFault(message: "items don't ascend: \(next.key)")
        }
        return items
    }

    private static func item(_ item: ObjectReader) throws(MemberFault) -> ManifestItem {
        let key = try item.text("key")
        let (title, version) = try title(of: key, item)
        guard ManifestNames.item(title: title, version: version) == key else {
            throw item.refusal("title", "and version don't make up the key")
        }
        let cut = try cut(item)
        let read = ManifestItem(
            key: key, title: title, version: version, name: try item.textIfAny("name"),
            fileBytes: Array(cut.dropFirst()), chunkBytes: cut[0],
            index: item.has("index") ? try item.digest("index") : nil,
            completes: try item.flagIfAny("completes"), path: try item.textIfAny("path"))
        guard read.path.isEmpty || ManifestNames.isPath(read.path, ofItem: key) else {
            throw item.refusal("path", "is neither the key nor blobs/ and a SHA-256")
        }
        try check(item, read)
        return read
    }

    /// The key tells them where they aren't stated.
    private static func title(of key: String, _ item: ObjectReader) throws(MemberFault) -> (
        title: String, version: String
    ) {
        guard !item.has("title") else { return (try item.text("title"), try item.text("version")) }
        let parts = key.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let title = ManifestNames.unescaped(parts[0]),
            let version = ManifestNames.unescaped(parts[1])
        else { throw item.refusal("title", "is missing") }
        return (title, version)
    }

    /// The size of a full chunk, then those of the files.
    private static func cut(_ item: ObjectReader) throws(MemberFault) -> [Int64] {
        let row = try NumberRow(item.value("cut"), at: "cut", counts: 2...Int.max)
        var rest = exact.upperBound
        for bytes in row.numbers.dropFirst() {
            guard bytes > 0, bytes <= rest else {
                throw item.refusal("cut", "has an empty file, or the item is too long")
            }
            rest -= bytes
        }
        guard row[0] > 0 else { throw item.refusal("cut", "has empty chunks") }
        return row.numbers
    }

    /// Chunks must be countable.
    private static func check(_ item: ObjectReader, _ read: ManifestItem) throws(MemberFault) {
        let chunks = read.chunkCount
        guard chunks < Int64(Int32.max), read.chunkBytes <= Int64.max / (2 * chunks) else {
            throw item.refusal("cut", "makes too many chunks")
        }
    }
}
