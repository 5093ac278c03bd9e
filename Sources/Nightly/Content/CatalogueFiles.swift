import Content
import Manifest
import Quantities

/// The signed catalogue as it lies in an origin's folder.
struct CatalogueFiles {
    /// Longest root that is read, in bytes.
    static let rootLimit = 8 << 20
    /// Longest signature file that is read, in bytes.
    static let signatureLimit = 16_384

    let origin: OriginFolder

    /// Whether a root or a signature is there, or was when another one was signed.
    var isThere: Bool {
        [origin.rootPath, origin.signaturePath, previousPath].contains { Files.kind($0) != nil }
    }

    /// The root and its signature; nil when neither is there.
    func signed() throws(NightlyError) -> SignedCatalogue? {
        guard isThere else { return nil }
        return SignedCatalogue(
            root: try Files.read(origin.rootPath, limit: CatalogueFiles.rootLimit),
            minisig: try Files.read(origin.signaturePath, limit: CatalogueFiles.signatureLimit))
    }

    /// What each index in the folder is of.
    ///
    /// - Parameter progress: told how many were read.
    /// - Throws: when one isn't what its name says, or an item has two.
    /// - Returns: one for each item, ascending by key.
    func entries(progress: (Int64) -> Void) throws(NightlyError) -> [IndexCatalogue.Entry] {
        var entries: [IndexCatalogue.Entry] = []
        for digest in try origin.digests(in: "indexes").named {
            guard let index = try origin.readIndex(digest) else { continue }
            entries.append(
                IndexCatalogue.Entry(
                    item: ManifestNames.item(title: index.title, version: index.version),
                    index: digest))
            progress(Int64(entries.count))
        }
        entries.sort { $0.item < $1.item }
        for (one, next) in zip(entries, entries.dropFirst()) where one.item == next.item {
            throw NightlyError(
                .refused,
                "the item \(one.item) has two indexes: \(one.index.hex) and "
                    + next.index.hex,
                hint: "take the wrong one out of \(origin.path)/indexes")
        }
        return entries
    }

    /// Where the catalogue before lies, for a run that ends between a signature and its root.
    private var previousPath: String { origin.rootPath + ".previous" }

    /// What ``write(_:_:before:)`` kept of the catalogue before, if the root that lies there now is
    /// still that one: then its run ended before it wrote its own.
    var interrupted: SignedCatalogue? {
        guard let root = try? Files.read(previousPath, limit: CatalogueFiles.rootLimit),
            let minisig = try? Files.read(
                previousPath + ".minisig", limit: CatalogueFiles.signatureLimit),
            Files.holds(origin.rootPath, exactly: root)
        else { return nil }
        return SignedCatalogue(root: root, minisig: minisig)
    }

    /// Writes shards, then the catalogue before beside itself, then the root's signature, then the
    /// root, each in one step.
    ///
    /// A device that comes between the two gets an old root with a new signature, refuses it, and
    /// comes again.
    func write(_ shards: [[UInt8]], _ signed: SignedCatalogue, before: SignedCatalogue?)
        throws(NightlyError)
    {
        try Files.makeFolder(Files.folder(of: origin.rootPath))
        for shard in shards { try Files.keep(origin.shard(sha256(shard)), shard) }
        if let before {
            try Files.keep(previousPath, before.root)
            try Files.keep(previousPath + ".minisig", before.minisig)
        }
        try Files.keep(origin.signaturePath, signed.minisig)
        try Files.keep(origin.rootPath, signed.root)
    }

    /// Removes shards that neither `old` nor `new` names: devices may still ask for the old ones.
    func tidy(old: CatalogueRoot?, new: CatalogueRoot) throws(NightlyError) {
        let stay = Set(new.shards + (old?.shards ?? []))
        for digest in try origin.digests(in: "catalogue", suffix: ".json").named
        where !stay.contains(digest) {
            Files.remove(origin.shard(digest))
        }
    }
}
