import Content
import Manifest
import Quantities

/// A device's list of items as a Metalink, for a download program in place of an agent.
///
/// It says less than the manifest: no times, no rates, no neighbours, no removals; every item comes
/// whole from origins.
package enum DeviceMetalink {
    /// The items that a manifest completes, in the manifest's order of first mention.
    ///
    /// - Parameters:
    ///   - path: of the manifest.
    ///   - origin: an origin's folder, which has the indexes of the items.
    /// - Throws: when the manifest can't be read, or an index that it names isn't there.
    /// - Returns: the document's bytes.
    package static func run(_ path: String, origin: String) throws(NightlyError) -> [UInt8] {
        let folder = OriginFolder(origin)
        let content = try content(path)
        var files: [Metalink.File] = []
        for key in order(content) {
            guard let item = content.items.first(where: { $0.key == key }), item.completes else {
                continue
            }
            guard let digest = item.index, let index = try folder.readIndex(digest) else {
                throw NightlyError(
                    .failed, "'\(origin)' has no index of the item \(key)",
                    hint: "ingest it first, or name the origin's folder with --origin DIR")
            }
            files.append(Metalink.File(key: key, index: index, baseURLs: baseURLs(item)))
        }
        return Metalink(files: files).xml
    }

    private static func content(_ path: String) throws(NightlyError) -> ManifestContent {
        let json = try Files.read(path, limit: 64 << 20)
        do { return try ManifestContent(json: json) } catch {
            throw NightlyError(.failed, "\(path): \(error)")
        }
    }

    private static func order(_ content: ManifestContent) -> [String] {
        var keys: [String] = []
        for fetch in content.fetch where !keys.contains(fetch.piece.item) {
            keys.append(fetch.piece.item)
        }
        return keys
    }

    private static func baseURLs(_ item: ManifestItem) -> [String] {
        item.fallbacks.filter { $0.kind == .origin && !$0.address.isEmpty }.map(\.address)
    }
}
