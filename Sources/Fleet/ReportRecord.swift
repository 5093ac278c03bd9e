package import Quantities

/// A row of `reports`: what a device saw of one end's sending, or what it removed.
package struct ReportRecord: Hashable, Sendable {
    /// What came of it; see mediaplan-reports(5).
    package enum Result: String, Hashable, Sendable, CaseIterable {
        case complete
        case partial
        case failed
        case corrupt
        case refused
        case local
        case removed
    }

    /// What the source is.
    package enum SourceKind: String, Hashable, Sendable, CaseIterable {
        case device
        case origin
    }

    /// Who reports, and received.
    package var device: String
    package var night: CivilDate
    /// Any identifier that the catalogue knows for the title or item.
    package var item: String
    /// Nil: the current version.
    package var version: String?
    /// What came and is stored, or what was removed; nil: nothing.
    package var chunks: Holding.Chunks?
    /// Empty for what came from the device's own disk, and for removals.
    package var source: String
    /// Nil: not stated.
    package var sourceKind: SourceKind?
    /// Payload that was stored.
    package var bytes: Int64
    /// Payload that was of no use.
    package var wasteBytes: Int64
    /// From the request to the last byte.
    package var milliseconds: Int64
    /// When it ended; nil: not stated.
    package var at: Instant?
    /// Whether either end held the rate down.
    package var paced: Bool
    package var result: Result
    /// Nil: not stated, which means the cache area.
    package var area: Holding.Area?
    /// Whether the device then had the whole item.
    package var completed: Bool

    package init(
        device: String, night: CivilDate, item: String, version: String? = nil,
        chunks: Holding.Chunks? = nil, source: String = "", sourceKind: SourceKind? = nil,
        bytes: Int64 = 0, wasteBytes: Int64 = 0, milliseconds: Int64 = 0, at: Instant? = nil,
        paced: Bool = true, result: Result, area: Holding.Area? = nil, completed: Bool = false
    ) {
        self.device = device
        self.night = night
        self.item = item
        self.version = version
        self.chunks = chunks
        self.source = source
        self.sourceKind = sourceKind
        self.bytes = bytes
        self.wasteBytes = wasteBytes
        self.milliseconds = milliseconds
        self.at = at
        self.paced = paced
        self.result = result
        self.area = area
        self.completed = completed
    }
}
