/// A record that a table holds, one a row.
package protocol TableRow {
    /// The table's name, such as `holdings`.
    static var table: String { get }
    /// All columns that the table knows but `op`, each at its own ``TableColumn/index``.
    static var columns: [TableColumn] { get }
    /// Whether the table has a delta form, with a column `op`.
    static var hasDelta: Bool { get }
    /// The record of one row.
    init(_ fields: inout TableFields) throws(FieldFault)
}

extension TableRow {
    /// Only snapshots, unless a table says otherwise.
    package static var hasDelta: Bool { false }
}

/// A column of a table.
package struct TableColumn: Hashable, Sendable {
    /// Its position in ``TableRow/columns``.
    package let index: Int
    /// Lower snake case, units in the name.
    package let name: String
    /// Without it a CSV file is refused.
    package let isRequired: Bool
    /// Several values separated by blanks; a JSON array of strings may stand for it.
    package let isList: Bool

    package init(_ index: Int, _ name: String, required: Bool = false, list: Bool = false) {
        self.index = index
        self.name = name
        self.isRequired = required
        self.isList = list
    }
}

/// Why a field, and with it the row, isn't taken.
package struct FieldFault: Error, Hashable, Sendable {
    /// A stable name for programs, such as `E_RANGE`.
    package var code: String
    /// The column at fault.
    package var column: TableColumn
    /// One sentence, lower case, no full stop.
    package var message: String
    /// What the user can do.
    package var hint: String?
}
