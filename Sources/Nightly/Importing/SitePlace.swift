import Feeds
import Fleet
import Quantities
import Store

/// Where a fault of the site tree stands in the files that brought it.
struct SitePlace {
    private let files: [InputFile]

    /// - Parameter files: tables of sites, each of which can be read to its end.
    init(_ files: [InputFile]) { self.files = files }

    /// The fault with file and line: of the last row that names one of its sites.
    ///
    /// - Parameters:
    ///   - fault: of the sites that would result.
    ///   - source: named when no row is at fault, as when a row is missing.
    /// - Throws: when a file can't be read again.
    /// - Returns: the error to throw.
    func error(_ fault: StoreError, source: String) throws -> NightlyError {
        var place = Diagnostic(
            .error, code: fault.code.rawValue, file: source, message: fault.message)
        for file in files {
            if let line = try lastLine(of: Set(fault.names), in: file) {
                (place.file, place.line) = (file.name, line)
            }
        }
        return NightlyError(.failed, place.description, hint: fault.hint)
    }

    private func lastLine(of sites: Set<String>, in file: InputFile) throws -> Int? {
        let bytes = try file.open()
        var last: Int?
        _ = try readTable(
            SiteRecord.self, from: file.name, read: { try bytes.next() },
            emit: { if sites.contains($0.site) { last = $1 } }, reject: { _ in })
        return last
    }
}
