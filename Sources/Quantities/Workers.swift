/// Whoever does independent shards of work, perhaps several at a time.
///
/// Modules that know no threads take one from their caller. What a shard is must not depend on
/// how many work, so that no result does.
public protocol Workers: Sendable {
    /// Does the shards `0..<count`; returns what each gives, in their order.
    func map<Part: Sendable>(_ count: Int, _ shard: @Sendable (Int) -> Part) -> [Part]
}

extension Workers {
    /// Cuts `0..<count` into at most `shards` ranges of about equal length and does each.
    public func map<Part: Sendable>(
        over count: Int, shards: Int = 64, _ shard: @Sendable (Range<Int>) -> Part
    ) -> [Part] {
        let parts = max(1, min(shards, count))
        return map(parts) { shard(count * $0 / parts..<count * ($0 + 1) / parts) }
    }
}

/// Does the shards one after the other.
public struct OneWorker: Workers {
    public init() {}

    /// The shards' parts, in order.
    public func map<Part: Sendable>(_ count: Int, _ shard: @Sendable (Int) -> Part) -> [Part] {
        (0..<count).map(shard)
    }
}
