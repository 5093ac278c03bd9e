import Content
import Manifest
import Quantities
import Transport

@testable import Agent

/// The keys of a trial fleet; everyone may know them.
enum TrialKeys {
    static func key(_ salt: UInt8) throws -> SigningKey {
        try SigningKey(random: (0..<40).map { $0 &* 7 &+ salt })
    }

    static var manifest: SigningKey { get throws { try key(1) } }
    static var catalogue: SigningKey { get throws { try key(2) } }
    /// Trusted by nobody.
    static var stranger: SigningKey { get throws { try key(3) } }
}

/// One box's state folder.
struct TrialBox {
    static let fleet = "trial"

    let folder: TemporaryFolder
    let device: String
    let path: String

    init(
        _ device: String, in folder: TemporaryFolder,
        change: (inout Settings) -> Void = { _ in }
    ) throws {
        self.folder = folder
        self.device = device
        path = folder.path(device)
        var settings = Settings(
            fleet: TrialBox.fleet, device: device,
            manifestKeys: [Enrolment.line(of: try TrialKeys.manifest.publicKey)],
            catalogueKeys: [Enrolment.line(of: try TrialKeys.catalogue.publicKey)])
        settings.listen = "127.0.0.1:0"
        settings.reserveBytes = 0
        settings.pollSeconds = 1
        settings.manifests = [folder.path("channel")]
        change(&settings)
        _ = try Enrolment.enroll(path, settings, address: "")
    }

    /// Puts an item's index where the box looks for it.
    func give(index item: TrialItem) throws {
        try folder.write(item.index.json, "\(device)/indexes/\(item.digest.hex)")
    }

    /// Puts a finished item on the box's disk.
    func give(_ item: TrialItem) throws {
        try give(index: item)
        try folder.write(item.bytes, "\(device)/items/\(item.key)")
    }
}

/// What a manifest for a box says unless a test says otherwise.
func trialContent(
    _ device: String, now: Instant, sequence: Int64 = 1, seconds: Int64 = 60
) -> ManifestContent {
    ManifestContent(
        fleet: TrialBox.fleet, device: device, night: now.utcDate, sequence: sequence,
        plan: sha256(Array("plan \(sequence)".utf8)), issued: now.advanced(bySeconds: -60),
        notBefore: now.advanced(bySeconds: -30), expires: now.advanced(bySeconds: seconds),
        slotSeconds: 1,
        window: [
            .init(
                starts: now.advanced(bySeconds: -30), ends: now.advanced(bySeconds: seconds))
        ],
        caps: .init(
            fetchBytes: 1 << 30, fallbackBytes: 1 << 30, reserveBytes: 1 << 30,
            serveBytes: 1 << 30),
        rates: .init(upKbps: 1_000_000, downKbps: 1_000_000))
}

extension ManifestContent {
    func signed(by key: SigningKey? = nil) throws -> SignedManifest {
        try ManifestDraft(content: self).signed(with: try key ?? TrialKeys.manifest)
    }
}

/// A signed catalogue of items, as files below `catalogue/`.
struct TrialCatalogue {
    let root: SignedCatalogue
    let shards: [[UInt8]]

    init(
        _ items: [TrialItem], now: Instant, sequence: Int64 = 1, fleet: String = TrialBox.fleet,
        seconds: Int64 = 3600, key: SigningKey? = nil
    ) throws {
        let catalogue = try IndexCatalogue(
            fleet: fleet, sequence: sequence, issued: now.advanced(bySeconds: -60),
            expires: now.advanced(bySeconds: seconds),
            entries: items.map { .init(item: $0.key, index: $0.digest) })
        shards = catalogue.shards
        root = try catalogue.root(of: shards).signed(with: try key ?? TrialKeys.catalogue)
    }

    /// Writes it below a folder.
    func write(_ folder: TemporaryFolder, _ name: String) throws {
        try folder.write(root.root, "\(name)/catalogue/root.json")
        try folder.write(root.minisig, "\(name)/catalogue/root.json.minisig")
        for shard in shards {
            try folder.write(shard, "\(name)/catalogue/\(sha256(shard).hex).json")
        }
    }
}
