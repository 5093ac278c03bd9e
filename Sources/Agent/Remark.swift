/// Something that the agent tells its operator while it works.
package struct Remark: Hashable, Sendable {
    /// How much it matters.
    package enum Weight: Hashable, Sendable {
        /// Worth knowing.
        case note
        /// Deserves attention; the agent goes on.
        case warning
    }

    package var weight: Weight
    /// One sentence, lower case, no full stop.
    package var text: String

    package init(_ weight: Weight, _ text: String) {
        self.weight = weight
        self.text = text
    }
}
