import Manifest
package import Quantities

/// Signs which chunk index belongs to which item, with the offline key.
///
/// It needs an origin's indexes and catalogue, and no workspace: a copy of these two folders on a
/// machine without a network is enough.
package enum SignCatalogue {
    /// What is signed, and how.
    package struct Request: Hashable, Sendable {
        /// The origin's folder.
        package var origin: String
        /// The secret key's file, in minisign's form, without a password.
        package var keyPath: String
        /// The fleet's name.
        package var fleet: String
        package var now: Instant
        package var expires: Instant

        package init(
            origin: String, keyPath: String, fleet: String, now: Instant, expires: Instant
        ) {
            self.origin = origin
            self.keyPath = keyPath
            self.fleet = fleet
            self.now = now
            self.expires = expires
        }
    }

    /// What was signed.
    package struct Report: Hashable, Sendable {
        /// Its path.
        package var root: String
        package var fleet: String
        /// Its number: one more than that of the catalogue before.
        package var sequence: Int64
        package var expires: Instant
        /// Number of items.
        package var items: Int64
        /// Items that the catalogue before didn't name, or named another index for.
        package var changed: Int64
        /// Items that the catalogue before named and this one doesn't.
        package var removed: Int64
        /// Number of shards.
        package var shards: Int64
        /// The key's id as minisign prints it.
        package var keyID: String
    }

    /// Reads all indexes and writes shards, root and signature.
    ///
    /// - Parameters:
    ///   - request: what and how.
    ///   - progress: told how many indexes were read.
    /// - Throws: when an index or the catalogue before isn't what it should be, or the key can't be
    ///   used; nothing was changed then.
    /// - Returns: what was signed.
    package static func run(_ request: Request, progress: (Int64) -> Void) throws -> Report {
        guard request.expires > request.now else {
            throw NightlyError(.usage, "the catalogue would expire before it is signed")
        }
        guard !request.fleet.isEmpty else { throw NightlyError(.usage, "the fleet has no name") }
        let key = try key(request.keyPath)
        let files = CatalogueFiles(origin: OriginFolder(request.origin))
        guard Files.kind(Files.path(request.origin, "indexes")) == .folder else {
            throw NightlyError(
                .failed, "'\(request.origin)' is no origin's folder: it has no indexes",
                hint: "ingest something first, or name another with --origin DIR")
        }
        let before = try before(files, key, request)
        let catalogue = try trusting(.failed) { () throws(CatalogueRefusal) in
            try IndexCatalogue(
                fleet: request.fleet, sequence: (before?.root.sequence ?? 0) + 1,
                issued: request.now, expires: request.expires,
                entries: try entries(files, progress))
        }
        let shards = catalogue.shards
        let root = catalogue.root(of: shards)
        let signed: SignedCatalogue
        do { signed = try root.signed(with: key) } catch {
            throw NightlyError(.untrusted, "\(request.keyPath): \(error)")
        }
        try files.write(shards, signed)
        try files.tidy(old: before?.root, new: root)
        return report(catalogue, root, before: before?.entries ?? [], key, files)
    }

    private static func entries(_ files: CatalogueFiles, _ progress: (Int64) -> Void)
        throws(CatalogueRefusal) -> [IndexCatalogue.Entry]
    {
        do { return try files.entries(progress: progress) } catch {
            throw .malformed(error.message)
        }
    }

    /// The catalogue that is there, and what it names: signed with the same key, for the same
    /// fleet.
    private static func before(_ files: CatalogueFiles, _ key: SigningKey, _ request: Request)
        throws -> (root: CatalogueRoot, entries: [IndexCatalogue.Entry])?
    {
        guard let signed = try files.signed() else { return nil }
        let rules = CatalogueRules(
            keys: [key.publicKey], fleet: request.fleet, now: Instant(seconds: Int64.min))
        let root = try trusting(.untrusted) { () throws(CatalogueRefusal) in
            try signed.verify(rules).root
        }
        var entries: [IndexCatalogue.Entry] = []
        for digest in root.shards {
            let path = files.origin.shard(digest)
            guard Files.kind(path) == .file,
                let shard = try? CatalogueShard(
                    json: Files.read(path, limit: CatalogueShard.textLimit), named: digest)
            else { continue }
            entries += shard.entries
        }
        return (root, entries)
    }

    private static func report(
        _ catalogue: IndexCatalogue, _ root: CatalogueRoot, before: [IndexCatalogue.Entry],
        _ key: SigningKey, _ files: CatalogueFiles
    ) -> Report {
        let known = Set(before)
        let named = Set(catalogue.entries.map(\.item))
        return Report(
            root: files.origin.rootPath, fleet: catalogue.fleet, sequence: catalogue.sequence,
            expires: catalogue.expires, items: root.items,
            changed: Int64(catalogue.entries.count { !known.contains($0) }),
            removed: Int64(before.count { !named.contains($0.item) }),
            shards: Int64(root.shards.count), keyID: key.publicKey.keyIDText)
    }

    private static func key(_ path: String) throws(NightlyError) -> SigningKey {
        guard Files.kind(path) == .file else {
            throw NightlyError(
                .untrusted, "there is no key '\(path)'",
                hint: "make one, offline, with minisign -G -W -s catalogue.key -p catalogue.pub")
        }
        guard Files.isPrivate(path) else {
            throw NightlyError(
                .untrusted, "'\(path)' can be read or changed by others than its owner",
                hint: "chmod 600 \(path)")
        }
        let text = try Files.read(path, limit: CatalogueFiles.signatureLimit)
        do { return try SigningKey(secretKeyFile: text) } catch {
            throw NightlyError(.untrusted, "\(path): \(error)")
        }
    }

    private static func trusting<Result>(
        _ kind: NightlyError.Kind, _ body: () throws(CatalogueRefusal) -> Result
    ) throws(NightlyError) -> Result {
        do { return try body() } catch { throw NightlyError(kind, "\(error)") }
    }
}
