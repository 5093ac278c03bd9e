import Manifest
package import Quantities

/// Judges a signed catalogue as a device would.
package enum VerifyCatalogue {
    /// What it says.
    package struct Report: Hashable, Sendable {
        package var fleet: String
        /// Its number.
        package var sequence: Int64
        package var issued: Instant
        package var expires: Instant
        /// By item key.
        package var entries: [Entry]

        /// One item.
        package struct Entry: Hashable, Sendable {
            package var item: String
            /// SHA-256 of its chunk index.
            package var index: Digest
        }
    }

    /// Checks signature, fleet and time, and that every shard is there and whole.
    ///
    /// - Parameters:
    ///   - path: of the origin's folder.
    ///   - keyPath: the public key's file.
    ///   - fleet: its name; nil: any.
    ///   - now: the time.
    /// - Throws: of kind `untrusted` for what a device would refuse.
    /// - Returns: what the catalogue says.
    package static func run(_ path: String, keyPath: String, fleet: String?, now: Instant) throws
        -> Report
    {
        let files = CatalogueFiles(origin: OriginFolder(path))
        guard let signed = try files.signed() else {
            throw NightlyError(
                .failed, "there is no catalogue in '\(path)'",
                hint: "write one with mediaplan catalogue sign")
        }
        do {
            let key = try CatalogueKeys.known(keyPath)
            let stated = try fleet ?? CatalogueRoot(json: signed.root).fleet
            let root = try signed.verify(CatalogueRules(keys: [key], fleet: stated, now: now)).root
            return Report(
                fleet: root.fleet, sequence: root.sequence, issued: root.issued,
                expires: root.expires, entries: try entries(root, files.origin))
        } catch let refusal as CatalogueRefusal {
            throw NightlyError(.untrusted, "\(refusal)")
        }
    }

    private static func entries(_ root: CatalogueRoot, _ origin: OriginFolder) throws
        -> [Report.Entry]
    {
        var entries: [Report.Entry] = []
        for (number, digest) in root.shards.enumerated() {
            let json = try Files.read(origin.shard(digest), limit: CatalogueShard.textLimit)
            for entry in try CatalogueShard(json: json, named: digest).entries {
                guard CatalogueShard.number(ofItem: entry.item, of: root.shards.count) == number
                else { throw CatalogueRefusal.malformed("\(entry.item) is in the wrong shard") }
                entries.append(Report.Entry(item: entry.item, index: entry.index))
            }
        }
        guard Int64(entries.count) == root.items else {
            throw CatalogueRefusal.malformed("it has \(entries.count) items, not \(root.items)")
        }
        return entries.sorted { $0.item < $1.item }
    }
}
