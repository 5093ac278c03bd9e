import Quantities

/// Writes rows of one table, cell by cell in the order of its columns, and hands on the bytes in pieces.
///
/// Holds one piece in memory, whatever the number of rows.
struct RowWriter {
    /// A cell's value.
    enum Cell {
        case text(String)
        case integer(Int64)
        case instant(Instant)
        case absent
    }

    private static let pieceBytes = 1 << 16
    private let format: RowFormat
    private let columns: [String]
    private var bytes: [UInt8] = []

    init(_ table: PlanTable, _ format: RowFormat) {
        self.format = format
        columns = table.columns
        bytes.reserveCapacity(RowWriter.pieceBytes + 4_096)
        if format == .csv {
            bytes.append(contentsOf: columns.joined(separator: ",").utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// One row; there must be a cell for each column.
    mutating func row(_ cells: [Cell], _ write: ([UInt8]) throws -> Void) rethrows {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        if format == .jsonLines { bytes.append(UInt8(ascii: "{")) }
        for column in cells.indices {
            if column > 0 { bytes.append(UInt8(ascii: ",")) }
            switch format {
            case .csv: appendCSV(cells[column])
            case .jsonLines:
                bytes.append(quoted: columns[column])
                bytes.append(UInt8(ascii: ":"))
                appendJSON(cells[column])
            }
        }
        if format == .jsonLines { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= RowWriter.pieceBytes { try finish(write) }
    }

    /// Hands on what is left.
    mutating func finish(_ write: ([UInt8]) throws -> Void) rethrows {
        if !bytes.isEmpty { try write(bytes) }
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func appendJSON(_ cell: Cell) {
        switch cell {
        case .text(let text): bytes.append(quoted: text)
        case .integer(let integer): bytes.append(contentsOf: String(integer).utf8)
        case .instant(let instant):
            bytes.append(UInt8(ascii: "\""))
            bytes.append(instant: instant)
            bytes.append(UInt8(ascii: "\""))
        case .absent: bytes.append(contentsOf: "null".utf8)
        }
    }

    private mutating func appendCSV(_ cell: Cell) {
        switch cell {
        case .text(let text): appendField(text)
        case .integer(let integer): bytes.append(contentsOf: String(integer).utf8)
        case .instant(let instant): bytes.append(instant: instant)
        case .absent: break
        }
    }

    /// A field is quoted when a comma, quote, line break or a blank at an end could mislead a reader.
    private mutating func appendField(_ text: String) {
        let needsQuotes =
            text.utf8.first == 0x20 || text.utf8.last == 0x20
            || text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
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
