import Catalogue
import Content
import Manifest
import Quantities
import Schedule

/// Lists of what a device fetches as Metalinks (RFC 5854), from origins alone, for download
/// programs that know no manifest.
struct DeviceMetalinks: Sendable {
    /// The indexes of all items that a plan moves and that lie at the origin.
    private let indexes: [Digest: ChunkIndex]
    /// Items that the plan moves and whose index isn't there: no list names them.
    let missing: Int

    /// Reads the indexes of what `plan` moves.
    init(_ plan: Plan, _ catalogue: Catalogue, in origin: OriginFolder) throws(NightlyError) {
        var isMoved = [Bool](repeating: false, count: catalogue.items.count)
        for transfer in plan.transfers { isMoved[Int(transfer.item)] = true }
        var indexes: [Digest: ChunkIndex] = [:]
        var missing = 0
        for (item, isMoved) in zip(catalogue.items, isMoved) where isMoved {
            if let digest = item.indexDigest, let index = try origin.readIndex(digest) {
                indexes[digest] = index
            } else {
                missing += 1
            }
        }
        self.init(indexes: indexes, missing: missing)
    }

    init(indexes: [Digest: ChunkIndex], missing: Int) {
        self.indexes = indexes
        self.missing = missing
    }

    /// The list of one device: every item that it fetches, whole, in the order of the manifest; nil
    /// when there is none.
    func list(_ content: ManifestContent) -> [UInt8]? {
        var seen: Set<String> = []
        let files = content.fetch.compactMap { fetch -> Metalink.File? in
            guard seen.insert(fetch.piece.item).inserted,
                let item = content.items.first(where: { $0.key == fetch.piece.item }),
                let index = item.index.flatMap({ indexes[$0] })
            else { return nil }
            let urls = item.fallbacks.filter { $0.kind == .origin }.map(\.address)
            return urls.isEmpty ? nil : Metalink.File(key: item.key, index: index, baseURLs: urls)
        }
        return files.isEmpty ? nil : Metalink(files: files).xml
    }
}
