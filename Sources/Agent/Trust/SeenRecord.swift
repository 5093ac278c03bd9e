import CanonicalJSON
import Manifest
import Quantities

/// The file `seen.json`: the newest manifest and catalogue that were accepted, so that none older
/// is, ever.
struct SeenRecord: Hashable, Sendable {
    /// Nil on a new device.
    var manifest: TrustRules.Seen?
    /// Nil on a new device.
    var catalogue: TrustRules.Seen?

    static let schema = "mediaplan-seen"

    /// What a state folder remembers.
    ///
    /// - Throws: of kind `configuration` when the file is there and can't be understood: to go on
    ///   would be to accept whatever is old.
    static func read(_ path: String) throws(AgentError) -> SeenRecord {
        guard let bytes = try SmallFiles.read(path, limit: 65_536) else { return SeenRecord() }
        do {
            let root = try ObjectReader(StrictJSONReader.read(bytes), at: "")
            guard try root.text("schema") == schema else {
                throw root.refusal("schema", "isn't \(schema)")
            }
            return SeenRecord(
                manifest: try seen("manifest", of: root), catalogue: try seen("catalogue", of: root)
            )
        } catch {
            throw AgentError(
                .configuration, "'\(path)' is damaged",
                hint: "put it back from a copy; if there is none, remove it and check that the next"
                    + " manifest is tonight's")
        }
    }

    private static func seen(_ key: String, of root: ObjectReader) throws(MemberFault)
        -> TrustRules.Seen?
    {
        guard root.has(key) else { return nil }
        let object = try root.object(key)
        return TrustRules.Seen(
            sequence: try object.integer("sequence", in: 1...CanonicalWriter.integerLimit),
            digest: try object.digest("digest"))
    }

    func write(_ path: String) throws(AgentError) {
        var writer = CanonicalWriter()
        writer.object { root in
            for (key, seen) in [("catalogue", catalogue), ("manifest", manifest)] {
                guard let seen else { continue }
                root.member(
                    key,
                    object: { object in
                        object.member("digest", seen.digest.hex)
                        object.member("sequence", seen.sequence)
                    })
            }
            root.member("schema", SeenRecord.schema)
        }
        try SmallFiles.replace(path, with: writer.bytes, mode: 0o640)
    }
}
