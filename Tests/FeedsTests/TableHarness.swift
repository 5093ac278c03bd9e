import Feeds
import Fleet
import Quantities

/// What a table gave, for comparison.
struct Outcome<Row> {
    var rows: [Row] = []
    var lines: [Int] = []
    var rejects: [RejectedRow] = []
    var summary: TableSummary?
    var error: FeedError?

    /// `code@line` of each reject.
    var codes: [String] {
        rejects.map { "\($0.diagnostic.code)@\($0.diagnostic.line)" }
    }

    /// The rejected rows as text.
    var rejectedText: [String] { rejects.map { String(decoding: $0.bytes, as: UTF8.self) } }
}

/// Reads `bytes` in pieces of `piece` bytes.
func table<Row: TableRow>(
    _ row: Row.Type, _ bytes: [UInt8], device: String? = nil,
    options: TableOptions = TableOptions(), piece: Int = 1 << 16
) throws -> Outcome<Row> {
    var outcome = Outcome<Row>()
    do {
        outcome.summary = try readTable(
            Row.self, from: "t.csv", device: device, options: options,
            read: pieces(of: bytes, piece),
            emit: {
                outcome.rows.append($0)
                outcome.lines.append($1)
            },
            reject: { outcome.rejects.append($0) })
    } catch let error as FeedError {
        outcome.error = error
    }
    return outcome
}

/// Reads `text`.
func table<Row: TableRow>(
    _ row: Row.Type, _ text: String, device: String? = nil,
    options: TableOptions = TableOptions(), piece: Int = 1 << 16
) throws -> Outcome<Row> {
    try table(Row.self, Array(text.utf8), device: device, options: options, piece: piece)
}

/// Hands out `bytes` in pieces.
func pieces(of bytes: [UInt8], _ size: Int) -> () -> [UInt8] {
    var rest = bytes[...]
    return {
        let piece = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
        return piece
    }
}
