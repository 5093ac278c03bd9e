/// What the manifest removes, and when that is done.
///
/// From its time on a chunk is not sent. It is deleted once a fetch that starts then or later has
/// come up, its index is trusted and it still lacks something: what it makes room for is wanted.
/// So is an earlier fetch whose item can't begin without the room.
/// Invariants: nothing is deleted twice, before its time, or from a bought item; what another item
/// still is to be copied from is deleted after the copy, unless the copy waits for the room.
struct Removals: Sendable {
    struct Removal: Hashable, Sendable {
        let stock: Int
        let chunks: Range<Int32>
        let atMs: Int64
        /// The first piece that starts then or later.
        let wantedFrom: Int
        var withdrawn = false
        var deleted = false
    }

    var all: [Removal]

    init(_ all: [Removal]) { self.all = all }

    /// When the next one is due, that isn't withdrawn yet.
    var nextMs: Int64? { all.first { !$0.withdrawn }?.atMs }
}
