/// The positions of rows by group, such as by device, in their own order within a group.
///
/// A counting sort: O(rows + groups), two integers a row.
struct RowGroups: Sendable {
    /// `groups + 1` positions in ``rows``.
    private let offsets: [Int32]
    private let rows: [Int32]

    /// - Parameters:
    ///   - groups: number of groups.
    ///   - count: number of rows.
    ///   - group: the group of a row; nil leaves the row out.
    init(groups: Int, count: Int, group: (Int) -> Int32?) {
        var offsets = [Int32](repeating: 0, count: groups + 1)
        for row in 0..<count {
            if let g = group(row) { offsets[Int(g) + 1] += 1 }
        }
        for g in 0..<groups { offsets[g + 1] += offsets[g] }
        var next = offsets
        var rows = [Int32](repeating: 0, count: Int(offsets[groups]))
        for row in 0..<count {
            guard let g = group(row) else { continue }
            rows[Int(next[Int(g)])] = Int32(row)
            next[Int(g)] += 1
        }
        self.offsets = offsets
        self.rows = rows
    }

    /// The rows of `group`.
    subscript(group: Int32) -> ArraySlice<Int32> {
        rows[Int(offsets[Int(group)])..<Int(offsets[Int(group) + 1])]
    }
}
