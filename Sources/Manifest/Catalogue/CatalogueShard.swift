import CanonicalJSON
package import Quantities

/// A part of a catalogue: the items whose keys' SHA-256 begin with its number.
package struct CatalogueShard: Hashable, Sendable {
    /// The value of the member `schema`.
    package static let schema = "mediaplan-catalogue-shard"
    /// Longest text that is read, in bytes: some ten times what is written.
    package static let textLimit = 1 << 20

    /// Ascending by key, no key twice.
    package var entries: [IndexCatalogue.Entry]

    package init(entries: [IndexCatalogue.Entry]) { self.entries = entries }

    /// The canonical bytes (RFC 8785): the file that is named by its SHA-256.
    package var json: [UInt8] {
        var writer = CanonicalWriter(reservingBytes: 100 + 150 * entries.count)
        writer.object { writer in
            writer.name("items")
            writer.object { writer in
                for entry in entries { writer.member(entry.item, entry.index.hex) }
            }
            writer.member("schema", CatalogueShard.schema)
        }
        return writer.bytes
    }

    /// The index of an item; nil when the shard doesn't name it. O(log n).
    package func index(ofItem key: String) -> Digest? {
        var range = 0..<entries.count
        while let middle = range.isEmpty ? nil : range.lowerBound + range.count / 2 {
            if entries[middle].item == key { return entries[middle].index }
            range =
                entries[middle].item < key
                ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// How many shards so many items are cut into: a power of two, 1 for few.
    package static func count(ofItems count: Int) -> Int {
        var shards = 1
        while shards * IndexCatalogue.itemsPerShard < count { shards *= 2 }
        return shards
    }

    /// The shard that names an item: the first bits of the SHA-256 of its key.
    ///
    /// - Parameters:
    ///   - key: an item key.
    ///   - count: number of shards, a power of two up to 2³¹.
    /// - Returns: the shard's number, from 0.
    package static func number(ofItem key: String, of count: Int) -> Int {
        let bits = count.trailingZeroBitCount
        let word = sha256(Array(key.utf8)).words.0
        return bits == 0 ? 0 : Int(word >> UInt64(64 - bits))
    }

    /// Whether a text can be an item key: at most 200 bytes that need no quoting, among them an
    /// at-sign, which a shortened key may have lost.
    package static func isKey(_ text: String) -> Bool {
        ManifestNames.isName(text) && text.utf8.count <= ManifestNames.longest
            && (text.contains("@") || ManifestNames.isShortened(text))
    }
}

// Reading

extension CatalogueShard {
    /// Reads a shard whose name is known.
    ///
    /// - Parameters:
    ///   - json: its bytes.
    ///   - digest: what their SHA-256 must be; checked before anything is parsed.
    /// - Throws: when these are other bytes, or no shard.
    package init(json: [UInt8], named digest: Digest) throws(CatalogueRefusal) {
        guard json.count <= CatalogueShard.textLimit else {
            throw .tooLarge(bytes: json.count, limit: CatalogueShard.textLimit)
        }
        guard sha256(json) == digest else { throw .wrongShard(digest) }
        let value: JSONValue
        do { value = try StrictJSONReader.read(json) } catch {
            throw .malformed("at byte \(error.offset): \(error.message)")
        }
        do { try self.init(ObjectReader(value, at: "")) } catch {
            throw .malformed(error.message)
        }
        guard self.json == json else { throw .malformed("a shard isn't in canonical form") }
    }

    private init(_ root: ObjectReader) throws(MemberFault) {
        guard try root.text("schema") == CatalogueShard.schema else {
            throw root.refusal("schema", "isn't \(CatalogueShard.schema)")
        }
        guard case .object(let members) = try root.value("items") else {
            throw root.refusal("items", "isn't an object")
        }
        var entries: [IndexCatalogue.Entry] = []
        for member in members {
            guard case .text(let text) = member.value, let digest = Digest(hex: text),
                CatalogueShard.isKey(member.key), entries.last.map({ $0.item < member.key }) ?? true
            else { throw root.refusal("items", "aren't item keys in order with a SHA-256 each") }
            entries.append(IndexCatalogue.Entry(item: member.key, index: digest))
        }
        self.init(entries: entries)
    }
}
