package import Catalogue
package import Fleet
import GRDB
package import Quantities

/// Everything that a night is planned from, as it was at one moment.
package struct Snapshot: Hashable, Sendable {
    package var catalogue: Catalogue
    package var fleet: Fleet
    /// What was left out or judged on the way: one finding a kind, with a count and an example.
    package var notes: [Diagnostic]

    package init(catalogue: Catalogue, fleet: Fleet, notes: [Diagnostic] = []) {
        self.catalogue = catalogue
        self.fleet = fleet
        self.notes = notes
    }
}

extension Store {
    /// Reads the catalogue and the fleet for one night, in one read transaction.
    ///
    /// References are resolved, territories and time zones inherited, arrays
    /// sorted as `Catalogue` and `Fleet` say: equal contents give equal values,
    /// whatever the order of the imports. Wishes whose end is at or before the
    /// night's start are left out. Items are those that are current and those
    /// that a device holds; a deleted title stays while it is held, wished for or
    /// picked. An item with a file of unknown size is known to nobody.
    ///
    /// - Parameters:
    ///   - night: what wishes must outlast.
    ///   - chunkBytes: size of a chunk where the feed states none, positive.
    ///   - clock: what a zone's clocks show, by its IANA name; nil for a name it doesn't know,
    ///     which counts as UTC.
    /// - Returns: the catalogue, the fleet, and what was left out.
    /// - Throws: ``StoreError``, `corrupt` when a row refers to nothing.
    package func snapshot(
        night: Night, chunkBytes: Int64 = 4 << 20, clock: (String) -> LocalClock?
    ) throws -> Snapshot {
        try read { database in
            try SnapshotReader.read(
                database, night: night, chunkBytes: chunkBytes, clock: clock)
        }
    }
}

/// Counts findings of one kind and keeps the first as an example.
struct Tally {
    private(set) var count = 0
    private(set) var example = ""

    mutating func add(_ example: @autoclosure () -> String) {
        if count == 0 { self.example = example() }
        count += 1
    }

    /// One finding for all of them, none when nothing was counted.
    func notes(_ code: String, _ table: String, _ text: (Int, String) -> String) -> [Diagnostic] {
        guard count > 0 else { return [] }
        return [Diagnostic(.warning, code: code, file: table, message: text(count, example))]
    }
}
