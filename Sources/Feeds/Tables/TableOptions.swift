package import Quantities

/// How a table is read.
package struct TableOptions: Hashable, Sendable {
    /// Rows say in a column `op` whether they add or remove; false: the file is a snapshot.
    package var delta: Bool
    /// The byte between two fields of a CSV file; nil: told from the header.
    package var delimiter: UInt8?
    /// When a file is too much.
    package var input: InputLimits
    /// When a row is too much.
    package var limits: TableLimits

    package init(
        delta: Bool = false, delimiter: UInt8? = nil, input: InputLimits = InputLimits(),
        limits: TableLimits = TableLimits()
    ) {
        self.delta = delta
        self.delimiter = delimiter
        self.input = input
        self.limits = limits
    }
}

/// Bounds on a row, which bound the memory of a reader.
package struct TableLimits: Hashable, Sendable {
    /// The longest quoted field, in bytes with its quotes; beyond it the quote counts as stray.
    package var fieldBytes: Int
    /// The longest row, in bytes.
    package var rowBytes: Int
    /// The most columns that a header may name.
    package var columns: Int
    /// How many bytes are asked for at a time.
    package var fillBytes: Int

    package init(
        fieldBytes: Int = 1 << 20, rowBytes: Int = 2 << 20, columns: Int = 1000,
        fillBytes: Int = 256 << 10
    ) {
        self.fieldBytes = fieldBytes
        self.rowBytes = rowBytes
        self.columns = columns
        self.fillBytes = fillBytes
    }
}

/// How a table was written.
package enum TableFormat: String, Hashable, Sendable {
    case csv
    case jsonLines = "json-lines"
}

/// What became of a table, when it was read to its end.
package struct TableSummary: Hashable, Sendable {
    /// Rows with something in them, without the header.
    package var rows: Int
    /// Rows that were taken.
    package var accepted: Int
    /// Rows that were not.
    package var rejected: Int
    /// Findings that cost no row, such as unknown columns.
    package var warnings: [Diagnostic]
    /// The header line as it stood, without line end and byte-order mark, so that a file of rejects
    /// can be imported again; empty for JSON Lines.
    package var header: [UInt8]
    package var format: TableFormat

    package init(
        rows: Int = 0, accepted: Int = 0, rejected: Int = 0, warnings: [Diagnostic] = [],
        header: [UInt8] = [], format: TableFormat = .csv
    ) {
        self.rows = rows
        self.accepted = accepted
        self.rejected = rejected
        self.warnings = warnings
        self.header = header
        self.format = format
    }
}

/// A row that wasn't taken.
package struct RejectedRow: Hashable, Sendable {
    /// Why.
    package var diagnostic: Diagnostic
    /// The row as it stood, without its line end; cut off where it is longer than
    /// ``TableLimits/rowBytes``.
    package var bytes: [UInt8]

    package init(diagnostic: Diagnostic, bytes: [UInt8]) {
        self.diagnostic = diagnostic
        self.bytes = bytes
    }
}
