import CanonicalJSON
import Quantities

/// A manifest that nobody has signed yet.
package struct ManifestDraft: Hashable, Sendable {
    package var content: ManifestContent

    package init(content: ManifestContent) { self.content = content }

    /// The bytes that are signed and published: canonical JSON (RFC 8785), without a last line
    /// feed.
    ///
    /// Equal contents give equal bytes. Linear in what it says.
    package var canonicalBytes: [UInt8] {
        var writer = CanonicalWriter(reservingBytes: content.expectedBytes)
        writer.value(content)
        return writer.bytes
    }

    /// What the signature binds to the manifest beside its bytes: plan, fleet, device, night,
    /// sequence.
    package var trustedComment: String { content.trustedComment }

    /// Signs it. The same draft and key give the same bytes.
    package func signed(with key: SigningKey) throws(KeyFault) -> SignedManifest {
        let json = canonicalBytes
        return SignedManifest(
            json: json, minisig: try key.minisig(of: json, trustedComment: trustedComment))
    }
}

/// A manifest's bytes with a signature that nobody has checked yet.
package struct SignedManifest: Hashable, Sendable {
    /// The manifest.
    package var json: [UInt8]
    /// Its `.minisig` file.
    package var minisig: [UInt8]

    package init(json: [UInt8], minisig: [UInt8]) {
        self.json = json
        self.minisig = minisig
    }
}

extension ManifestContent {
    /// One line of `name:value` pairs with tabs between; names are escaped as ``ManifestNames``
    /// does.
    var trustedComment: String {
        [
            "plan:\(plan.hex)", "fleet:\(ManifestNames.escaped(fleet))",
            "device:\(ManifestNames.escaped(device))", "night:\(night)", "sequence:\(sequence)",
        ].joined(separator: "\t")
    }

    /// A rough size of the text, to reserve storage once.
    fileprivate var expectedBytes: Int {
        800 + 300 * items.count + 40 * (fetch.count + serve.count) + 40 * remove.count
            + 150 * standby.count
    }
}
