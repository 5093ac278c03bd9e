package import CanonicalJSON
import Manifest
import Quantities
import Transport

/// What `agent.json` says.
package struct Settings: Hashable, Sendable {
    /// The value of the member `schema`.
    static let schema = "mediaplan-agent"

    package var fleet: String
    package var device: String
    /// Public keys as minisign prints them, one or two: who may direct transfers.
    package var manifestKeys: [String]
    /// Public keys as minisign prints them, one or two: who may introduce content.
    package var catalogueKeys: [String]
    /// Folders and `http://` addresses that manifests come from, each looked into.
    package var manifests: [String] = []
    /// `host:port` where the agent listens.
    package var listen = "0.0.0.0:7080"
    /// Space of the disk that is never used.
    package var reserveBytes: Int64 = 1_000_000_000
    /// A program that is run for each item that has become complete; empty: none.
    package var onComplete = ""
    package var pollSeconds: Int64 = 300
    /// How many nights' reports are kept.
    package var keptReports: Int64 = 30
    package var maxManifestBytes: Int64 = 16 << 20
    package var maxIndexBytes: Int64 = 16 << 20
    /// Connections of others at a time.
    package var maxConnections: Int64 = 128

    package init(
        fleet: String, device: String, manifestKeys: [String], catalogueKeys: [String]
    ) {
        self.fleet = fleet
        self.device = device
        self.manifestKeys = manifestKeys
        self.catalogueKeys = catalogueKeys
    }

    /// The keys, ready to verify with.
    func keys(_ texts: [String]) -> [VerifyingKey] {
        texts.compactMap { Settings.key(ofLine: $0) }
    }

    /// The public key in the second line of minisign's file; nil when it isn't one.
    static func key(ofLine line: String) -> VerifyingKey? {
        try? VerifyingKey(publicKeyFile: Array("untrusted comment: \n\(line)\n".utf8))
    }
}

// Writing

extension Settings {
    /// The canonical bytes of `agent.json`.
    package var json: [UInt8] {
        var writer = CanonicalWriter()
        writer.object { root in
            root.member("catalogue_keys", array: catalogueKeys) { $0.value($1) }
            root.member("device", device)
            root.member("fleet", fleet)
            root.member("kept_reports", keptReports)
            root.member("listen", listen)
            root.member("manifest_keys", array: manifestKeys) { $0.value($1) }
            root.member("manifests", array: manifests) { $0.value($1) }
            root.member("max_connections", maxConnections)
            root.member("max_index_bytes", maxIndexBytes)
            root.member("max_manifest_bytes", maxManifestBytes)
            root.member("on_complete", onComplete)
            root.member("poll_seconds", pollSeconds)
            root.member("reserve_bytes", reserveBytes)
            root.member("schema", Settings.schema)
            root.member("version", "1.0")
        }
        return writer.bytes
    }
}

// Reading

extension Settings {
    private static let members: Set<String> = [
        "catalogue_keys", "device", "fleet", "kept_reports", "listen", "manifest_keys",
        "manifests", "max_connections", "max_index_bytes", "max_manifest_bytes", "on_complete",
        "poll_seconds", "reserve_bytes", "schema", "version",
    ]

    /// Reads the settings of a state folder.
    ///
    /// - Throws: of kind `configuration`, with the member that is wrong.
    package static func read(_ folder: String) throws(AgentError) -> Settings {
        let path = "\(folder)/agent.json"
        guard let bytes = try SmallFiles.read(path, limit: 1 << 20, following: true) else {
            throw AgentError(
                .configuration, "there is no '\(path)'",
                hint: "make it with mediaplan-agent enroll, or name another folder with --state")
        }
        do {
            return try Settings(json: bytes)
        } catch {
            throw AgentError(
                .configuration, "'\(path)': \(error.message)",
                hint: "mend it as mediaplan-agent(8) says, or remove it and enrol again")
        }
    }

    /// Reads a text; members that aren't known are refused, for they are mistyped ones.
    package init(json: [UInt8]) throws(MemberFault) {
        let value: JSONValue
        do { value = try StrictJSONReader.read(json) } catch {
            throw MemberFault(message: "at byte \(error.offset): \(error.message)")
        }
        let root = try ObjectReader(value, at: "")
        if case .object(let members) = value,
            let unknown = members.first(where: { !Settings.members.contains($0.key) })
        {
            throw root.refusal(unknown.key, "is a member that isn't known")
        }
        guard try root.text("schema") == Settings.schema, try root.text("version") == "1.0" else {
            throw root.refusal("schema", "and version aren't \(Settings.schema) and 1.0")
        }
        self.init(
            fleet: try root.text("fleet"), device: try root.text("device"),
            manifestKeys: try Settings.keys("manifest_keys", of: root),
            catalogueKeys: try Settings.keys("catalogue_keys", of: root))
        guard !fleet.isEmpty, !device.isEmpty else {
            throw root.refusal("fleet", "or device is empty")
        }
        try readRest(root)
        guard Set(manifestKeys).isDisjoint(with: catalogueKeys) else {
            throw root.refusal(
                "catalogue_keys", "hold a manifest key: who directs must not introduce content")
        }
    }

    private mutating func readRest(_ root: ObjectReader) throws(MemberFault) {
        manifests = try Settings.texts("manifests", of: root)
        for place in manifests where Place(place) == nil {
            throw root.refusal("manifests", "holds '\(place)', neither a folder nor http://…")
        }
        listen = try root.text("listen")
        guard Address(text: listen) != nil else {
            throw root.refusal("listen", "isn't HOST:PORT: '\(listen)'")
        }
        onComplete = try root.text("on_complete")
        guard onComplete.isEmpty || onComplete.hasPrefix("/") else {
            throw root.refusal("on_complete", "isn't a whole path")
        }
        reserveBytes = try root.integer("reserve_bytes", in: 0...CanonicalWriter.integerLimit)
        pollSeconds = try root.integer("poll_seconds", in: 1...86_400)
        keptReports = try root.integer("kept_reports", in: 1...1000)
        maxManifestBytes = try root.integer("max_manifest_bytes", in: 1024...(256 << 20))
        maxIndexBytes = try root.integer("max_index_bytes", in: 1024...(256 << 20))
        maxConnections = try root.integer("max_connections", in: 1...1000)
    }

    private static func texts(_ key: String, of root: ObjectReader) throws(MemberFault) -> [String]
    {
        var texts: [String] = []
        for element in try root.elements(key) {
            guard case .text(let text) = element else {
                throw root.refusal(key, "holds something else than text")
            }
            texts.append(text)
        }
        return texts
    }

    private static func keys(_ key: String, of root: ObjectReader) throws(MemberFault) -> [String] {
        let lines = try texts(key, of: root)
        guard (1...2).contains(lines.count),
            lines.allSatisfy({ Settings.key(ofLine: $0) != nil })
        else { throw root.refusal(key, "aren't one or two public keys as minisign writes them") }
        return lines
    }
}
