package import Catalogue
package import Quantities

/// What an operator says of a feed that doesn't say it itself.
package struct FeedSettings: Sendable {
    /// The instant of a time without a zone, in the feed's zone.
    ///
    /// Arguments: the day; the second of that day, 0 to 86 399, nil for the day as such; whether a
    /// licence ends there. The day as such begins at its midnight as a start, and ends at the next
    /// midnight as an end.
    package var instant: @Sendable (CivilDate, _ secondOfDay: Int32?, _ isEnd: Bool) -> Instant
    /// Where a title may be kept of which the feed says nothing.
    package var defaultTerritories: Territories
    /// Whether devices may send a title of which the feed says nothing.
    package var defaultPeerToPeer: Bool
    /// When a file is too much.
    package var input: InputLimits

    /// - Parameters:
    ///   - defaultTerritories: see the property.
    ///   - defaultPeerToPeer: see the property.
    ///   - input: see the property; a document of more than 8 GiB is refused unless stated.
    ///   - instant: see the property; UTC unless stated.
    package init(
        defaultTerritories: Territories = .everywhere, defaultPeerToPeer: Bool = true,
        input: InputLimits = InputLimits(totalBytes: 8 << 30),
        instant: @escaping @Sendable (CivilDate, Int32?, Bool) -> Instant = FeedSettings.utc
    ) {
        self.defaultTerritories = defaultTerritories
        self.defaultPeerToPeer = defaultPeerToPeer
        self.input = input
        self.instant = instant
    }

    /// Reads a time without a zone as UTC.
    @Sendable package static func utc(_ date: CivilDate, _ secondOfDay: Int32?, _ isEnd: Bool)
        -> Instant
    {
        date.startUTC.advanced(bySeconds: Int64(secondOfDay ?? (isEnd ? 86_400 : 0)))
    }
}

/// The formats of catalogue feeds.
package enum CatalogueFormat: String, Hashable, Sendable {
    /// CableLabs VOD Metadata 1.1: one package a document.
    case adi
    /// The product's own, namespace `urn:mediaplan:catalogue:1`.
    case native
}

/// What became of a feed, when it was read to its end.
package struct CatalogueSummary: Hashable, Sendable {
    package var format: CatalogueFormat
    /// Records that were emitted, deletions among them.
    package var titles: Int
    /// Titles that were not.
    package var rejected: Int
    /// What the feed doesn't name is gone; else it stays as it is.
    package var isFull: Bool
    /// Times without a zone, read in the feed's.
    package var zonelessTimes: Int

    package init(
        format: CatalogueFormat, titles: Int = 0, rejected: Int = 0, isFull: Bool = false,
        zonelessTimes: Int = 0
    ) {
        self.format = format
        self.titles = titles
        self.rejected = rejected
        self.isFull = isFull
        self.zonelessTimes = zonelessTimes
    }
}
