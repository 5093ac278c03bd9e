/// The holdings of a fleet as columns: five bytes for each of tens of millions.
///
/// Reads and changes as a collection of ``Holding``. Nearly all holdings are of all chunks of
/// a known item; what else is to be said of one stands apart, found by its position.
package struct HoldingTable: Hashable, Sendable, RandomAccessCollection, MutableCollection {
    /// Per holding: position in `Catalogue.items`; -1 for something that the catalogue doesn't
    /// know.
    package private(set) var items: [Int32] = []
    private var flags: [UInt8] = []
    /// Positions of the holdings that have a detail, ascending.
    private var places: [Int32] = []
    private var details: [Detail] = []

    private struct Detail: Hashable {
        var chunks: Holding.Chunks
        var unknownBytes: Int64
    }

    private enum Flag {
        static let wish: UInt8 = 1
        static let bought: UInt8 = 2
        static let detailed: UInt8 = 4
    }

    /// The rows in this order; none is a table without rows.
    package init(_ holdings: some Sequence<Holding> = []) {
        for holding in holdings { append(holding) }
    }

    /// Always 0.
    package var startIndex: Int { 0 }
    /// How many holdings there are.
    package var endIndex: Int { items.count }

    /// Holdings of which something is said apart.
    package var detailCount: Int { places.count }

    /// Where that is, below ``detailCount``; nil for all chunks of a known item. O(log details).
    package func detail(of holding: Int) -> Int? {
        flags[holding] & Flag.detailed == 0 ? nil : firstDetail(from: holding)
    }

    /// The part of the disk that a holding counts in. O(1).
    package func area(of holding: Int) -> Holding.Area {
        flags[holding] & Flag.wish == 0 ? .cache : .wish
    }

    /// Which chunks a holding is of. O(1) for all of an item, else O(log details).
    package func chunks(of holding: Int) -> Holding.Chunks {
        detail(of: holding).map { details[$0].chunks } ?? .all
    }

    /// One holding as a value. Reading is O(1) or O(log details), writing O(details).
    package subscript(_ holding: Int) -> Holding {
        get {
            let detail = detail(of: holding).map { details[$0] }
            return Holding(
                item: items[holding], chunks: detail?.chunks ?? .all, area: area(of: holding),
                bought: flags[holding] & Flag.bought != 0,
                unknownBytes: detail?.unknownBytes ?? 0)
        }
        set {
            if let old = detail(of: holding) {
                places.remove(at: old)
                details.remove(at: old)
            }
            items[holding] = newValue.item
            flags[holding] = HoldingTable.flags(newValue)
            guard let detail = HoldingTable.detail(newValue) else { return }
            let place = firstDetail(from: holding)
            places.insert(Int32(holding), at: place)
            details.insert(detail, at: place)
        }
    }

    /// Adds a holding behind the others. Amortised O(1).
    package mutating func append(_ holding: Holding) {
        if let detail = HoldingTable.detail(holding) {
            places.append(Int32(items.count))
            details.append(detail)
        }
        items.append(holding.item)
        flags.append(HoldingTable.flags(holding))
    }

    private func firstDetail(from holding: Int) -> Int {
        var lower = 0
        var upper = places.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if Int(places[middle]) < holding { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }

    private static func flags(_ holding: Holding) -> UInt8 {
        (holding.area == .wish ? Flag.wish : 0) | (holding.bought ? Flag.bought : 0)
            | (detail(holding) == nil ? 0 : Flag.detailed)
    }

    private static func detail(_ holding: Holding) -> Detail? {
        if holding.unknownBytes == 0, case .all = holding.chunks { return nil }
        return Detail(chunks: holding.chunks, unknownBytes: holding.unknownBytes)
    }
}
