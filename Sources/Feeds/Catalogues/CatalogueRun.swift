import Catalogue
import Quantities

/// What the readers of all catalogue formats share while they run: where titles go, and the count.
struct CatalogueRun {
    /// The file's path as given, for messages.
    let name: String
    let settings: FeedSettings
    let emit: (TitleRecord) throws -> Void
    let diagnose: (Diagnostic) throws -> Void
    var summary: CatalogueSummary

    /// Counts and passes on a title.
    mutating func take(_ record: TitleRecord) throws {
        summary.titles += 1
        try emit(record)
    }

    /// Counts a title that isn't taken, and says why.
    mutating func refuse(_ faults: [FeedFault]) throws {
        summary.rejected += 1
        for fault in faults { try diagnose(fault.diagnostic(.error, in: name)) }
    }

    /// Says something about a title that is taken.
    func warn(_ fault: FeedFault) throws { try diagnose(fault.diagnostic(.warning, in: name)) }
}

/// What stands at a known place of a document.
protocol Placed {
    /// From 1; 0 when unknown.
    var line: Int { get }
    /// In bytes, from 1; 0 when unknown.
    var column: Int { get }
}

extension XMLElement: Placed {}

/// What is wrong at one element of a feed.
struct FeedFault: Error {
    var code: String
    var line: Int
    var column: Int
    var message: String
    var hint: String?

    init(_ code: String, at place: some Placed, _ message: String, hint: String? = nil) {
        self.code = code
        self.line = place.line
        self.column = place.column
        self.message = message
        self.hint = hint
    }

    func diagnostic(_ severity: Diagnostic.Severity, in file: String) -> Diagnostic {
        Diagnostic(
            severity, code: code, file: file, line: line, column: column, message: message,
            hint: hint)
    }

    /// The same as a refusal of the whole document.
    func error(in file: String) -> FeedError {
        FeedError(
            code: code, file: file, line: line, column: column, message: message, hint: hint)
    }
}

/// Makes titles of one format's tags; the root is consumed by the initialiser.
protocol CatalogueReader {
    /// An element below the root begins.
    mutating func start(_ element: XMLElement, _ run: inout CatalogueRun) throws
    /// The element begun last ends; at last the root.
    mutating func end(_ run: inout CatalogueRun) throws
}
