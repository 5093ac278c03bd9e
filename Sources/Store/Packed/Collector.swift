import Foundation
import GRDB
import Quantities

/// Gathers rows that belong to many owners and arrive in any order, and gives them back owner by
/// owner.
///
/// Rows are kept encoded, end to end, with 12 bytes of bookkeeping each. When
/// they pass ``limitBytes`` they are moved, grouped, to a temporary table, so
/// memory stays bounded however big the input is; the order of one owner's rows
/// is that of their arrival. O(rows + owners) in all.
struct Collector {
    /// Bytes of encoded rows and bookkeeping that are held in memory.
    let limitBytes: Int
    /// Rows gathered.
    private(set) var count = 0
    private let owners: Int
    private var writer = ByteWriter()
    private var rowOwners: [Int32] = []
    private var rowEnds: [Int] = []
    private var parts = 0

    /// - Parameters:
    ///   - owners: every owner is in `0..<owners`.
    ///   - limitBytes: see ``limitBytes``.
    init(owners: Int, limitBytes: Int = 128 << 20) {
        self.owners = owners
        self.limitBytes = limitBytes
    }

    /// Whether ``spill(into:)`` should be called.
    var isFull: Bool { writer.bytes.count + 12 * rowOwners.count >= limitBytes }

    /// Adds what `encode` writes as the owner's next row; nothing written still names the owner.
    mutating func add(owner: Int32, _ encode: (inout ByteWriter) -> Void) {
        encode(&writer)
        rowOwners.append(owner)
        rowEnds.append(writer.bytes.count)
        count += 1
    }

    /// Moves what is in memory to the temporary table.
    mutating func spill(into database: Database) throws {
        if parts == 0 {
            try database.execute(
                sql: """
                    CREATE TEMP TABLE spilled (
                        owner INTEGER NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL,
                        PRIMARY KEY (owner, part)) WITHOUT ROWID
                    """)
        }
        parts += 1
        let insert = try database.makeStatement(
            sql: "INSERT INTO temp.spilled (owner, part, bytes) VALUES (?, ?, ?)")
        try forEachInMemory { owner, rows in
            try insert.execute(arguments: [owner, parts, Data(rows)])
        }
        writer = ByteWriter()
        rowOwners = []
        rowEnds = []
    }

    /// Gives each named owner, ascending, with its rows end to end. Nothing is left after it.
    mutating func drain(from database: Database, _ body: (Int32, [UInt8]) throws -> Void) throws {
        guard parts > 0 else {
            try forEachInMemory(body)
            return
        }
        try spill(into: database)
        var current: (owner: Int32, rows: [UInt8])?
        let cursor = try Row.fetchCursor(
            database, sql: "SELECT owner, bytes FROM temp.spilled ORDER BY owner, part")
        while let row = try cursor.next() {
            let owner: Int32 = row[0]
            let bytes = try row.bytes(at: 1)
            if current?.owner == owner {
                current?.rows += bytes
            } else {
                if let current { try body(current.owner, current.rows) }
                current = (owner, bytes)
            }
        }
        if let current { try body(current.owner, current.rows) }
        try database.execute(sql: "DROP TABLE temp.spilled")
        parts = 0
    }

    /// A counting sort by owner, which keeps the order of arrival within one.
    private func forEachInMemory(_ body: (Int32, [UInt8]) throws -> Void) throws {
        var starts = [Int](repeating: 0, count: owners + 1)
        for owner in rowOwners { starts[Int(owner) + 1] += 1 }
        for owner in 0..<owners { starts[owner + 1] += starts[owner] }
        var next = starts
        var order = [Int](repeating: 0, count: rowOwners.count)
        for (row, owner) in rowOwners.enumerated() {
            order[next[Int(owner)]] = row
            next[Int(owner)] += 1
        }
        for owner in 0..<owners where starts[owner] < starts[owner + 1] {
            var rows: [UInt8] = []
            for row in order[starts[owner]..<starts[owner + 1]] {
                rows += writer.bytes[(row == 0 ? 0 : rowEnds[row - 1])..<rowEnds[row]]
            }
            try body(Int32(owner), rows)
        }
    }
}

extension Row {
    /// The blob in a column, copied; empty when it is NULL.
    func bytes(at index: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: index) { data in data.map { [UInt8]($0) } ?? [] }
    }
}
