import Catalogue
import Feeds
import Quantities

/// What a feed gave, for comparison.
struct FeedOutcome: Equatable {
    var records: [TitleRecord] = []
    var diagnostics: [Diagnostic] = []
    var summary: CatalogueSummary?
    var error: FeedError?

    /// All that was said, a line each.
    var findings: [String] {
        diagnostics.map(FixtureFindings.line)
            + (error.map { ["refused: " + FixtureFindings.line($0.diagnostic)] } ?? [])
    }
}

/// Settings whose zone is an hour east of UTC.
let hourEast = FeedSettings { date, second, isEnd in
    FeedSettings.utc(date, second, isEnd).advanced(bySeconds: -3600)
}

/// Reads a feed in pieces of `piece` bytes.
func feed(
    _ bytes: [UInt8], name: String = "f.xml", format: CatalogueFormat? = nil,
    settings: FeedSettings = hourEast, piece: Int = 1 << 16
) throws -> FeedOutcome {
    var outcome = FeedOutcome()
    do {
        outcome.summary = try readCatalogue(
            from: name, format: format, settings: settings, read: pieces(of: bytes, piece),
            emit: { outcome.records.append($0) }, diagnose: { outcome.diagnostics.append($0) })
    } catch let error as FeedError {
        outcome.error = error
    }
    return outcome
}

/// Reads `text`.
func feed(
    _ text: String, format: CatalogueFormat? = nil, settings: FeedSettings = hourEast,
    piece: Int = 1 << 16
) throws -> FeedOutcome {
    try feed(Array(text.utf8), format: format, settings: settings, piece: piece)
}

/// A document of the native format with these titles.
func native(_ titles: String) -> String {
    "<catalogue xmlns=\"urn:mediaplan:catalogue:1\" extent=\"delta\">\n\(titles)\n</catalogue>\n"
}
