import Glibc
import Manifest
import Quantities

/// Keeps the signed catalogue of indexes: its root, and those shards that were needed.
final class IndexCatalogueKeeper {
    private let folder: StateFolder
    private let keys: [VerifyingKey]
    private let fleet: String
    private let intake: ManifestIntake
    private var current: VerifiedCatalogue?

    /// A root is no longer than this, in bytes.
    static let rootLimit = 8 << 20

    init(_ folder: StateFolder, _ settings: Settings, _ intake: ManifestIntake, now: Instant) {
        self.folder = folder
        keys = settings.keys(settings.catalogueKeys)
        fleet = settings.fleet
        self.intake = intake
        let rules = rules(now)
        current = kept.lazy.compactMap { try? $0.verify(rules) }.first
    }

    private func rules(_ now: Instant) -> CatalogueRules {
        CatalogueRules(
            keys: keys, fleet: fleet, seen: intake.seenCatalogue, now: now,
            maxBytes: IndexCatalogueKeeper.rootLimit)
    }

    /// What was kept; more than one after a death in between.
    private var kept: [SignedCatalogue] {
        SignedPair.candidates(
            folder.path(of: "catalogue/root.json"), limit: IndexCatalogueKeeper.rootLimit
        ).map { SignedCatalogue(root: $0.document, minisig: $0.signature) }
    }

    /// Takes a root, from wherever it came; says why not. It is kept before this returns.
    func offer(_ signed: SignedCatalogue, now: Instant) throws(AgentError) -> CatalogueRefusal? {
        let verified: VerifiedCatalogue
        do { verified = try signed.verify(rules(now)) } catch { return error }
        if verified == current { return nil }
        try SignedPair.replace(
            folder.path(of: "catalogue/root.json"), signed.root, signed.minisig)
        try intake.remember(catalogue: verified.seen)
        current = verified
        dropOldShards(verified)
        return nil
    }

    private func dropOldShards(_ catalogue: VerifiedCatalogue) {
        let named = Set(catalogue.root.shards.map { "\($0.hex).json" })
        for name in SmallFiles.names(in: folder.path(of: "catalogue"))
        where name.utf8.count == 69 && !named.contains(name) {
            _ = unlink(folder.path(of: "catalogue/\(name)"))
        }
    }

    /// What the catalogue says of an item's index.
    enum Verdict: Hashable, Sendable {
        /// It is the item's.
        case trusted
        /// It can't be told before this shard is there.
        case needsShard(Digest)
        /// There is no catalogue that holds now.
        case needsRoot
        /// It isn't the item's, as far as is known: a newer catalogue may say otherwise.
        case refused(CatalogueRefusal)
    }

    /// Judges an index by the catalogue that is kept.
    func judge(_ index: Digest, ofItem key: String, now: Instant) -> Verdict {
        guard let catalogue = current, now < catalogue.root.expires else { return .needsRoot }
        let shard = catalogue.shard(ofItem: key)
        let path = folder.path(of: "catalogue/\(shard.hex).json")
        guard let bytes = try? SmallFiles.read(path, limit: CatalogueShard.textLimit) else {
            return .needsShard(shard)
        }
        do {
            try catalogue.check(index, ofItem: key, shard: bytes)
            return .trusted
        } catch {
            if case .wrongShard = error {
                _ = unlink(path)
                return .needsShard(shard)
            }
            return .refused(error)
        }
    }

    /// Keeps a shard; false when its bytes aren't those that its name says.
    func keep(shard: Digest, _ bytes: [UInt8]) -> Bool {
        guard bytes.withUnsafeBytes({ sha256($0) }) == shard else { return false }
        let path = folder.path(of: "catalogue/\(shard.hex).json")
        return (try? SmallFiles.replace(path, with: bytes)) != nil
    }
}
