import Quantities

/// What one import turned down: rows to be mended and imported again, and the reasons beside them.
///
/// `NAME.bad` holds rows as they stood below the header of their file (a second
/// header begins `NAME.2.bad`, and so on up to 1,000: rows beyond have their reason
/// only); rows that were well-formed but refer to
/// something unknown go to `NAME.unknown.bad` in the table's own columns;
/// `NAME.jsonl` says for each where and why. Nothing is written when nothing was
/// turned down. All get their names when they are whole.
///
/// Rejected rows of holdings and wishes are written as a delta, with a column
/// `op`: imported as a snapshot, they would replace the rows that were taken.
final class RejectFile {
    /// Bytes of rejected rows of one file that are kept; rows beyond are only counted.
    private static let maxPendingBytes = 64 << 20
    /// Headers, each of which has a file.
    private static let maxHeaders = 1_000
    /// Findings of each code that are kept for messages, and codes.
    private static let maxFindings: (ofCode: Int64, codes: Int) = (3, 50)

    private let base: String
    private(set) var rejected: Int64 = 0
    private(set) var findings: [Diagnostic] = []
    private var findingCounts: [String: Int64] = [:]
    private var counts: [String: Int64] = [:]
    private var pending: [[UInt8]] = []
    private var pendingBytes = 0
    /// Number of each header, from 0.
    private var headers: [[UInt8]: Int] = [:]
    private var files: [String: TemporaryFile] = [:]

    /// - Parameter base: the path without `.bad`; when there are such files of another import
    ///   already, `-2` is put behind it, and so on.
    init(_ base: String) { self.base = base }

    /// How often each code occurred, ascending by code.
    var rejectedByCode: [CodeCount] { CodeCount.sorted(counts) }

    /// How many findings of each code there were, ascending by code.
    var findingsByCode: [CodeCount] { CodeCount.sorted(findingCounts) }

    /// Takes note of something that cost no row.
    func note(_ finding: Diagnostic) {
        let count = findingCounts[finding.code, default: 0] + 1
        findingCounts[finding.code] = count
        guard count <= RejectFile.maxFindings.ofCode,
            findingCounts.count <= RejectFile.maxFindings.codes
        else { return }
        findings.append(finding)
    }

    /// Takes a finding about a whole file: an error rejects it.
    func take(_ finding: Diagnostic) throws {
        if finding.severity == .error { try reject(finding) } else { note(finding) }
    }

    /// Counts a record that has no row to keep, such as a package.
    func reject(_ finding: Diagnostic) throws {
        rejected += 1
        try reason(finding)
    }

    /// Counts `count` records whose reasons are given by ``reason(_:)``.
    func reject(count: Int) { rejected += Int64(count) }

    /// Says why a record is rejected.
    func reason(_ finding: Diagnostic) throws {
        note(finding)
        counts[finding.code, default: 0] += 1
        try append(RejectReason(finding).line, to: ".jsonl")
    }

    /// Takes a row of the current file as it stood, without its line end.
    func reject(_ finding: Diagnostic, row: [UInt8]) throws {
        try reject(finding)
        pendingBytes += row.count
        if pendingBytes <= RejectFile.maxPendingBytes { pending.append(row) }
    }

    /// Takes a well-formed row that refers to something unknown.
    func reject(_ finding: Diagnostic, columns: [String], fields: [String]) throws {
        try reject(finding)
        if files[".unknown.bad"] == nil { try append(CSVLine(columns).bytes, to: ".unknown.bad") }
        try append(CSVLine(fields).bytes, to: ".unknown.bad")
    }

    /// Ends the current file: writes its rows below their header, with columns put before them.
    ///
    /// - Parameters:
    ///   - header: as it stood; empty for JSON Lines.
    ///   - leading: names and values of columns that its rows lack.
    /// - Throws: when they can't be written.
    func endFile(header: [UInt8], leading: [(name: String, value: String)]) throws {
        defer {
            pending = []
            pendingBytes = 0
        }
        guard !pending.isEmpty else { return }
        let shape = RejectShape(header: header, leading: leading)
        let position = headers[shape.header] ?? headers.count
        guard position < RejectFile.maxHeaders else { return }
        let suffix = position == 0 ? ".bad" : ".\(position + 1).bad"
        if position == headers.count {
            headers[shape.header] = position
            if !shape.header.isEmpty { try append(shape.header + [lineFeed], to: suffix) }
        }
        for row in pending { try append(shape.row(row) + [lineFeed], to: suffix) }
        if position > 0 { try files[suffix]?.pause() }
    }

