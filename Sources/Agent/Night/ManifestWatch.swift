import Manifest
import Quantities
import Transport

/// Looks for manifests in all places that the settings name.
final class ManifestWatch {
    private let search: DocumentSearch
    private let places: [Place]
    private let paths: [String]
    private let limit: Int
    /// What each place said of the last manifest that was obeyed, by place and path.
    private var etags: [DocumentSource: String] = [:]

    init(_ search: DocumentSearch, _ settings: Settings) {
        self.search = search
        places = settings.manifests.compactMap { Place($0) }
        limit = Int(settings.maxManifestBytes)
        let name = ManifestNames.device(settings.device)
        let digest = Array(name.utf8).withUnsafeBytes { sha256($0) }
        // As `mediaplan publish` lays them out, then as one lays them on a stick by hand.
        paths = ["\(digest.hex.prefix(2))/\(name).json", "\(name).json"]
    }

    /// Looks once; `found` is called for each manifest that isn't the one obeyed last, and says
    /// whether it needn't come again; then `then`.
    func look(
        found: @escaping (SignedManifest) -> Bool, then: @escaping () -> Void
    ) {
        let sources = places.flatMap { place in
            paths.map { DocumentSource(place: place, path: $0) }
        }
        look(sources[...], found: found, then: then)
    }

    private func look(
        _ sources: ArraySlice<DocumentSource>, found: @escaping (SignedManifest) -> Bool,
        then: @escaping () -> Void
    ) {
        guard let source = sources.first else { return then() }
        let next = { [self] in look(sources.dropFirst(), found: found, then: then) }
        search.fetch(source, etag: etags[source], limit: limit) { [self] end in
            guard case .document(let json, let etag) = end else { return next() }
            let signature = DocumentSource(place: source.place, path: "\(source.path).minisig")
            search.fetch(signature, limit: ManifestIntake.signatureLimit) { [self] end in
                guard case .document(let minisig, _) = end else { return next() }
                let isTaken = found(SignedManifest(json: json, minisig: minisig))
                etags[source] = isTaken ? etag : nil
                next()
            }
        }
    }
}
