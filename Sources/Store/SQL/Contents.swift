import GRDB
import Quantities

extension Store {
    /// Every row as text, table by table, in the order of its key: equal only when all that is kept
    /// is.
    ///
    /// For comparing stores; blobs are written in hexadecimal. Reads everything.
    func contents(except skipped: Set<String> = ["import"]) throws -> String {
        try read { database in
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            var text = ""
            for table in tables where !skipped.contains(table) {
                text += "\(table)\n"
                let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table)")
                while let row = try rows.next() { text += "  \(Store.text(of: row))\n" }
            }
            return text
        }
    }

    private static func text(of row: Row) -> String {
        row.databaseValues.map { value in
            switch value.storage {
            case .blob(let data): data.map { String($0, radix: 16) }.joined(separator: ".")
            default: value.description
            }
        }.joined(separator: "|")
    }
}
