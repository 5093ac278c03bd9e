package import Manifest
package import Quantities

/// Takes manifests from anywhere, obeys none that breaks a rule, and keeps the last good one.
package final class ManifestIntake {
    private let folder: StateFolder
    private let keys: [VerifyingKey]
    private let settings: Settings
    private var seen: SeenRecord

    /// - Throws: of kind `configuration` when what was seen can't be read any more.
    package init(_ folder: StateFolder, _ settings: Settings) throws(AgentError) {
        self.folder = folder
        self.settings = settings
        keys = settings.keys(settings.manifestKeys)
        seen = try SeenRecord.read(folder.path(of: "seen.json"))
    }

    /// The last catalogue that was accepted; nil on a new device.
    var seenCatalogue: TrustRules.Seen? { seen.catalogue }

    private func rules(_ now: Instant) -> TrustRules {
        TrustRules(
            keys: keys, fleet: settings.fleet, device: settings.device, seen: seen.manifest,
            now: now, maxBytes: Int(settings.maxManifestBytes))
    }

    /// What came of an offer.
    package enum Outcome: Hashable, Sendable {
        /// It is in force now; it is on the disk.
        case accepted(VerifiedManifest)
        /// It was in force already.
        case known(VerifiedManifest)
        /// It isn't obeyed; what was in force stays.
        case refused(ManifestRefusal)
    }

    /// Judges a manifest; one that is accepted is kept, and its number remembered, before this
    /// returns.
    package func offer(_ signed: SignedManifest, now: Instant) throws(AgentError) -> Outcome {
        let verified: VerifiedManifest
        do { verified = try signed.verify(rules(now)) } catch { return .refused(error) }
        let isKnown = verified.seen == seen.manifest
        if isKnown, kept.first == signed { return .known(verified) }
        // The manifest first: without its number it is still newer than the last one seen.
        try SignedPair.replace(
            folder.path(of: "manifest.json"), signed.json, signed.minisig, mode: 0o640)
        if !isKnown {
            seen.manifest = verified.seen
            try seen.write(folder.path(of: "seen.json"))
        }
        return isKnown ? .known(verified) : .accepted(verified)
    }

    /// The manifest that was accepted last, if it is there and still holds.
    package func inForce(now: Instant) -> VerifiedManifest? {
        let rules = rules(now)
        return kept.lazy.compactMap { try? $0.verify(rules) }.first
    }

    /// What was kept; more than one after a death in between.
    private var kept: [SignedManifest] {
        SignedPair.candidates(
            folder.path(of: "manifest.json"), limit: Int(settings.maxManifestBytes)
        ).map { SignedManifest(json: $0.document, minisig: $0.signature) }
    }

    /// Remembers a catalogue's number.
    func remember(catalogue: TrustRules.Seen) throws(AgentError) {
        guard seen.catalogue != catalogue else { return }
        seen.catalogue = catalogue
        try seen.write(folder.path(of: "seen.json"))
    }

    /// A manifest and the signature beside it; nil when either isn't there.
    package static func read(_ path: String, limit: Int) throws(AgentError) -> SignedManifest? {
        guard let json = try SmallFiles.read(path, limit: limit),
            let minisig = try SmallFiles.read("\(path).minisig", limit: signatureLimit)
        else { return nil }
        return SignedManifest(json: json, minisig: minisig)
    }

    /// A signature file is no longer than this, in bytes.
    static let signatureLimit = 16_384
}
