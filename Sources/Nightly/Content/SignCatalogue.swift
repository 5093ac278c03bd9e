import CanonicalJSON
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
        /// The public key's file that the catalogue before may be signed with; nil: none but the
        /// own.
        package var oldKeyPath: String?
        /// A number that the new one is above, whatever the catalogue before says; with one, a
        /// catalogue before that can't be trusted counts as none. Nil: none is stated.
        package var after: Int64?
        /// The public key's file that manifests are signed with; nil, or nothing there: not known.
        package var manifestKeyPath: String?

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
        /// Its number: one more than that of the catalogue before, or than the one stated.
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
    ///   used or signs manifests; nothing was changed then.
    /// - Returns: what was signed.
    package static func run(_ request: Request, progress: (Int64) -> Void) throws -> Report {
        guard request.expires > request.now else {
            throw NightlyError(.usage, "the catalogue would expire before it is signed")
        }
        guard !request.fleet.isEmpty else { throw NightlyError(.usage, "the fleet has no name") }
        let key = try CatalogueKeys.secret(request.keyPath)
        try refuseManifestKey(key, request)
        let files = CatalogueFiles(origin: OriginFolder(request.origin))
        guard Files.kind(Files.path(request.origin, "indexes")) == .folder else {
            throw NightlyError(
                .failed, "'\(request.origin)' is no origin's folder: it has no indexes",
                hint: "ingest something first, or name another with --origin DIR")
        }
        let before = try CatalogueBefore(files, key, request)
        let sequence = try number(before, request)
        let entries = try files.entries(progress: progress)
        let catalogue = try trusting { () throws(CatalogueRefusal) in
            try IndexCatalogue(
                fleet: request.fleet, sequence: sequence, issued: request.now,
                expires: request.expires, entries: entries)
        }
        let shards = catalogue.shards
        let root = catalogue.root(of: shards)
        let signed: SignedCatalogue
        do { signed = try root.signed(with: key) } catch {
            throw NightlyError(.untrusted, "\(request.keyPath): \(error)")
        }
        try files.write(shards, signed, before: before?.signed)
        try files.tidy(old: before?.root, new: root)
        return report(catalogue, root, before: before?.entries(files) ?? [], key, files)
    }

    /// Who gets at the planner has the manifest key, and must not have this one with it.
    private static func refuseManifestKey(_ key: SigningKey, _ request: Request)
        throws(NightlyError)
    {
        guard let path = request.manifestKeyPath, Files.kind(path) == .file,
            let manifests = try? VerifyingKey(
                publicKeyFile: Files.read(path, limit: CatalogueFiles.signatureLimit)),
            manifests.bytes == key.publicKey.bytes
        else { return }
        throw NightlyError(
            .untrusted, "'\(request.keyPath)' is the key that signs manifests",
            hint: "make another one, offline, with minisign -G -W -s catalogue.key "
                + "-p catalogue.pub")
    }

    private static func number(_ before: CatalogueBefore?, _ request: Request)
        throws(NightlyError) -> Int64
    {
        let last = max(before?.root.sequence ?? 0, request.after ?? 0)
        guard 0..<CanonicalWriter.integerLimit ~= last else {
            throw NightlyError(.usage, "no number is above \(last)")
        }
        return last + 1
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

    private static func trusting<Result>(
        _ body: () throws(CatalogueRefusal) -> Result
    ) throws(NightlyError) -> Result {
        do { return try body() } catch { throw NightlyError(.failed, "\(error)") }
    }
}
