import Feeds
import Manifest

/// The schemas of the formats that the product defines.
package enum PublishedSchema: String, Hashable, Sendable, CaseIterable {
    /// JSON Schema (2020-12) of manifests.
    case manifest
    /// XML Schema of the native catalogue feed.
    case catalogue

    /// The schema, ending in a line feed.
    package var text: String {
        let text =
            switch self {
            case .manifest: ManifestSchema.json
            case .catalogue: CatalogueSchema.xsd
            }
        return text.hasSuffix("\n") ? text : text + "\n"
    }
}
