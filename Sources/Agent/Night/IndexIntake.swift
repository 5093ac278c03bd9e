import Catalogue
import Content
import Manifest
import Quantities
import Transport

/// Gets the indexes that a manifest states, and believes those that the signed catalogue lists.
final class IndexIntake {
    private let equipment: Equipment
    /// Where catalogues are: the manifests' channels, then the origins of the manifest.
    private let places: [Place]
    private let items: [String: ManifestItem]
    /// What was said already of an item.
    private var said: Set<String> = []
    /// Who waits for a newer catalogue.
    private var waiting: [() -> Void] = []
    /// When all places were asked last; nil: not yet.
    private var refreshedMs: Int64?
    private static let pauseMs: Int64 = 3000

    init(_ equipment: Equipment, _ content: ManifestContent) {
        self.equipment = equipment
        places = equipment.channels + content.origins.compactMap(\.place)
        items = Dictionary(
            content.items.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The index of an item of the manifest, or nil: it can't be had now, or isn't trusted.
    ///
    /// When it isn't there, `ends` are asked in order. `then` is called later, never from within
    /// this call.
    func get(
        _ key: String, _ digest: Digest, from ends: [ManifestContent.End],
        then: @escaping (ChunkIndex?) -> Void
    ) {
        if let index = equipment.indexes.read(digest) {
            return equipment.loop.soon { [self] in judge(key, digest, index, then) }
        }
        let path = "indexes/\(digest.hex)"
        let sources =
            ends.compactMap { end in
                end.place.map { DocumentSource(place: $0, path: path, token: end.token) }
            } + places.map { DocumentSource(place: $0, path: path) }
        var found: ChunkIndex?
        var text: [UInt8] = []
        equipment.search.first(
            sources[...], limit: Int(equipment.settings.maxIndexBytes),
            accept: { [equipment] bytes in
                found = equipment.indexes.parse(bytes, digest)
                text = bytes
                return found != nil
            },
            then: { [self] _ in
                guard let found else { return then(nil) }
                judge(key, digest, found) { [equipment] index in
                    if index != nil { equipment.indexes.keep(digest, text) }
                    then(index)
                }
            })
    }

    /// Asks all places for a newer catalogue, whether or not one is there: once for all that want
    /// it meanwhile, and not again within seconds.
    func refresh(then: @escaping () -> Void) {
        if let refreshedMs, EventLoop.steadyMs() - refreshedMs < IndexIntake.pauseMs {
            return equipment.loop.soon(then)
        }
        waiting.append(then)
        guard waiting.count == 1 else { return }
        var last: CatalogueRefusal?
        equipment.search.firstPair(
            places[...], "catalogue/root.json", limit: IndexCatalogueKeeper.rootLimit,
            accept: { [equipment] root, minisig in
                let signed = SignedCatalogue(root: root, minisig: minisig)
                do {
                    last = try equipment.catalogue.offer(signed, now: Equipment.now())
                } catch {
                    equipment.say(Remark(.warning, "\(error)"))
                }
                return last == nil
            },
            then: { [self] isTaken in
                if !isTaken, let last {
                    equipment.say(Remark(.warning, "no catalogue of indexes is taken: \(last)"))
                }
                refreshed()
            })
    }

    private func refreshed() {
        refreshedMs = EventLoop.steadyMs()
        let all = waiting
        waiting = []
        for then in all { then() }
    }

    private func judge(
        _ key: String, _ digest: Digest, _ index: ChunkIndex,
        mayRefresh: Bool = true, _ then: @escaping (ChunkIndex?) -> Void
    ) {
        guard fits(key, index) else {
            tell(key, "the index of \(key) is another item's")
            return then(nil)
        }
        switch equipment.catalogue.judge(digest, ofItem: key, now: Equipment.now()) {
        case .trusted: then(index)
        case .needsShard(let shard):
            shardOf(shard) { [self] isThere in
                guard isThere else { return then(nil) }
                judge(key, digest, index, mayRefresh: mayRefresh, then)
            }
        case .needsRoot where mayRefresh, .refused where mayRefresh:
            refresh { [self] in judge(key, digest, index, mayRefresh: false, then) }
        case .needsRoot:
            tell(key, "no signed catalogue of indexes is there: \(key) isn't taken")
            then(nil)
        case .refused(let refusal):
            tell(key, "\(refusal)")
            then(nil)
        }
    }

    private func tell(_ key: String, _ text: String) {
        if said.insert(key).inserted { equipment.say(Remark(.warning, text)) }
    }

    private func shardOf(_ shard: Digest, then: @escaping (Bool) -> Void) {
        let sources = places.map { DocumentSource(place: $0, path: "catalogue/\(shard.hex).json") }
        equipment.search.first(
            sources[...], limit: CatalogueShard.textLimit,
            accept: { [equipment] in equipment.catalogue.keep(shard: shard, $0) }, then: then)
    }

    /// Whether an index is about the item that the manifest describes.
    private func fits(_ key: String, _ index: ChunkIndex) -> Bool {
        ManifestNames.item(title: index.title, version: index.version) == key
            && items[key].map { $0.layout == index.layout } ?? true
    }
}
