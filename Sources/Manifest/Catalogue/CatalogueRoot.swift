import CanonicalJSON
package import Quantities

/// What a catalogue's `root.json` says.
package struct CatalogueRoot: Hashable, Sendable {
    /// The value of the member `schema`.
    package static let schema = "mediaplan-catalogue"
    /// The version that is written; a reader takes every minor number of its major one.
    package static let version = "1.0"

    package var fleet: String
    /// At least 1.
    package var sequence: Int64
    package var issued: Instant
    package var expires: Instant
    /// Number of items in all shards.
    package var items: Int64
    /// SHA-256 of each shard, in order: their number is a power of two.
    package var shards: [Digest]

    package init(
        fleet: String, sequence: Int64, issued: Instant, expires: Instant, items: Int64,
        shards: [Digest]
    ) {
        self.fleet = fleet
        self.sequence = sequence
        self.issued = issued
        self.expires = expires
        self.items = items
        self.shards = shards
    }

    /// The canonical bytes (RFC 8785) that are signed.
    package var json: [UInt8] {
        var writer = CanonicalWriter(reservingBytes: 300 + 67 * shards.count)
        writer.object { writer in
            writer.member("expires", expires)
            writer.member("fleet", fleet)
            writer.member("issued", issued)
            writer.member("items", items)
            writer.member("schema", CatalogueRoot.schema)
            writer.member("sequence", sequence)
            writer.member("shards", array: shards) { $0.value($1.hex) }
            writer.member("version", CatalogueRoot.version)
        }
        return writer.bytes
    }

    /// What the signature binds to the root beside its bytes.
    package var trustedComment: String {
        "catalogue\tfleet:\(ManifestNames.escaped(fleet))\tsequence:\(sequence)"
    }

    /// SHA-256 of the shard that names an item.
    package func shard(ofItem key: String) -> Digest {
        shards[CatalogueShard.number(ofItem: key, of: shards.count)]
    }
}

// Reading

extension CatalogueRoot {
    /// Reads a root's text; its signature is somebody else's to check.
    package init(json: [UInt8]) throws(CatalogueRefusal) {
        let value: JSONValue
        do { value = try StrictJSONReader.read(json) } catch {
            throw .malformed("at byte \(error.offset): \(error.message)")
        }
        do {
            let root = try ObjectReader(value, at: "")
            guard try root.text("schema") == CatalogueRoot.schema else {
                throw root.refusal("schema", "isn't \(CatalogueRoot.schema)")
            }
            let version = try root.text("version")
            guard version.hasPrefix("1.") else { throw CatalogueRefusal.unknownVersion(version) }
            try self.init(root)
        } catch let fault as MemberFault {
            throw .malformed(fault.message)
        } catch let refusal as CatalogueRefusal {
            throw refusal
        } catch {
            throw .malformed("\(error)")
        }
    }

    private init(_ root: ObjectReader) throws(MemberFault) {
        let exact = 0...CanonicalWriter.integerLimit
        self.init(
            fleet: try root.text("fleet"),
            sequence: try root.integer("sequence", in: 1...CanonicalWriter.integerLimit),
            issued: try root.instant("issued"), expires: try root.instant("expires"),
            items: try root.integer("items", in: exact), shards: [])
        for element in try root.elements("shards") {
            guard case .text(let text) = element, let digest = Digest(hex: text),
                digest.hex == text
            else { throw root.refusal("shards", "hold what isn't a SHA-256") }
            shards.append(digest)
        }
        guard shards.count.nonzeroBitCount == 1, shards.count <= IndexCatalogue.shardLimit else {
            throw root.refusal("shards", "aren't a power of two, or are too many")
        }
    }
}
