package import Manifest

/// The mind of an agent: carries one verified manifest out, on events and by actions alone.
package struct Delivery: Sendable {
    let content: ManifestContent

    package init(_ manifest: VerifiedManifest) { content = manifest.content }

    /// Takes an event and says what to do about it, in order.
    package mutating func handle(_ event: Event, at moment: Moment) -> [Action] { [] }
}
