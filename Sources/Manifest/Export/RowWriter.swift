import CanonicalJSON
import Quantities

/// Writes rows of one table, cell by cell in the order of its columns.
///
/// Holds one piece in memory, whatever the number of rows.
struct RowWriter {
    private static let pieceBytes = 1 << 16
    private let format: RowFormat
    /// What stands before the cell of each column: a comma, and in JSON Lines the column's name.
    private let prefixes: [[UInt8]]
    private var column = 0
    private var bytes: [UInt8] = []

    init(_ table: PlanTable, _ format: RowFormat) {
        self.format = format
        let columns = table.columns
        prefixes = columns.indices.map { column in
            let comma = column > 0 ? "," : ""
            switch format {
            case .csv: return Array(comma.utf8)
            case .jsonLines:
                return Array(((column > 0 ? "," : "{") + "\"\(columns[column])\":").utf8)
            }
        }
        bytes.reserveCapacity(RowWriter.pieceBytes + 4_096)
        if format == .csv { bytes.append(contentsOf: "\(columns.joined(separator: ","))\n".utf8) }
    }

    mutating func text(_ text: String) {
        begin()
        switch format {
        case .csv: appendField(text)
        case .jsonLines: bytes.append(quoted: text)
        }
    }

    mutating func integer(_ integer: Int64) {
        begin()
        bytes.append(decimal: integer)
    }

    mutating func instant(_ instant: Instant) {
        begin()
        if format == .jsonLines { bytes.append(UInt8(ascii: "\"")) }
        bytes.append(instant: instant)
        if format == .jsonLines { bytes.append(UInt8(ascii: "\"")) }
    }

    mutating func absent() {
        begin()
        if format == .jsonLines { bytes.append(contentsOf: "null".utf8) }
    }

    private mutating func begin() {
        bytes.append(contentsOf: prefixes[column])
        column += 1
    }

    /// Ends the row, which must have a cell for each column.
    mutating func end(_ write: ([UInt8]) throws -> Void) rethrows {
        precondition(column == prefixes.count, "a row has a cell for each column")
        column = 0
        if format == .jsonLines { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= RowWriter.pieceBytes { try finish(write) }
    }

    /// Hands on what is left.
    mutating func finish(_ write: ([UInt8]) throws -> Void) rethrows {
        if !bytes.isEmpty { try write(bytes) }
        bytes.removeAll(keepingCapacity: true)
    }

    /// A field is quoted when a comma, quote, line break or blank at an end could mislead.
    private mutating func appendField(_ text: String) {
        let needsQuotes =
            text.utf8.first == 0x20 || text.utf8.last == 0x20
            || text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(0x22)
        for byte in text.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }
}
