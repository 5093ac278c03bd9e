import CanonicalJSON
import Catalogue
import Quantities

// Items

extension ManifestContent {
    static func items(_ root: ObjectReader) throws(MemberFault) -> [ManifestItem] {
        var items: [ManifestItem] = []
        for (key, reader) in try root.entries("items") { items.append(try item(key, reader)) }
        return items.sorted { $0.key < $1.key }
    }

    private static func item(_ key: String, _ item: ObjectReader) throws(MemberFault)
        -> ManifestItem
    {
        let isKnown = try item.flag("index_known")
        let read = ManifestItem(
            key: key, title: try item.text("title"), version: try item.text("version"),
            name: try item.text("name"), files: try files(item),
            chunkBytes: try item.integer("chunk_bytes", in: positive),
            index: isKnown ? try item.digest("index") : nil, completes: try item.flag("completes"),
            path: try item.text("path"), fallbacks: try item.objects("fallbacks", fallback))
        guard ManifestNames.item(title: read.title, version: read.version) == key else {
            throw item.refusal("title", "and version don't make up the key")
        }
        guard ManifestNames.isPath(read.path, ofItem: key) else {
            throw item.refusal("path", "is neither the key nor blobs/ and a SHA-256")
        }
        let index = try item.value("index")
        guard isKnown || index == .null else {
            throw item.refusal("index", "isn't null, although index_known is false")
        }
        try check(item, read)
        return read
    }

    /// The files in order; their offsets must follow from their sizes.
    private static func files(_ item: ObjectReader) throws(MemberFault) -> [ItemFile] {
        var offset: Int64 = 0
        let files = try item.objects("files") { file throws(MemberFault) in
            let bytes = try file.integer("bytes", in: positive)
            guard try file.integer("offset", in: exact) == offset else {
                throw file.refusal("offset", "isn't the sum of the sizes before")
            }
            offset += bytes
            guard offset <= CanonicalWriter.integerLimit else {
                throw file.refusal("bytes", "makes the item too long")
            }
            return ItemFile(
                name: try file.text("name"), sizeBytes: bytes, kind: try file.text("kind"))
        }
        guard !files.isEmpty else { throw item.refusal("files", "is empty") }
        return files
    }

    /// `bytes` and `chunks` must follow from the files.
    private static func check(_ item: ObjectReader, _ read: ManifestItem) throws(MemberFault) {
        let bytes = try item.integer("bytes", in: positive)
        let chunks = try item.integer("chunks", in: 1...Int64(Int32.max) - 1)
        guard bytes == read.totalBytes, chunks == read.chunkCount else {
            throw item.refusal("chunks", "and bytes don't follow from the files")
        }
        guard read.chunkBytes <= Int64.max / (2 * chunks) else {
            throw item.refusal("chunk_bytes", "is too great")
        }
    }
}
