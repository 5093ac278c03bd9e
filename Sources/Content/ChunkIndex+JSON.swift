import CanonicalJSON
package import Quantities

// The text of a chunk index: canonical JSON, and nothing else that means the same.

extension ChunkIndex {
    /// The value of the member `schema`.
    package static let schema = "mediaplan-index"
    /// Longest text that is read unless the caller says otherwise, in bytes: 16 MiB, some 240,000
    /// chunks.
    package static let textLimit = 16 << 20
    /// Bytes of the text for each chunk: its digest, two quotation marks and a comma.
    package static let chunkTextBytes = 67
    /// Longest title, version, name or kind, in bytes.
    package static let wordLimit = 4096
    /// Most files of an item.
    package static let fileLimit = 10_000

    /// The canonical bytes (RFC 8785), without a last line feed: the file that is named by its
    /// SHA-256.
    package var json: [UInt8] {
        var writer = CanonicalWriter(reservingBytes: 400 + ChunkIndex.chunkTextBytes * chunks.count)
        writer.object { writer in
            writer.member("blob", blob.hex)
            writer.member("bytes", files.reduce(0) { $0 + $1.storedBytes })
            writer.member("chunk_bytes", chunkBytes)
            writer.member("chunks", array: chunks) { $0.value($1.hex) }
            writer.member("files", array: files) { $0.value($1) }
            writer.member("schema", ChunkIndex.schema)
            writer.member("title", title)
            writer.member("version", version)
        }
        return writer.bytes
    }

    /// SHA-256 of ``json``: its name.
    package var digest: Digest { SHA256Stream.digest(json[...]) }

    /// Reads an index.
    ///
    /// Everything that ``json`` wouldn't print again, byte for byte, is refused, so two texts
    /// never mean one index.
    ///
    /// - Parameters:
    ///   - json: the text.
    ///   - limit: longest text in bytes.
    /// - Throws: what is wrong, and where.
    package init(json: [UInt8], limit: Int = ChunkIndex.textLimit) throws(ChunkIndexFault) {
        guard json.count <= limit else {
            throw ChunkIndexFault(message: "it has \(json.count) bytes, more than \(limit)")
        }
        do {
            try self.init(ObjectReader(StrictJSONReader.read(json), at: ""))
        } catch let fault as JSONFault {
            throw ChunkIndexFault(message: "at byte \(fault.offset): \(fault.message)")
        } catch let fault as MemberFault {
            throw ChunkIndexFault(message: fault.message)
        } catch {
            throw ChunkIndexFault(message: "\(error)")
        }
        guard self.json == json else {
            throw ChunkIndexFault(message: "it isn't in canonical form, or has other members")
        }
    }

    /// Reads an index that must have a name.
    ///
    /// - Parameters:
    ///   - json: the text.
    ///   - digest: what its SHA-256 must be; checked before anything is parsed.
    ///   - limit: longest text in bytes.
    /// - Throws: what is wrong, and where.
    package init(json: [UInt8], named digest: Digest, limit: Int = ChunkIndex.textLimit)
        throws(ChunkIndexFault)
    {
        guard json.count <= limit, SHA256Stream.digest(json[...]) == digest else {
            throw ChunkIndexFault(message: "its bytes don't have the SHA-256 \(digest.hex)")
        }
        try self.init(json: json, limit: limit)
    }
}

/// Why a text isn't a chunk index.
package struct ChunkIndexFault: Error, Hashable, Sendable {
    /// Where, and what is wrong, without a full stop.
    package let message: String
}

extension ChunkIndexFault: CustomStringConvertible {
    /// A sentence that says what is wrong.
    package var description: String { "not a chunk index: \(message)" }
}

extension CanonicalWriter {
    fileprivate mutating func value(_ file: StoredFile) {
        object { writer in
            writer.member("bytes", file.storedBytes)
            writer.member("kind", file.kind)
            writer.member("name", file.name)
            writer.member("plain_bytes", file.plainBytes)
        }
    }
}

// Reading

extension ChunkIndex {
    private init(_ root: ObjectReader) throws(MemberFault) {
        guard try root.text("schema") == ChunkIndex.schema else {
            throw root.refusal("schema", "isn't \(ChunkIndex.schema)")
        }
        let chunkBytes = try root.integer("chunk_bytes", in: StoredForm.chunkBytesRange)
        self.init(
            title: try word("title", of: root), version: try word("version", of: root),
            chunkBytes: chunkBytes,
            files: try storedFiles(root, chunkBytes: chunkBytes), blob: try root.digest("blob"),
            chunks: try digests("chunks", of: root))
        let bytes = files.reduce(0) { $0 + $1.storedBytes }
        guard try root.integer("bytes", in: 1...StoredForm.itemBytesLimit) == bytes else {
            throw root.refusal("bytes", "isn't the sum of the files")
        }
        let count = files.reduce(0) { $0 + ($1.storedBytes - 1) / chunkBytes + 1 }
        guard count == Int64(chunks.count) else {
            throw root.refusal("chunks", "are \(chunks.count), but the files have \(count)")
        }
    }
}

/// Text that is neither empty nor long nor has control characters.
private func word(_ key: String, of reader: ObjectReader) throws(MemberFault) -> String {
    let text = try reader.text(key)
    guard ChunkIndex.isWord(text) else {
        throw reader.refusal(key, "is empty, too long, or has control characters")
    }
    return text
}

private func storedFiles(_ root: ObjectReader, chunkBytes: Int64) throws(MemberFault)
    -> [StoredFile]
{
    var total: Int64 = 0
    let sizes = 1...StoredForm.itemBytesLimit
    let files = try root.objects("files") { file throws(MemberFault) in
        let read = StoredFile(
            name: try word("name", of: file), kind: try file.text("kind"),
            plainBytes: try file.integer("plain_bytes", in: sizes),
            storedBytes: try file.integer("bytes", in: sizes))
        guard read.kind.isEmpty || ChunkIndex.isWord(read.kind) else {
            throw file.refusal("kind", "is too long, or has control characters")
        }
        guard read.storedBytes <= StoredForm.itemBytesLimit - total else {
            throw file.refusal("bytes", "makes the item too long")
        }
        total += read.storedBytes
        guard
            read.plainBytes == read.storedBytes
                || StoredForm.plainBytes(ofStored: read.storedBytes, chunkBytes: chunkBytes)
                    == read.plainBytes
        else { throw file.refusal("plain_bytes", "doesn't belong to bytes") }
        return read
    }
    guard 1...ChunkIndex.fileLimit ~= files.count else {
        throw root.refusal("files", "are none or more than \(ChunkIndex.fileLimit)")
    }
    return files
}

private func digests(_ key: String, of root: ObjectReader) throws(MemberFault) -> [Digest] {
    var digests: [Digest] = []
    for element in try root.elements(key) {
        guard case .text(let text) = element, let digest = Digest(hex: text), digest.hex == text
        else { throw root.refusal(key, "hold what isn't 64 lower-case hexadecimal digits") }
        digests.append(digest)
    }
    return digests
}

extension ChunkIndex {
    /// Whether a text may stand in an index as title, version or name: not empty, at most
    /// ``wordLimit`` bytes, no control characters.
    package static func isWord(_ text: String) -> Bool {
        let bytes = text.utf8
        return 1...wordLimit ~= bytes.count && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