    /// Gives the files their names.
    ///
    /// - Returns: their paths, ascending.
    func commit() throws -> [String] {
        let base = try freeBase()
        return try files.keys.sorted().map { suffix in
            try files[suffix]?.commit(as: base + suffix)
            return base + suffix
        }
    }

    /// The path without `.bad` that the files will have: one that is free, or holds the same
    /// reasons from a run that was cut short.
    func freeBase() throws -> String {
        guard let reasons = files[".jsonl"] else { return base }
        var free = base
        var number = 1
        while Files.kind(free + ".jsonl") != nil, try !reasons.holdsSame(as: free + ".jsonl") {
            number += 1
            free = "\(base)-\(number)"
        }
        return free
    }

    private func append(_ bytes: [UInt8], to suffix: String) throws {
        let file = try files[suffix] ?? TemporaryFile(base + suffix)
        files[suffix] = file
        try file.write(bytes)
    }
}

private let lineFeed = UInt8(ascii: "\n")

/// How rejected rows of one file are written.
private struct RejectShape {
    let header: [UInt8]
    /// What stands before each row of a CSV file.
    private let prefix: [UInt8]
    private let leading: [(name: String, value: String)]

    init(header: [UInt8], leading: [(name: String, value: String)]) {
        let delimiter = RejectShape.delimiter(of: header)
        let names = header.split(separator: delimiter).map { RejectShape.folded($0) }
        let lacking = header.isEmpty ? leading : leading.filter { !names.contains($0.name) }
        self.leading = lacking
        prefix = lacking.flatMap { Array($0.value.utf8) + [delimiter] }
        self.header =
            header.isEmpty ? [] : lacking.flatMap { Array($0.name.utf8) + [delimiter] } + header
    }

    /// A row as written; of JSON Lines one that isn't an object stays as it is.
    func row(_ row: [UInt8]) -> [UInt8] {
        guard header.isEmpty else { return prefix + row }
        guard let brace = row.firstIndex(of: UInt8(ascii: "{")) else { return row }
        let text = String(decoding: row, as: UTF8.self)
        let members = leading.filter { !text.contains("\"\($0.name)\"") }.flatMap {
            Array("\"\($0.name)\":\(JSONText.quoted($0.value)),".utf8)
        }
        return Array(row[...brace]) + members + Array(row[(brace + 1)...])
    }

    /// The separator that occurs most in the header; a comma when none does.
    private static func delimiter(of header: [UInt8]) -> UInt8 {
        let candidates = Array(",;\t|".utf8)
        let counts = candidates.map { candidate in header.count { $0 == candidate } }
        let most = counts.max() ?? 0
        return most == 0 ? candidates[0] : candidates[counts.firstIndex(of: most) ?? 0]
    }

    /// A column's name without quotes and blanks, in lower case.
    private static func folded(_ name: ArraySlice<UInt8>) -> String {
        String(decoding: name.filter { $0 > 32 && $0 != UInt8(ascii: "\"") }, as: UTF8.self)
            .lowercased()
    }
}

/// A finding as a line of JSON.
private struct RejectReason {
    let line: [UInt8]

    init(_ finding: Diagnostic) {
        var members = [
            ("code", JSONText.quoted(finding.code)), ("file", JSONText.quoted(finding.file)),
            ("line", String(finding.line)), ("column", String(finding.column)),
            ("message", JSONText.quoted(finding.message)),
        ]
        if let hint = finding.hint { members.append(("hint", JSONText.quoted(hint))) }
        let text = members.map { "\"\($0)\":\($1)" }.joined(separator: ",")
        line = Array("{\(text)}\n".utf8)
    }
}
