import Manifest
import Quantities

/// The catalogue that a new one takes the place of.
struct CatalogueBefore {
    let signed: SignedCatalogue
    let root: CatalogueRoot

    /// Reads and checks it: of the same fleet, signed with the key or the old one. One whose
    /// successor was cut short between signature and root is recognised by the copy beside it.
    ///
    /// - Throws: of kind `untrusted` when one is there and isn't to be trusted, unless the request
    ///   states a number.
    /// - Returns: nil when there is none.
    init?(_ files: CatalogueFiles, _ key: SigningKey, _ request: SignCatalogue.Request)
        throws(NightlyError)
    {
        var keys = [key.publicKey]
        if let path = request.oldKeyPath { keys.append(try CatalogueKeys.known(path)) }
        let rules = CatalogueRules(
            keys: keys, fleet: request.fleet, now: Instant(seconds: Int64.min))
        guard files.isThere else { return nil }
        do {
            if let signed = files.interrupted, let root = try? signed.verify(rules).root,
                (try? files.signed()?.verify(rules)) == nil
            {
                (self.signed, self.root) = (signed, root)
                return
            }
            guard let signed = try files.signed() else { return nil }
            (self.signed, root) = (signed, try signed.verify(rules).root)
        } catch {
            if case .wrongFleet? = error as? CatalogueRefusal {
                throw NightlyError(.untrusted, "the catalogue before: \(error)")
            }
            if request.after != nil { return nil }
            throw NightlyError(
                .untrusted, "the catalogue before: \(error)",
                hint: "if the key was changed, give the public key before with --old-key; if "
                    + "signature or root were lost, give the last number that devices may have "
                    + "seen with --after")
        }
    }

    /// What it names, as far as its shards are there.
    func entries(_ files: CatalogueFiles) -> [IndexCatalogue.Entry] {
        root.shards.flatMap { digest -> [IndexCatalogue.Entry] in
            let path = files.origin.shard(digest)
            guard Files.kind(path) == .file,
                let shard = try? CatalogueShard(
                    json: Files.read(path, limit: CatalogueShard.textLimit), named: digest)
            else { return [] }
            return shard.entries
        }
    }
}
