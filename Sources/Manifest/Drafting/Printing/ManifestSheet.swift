import CanonicalJSON
import Fleet
import Quantities
import Schedule

/// What one manifest names, gathered before it is printed, and the bytes of it.
///
/// Used again for one device after the other, so that its arrays are allocated once.
package struct ManifestSheet {
    /// The manifest, once it is printed.
    package internal(set) var bytes: [UInt8] = []

    /// An end by positions in the fleet.
    struct End: Equatable {
        /// What its token is for.
        enum Use: Equatable {
            /// It sends, as planned.
            case source
            /// It gets, as planned.
            case destination
            /// It is a fall-back for an item; origins have no tokens, so it is a source as well.
            case fallback(Int32)
            /// It asks for an item that the device is a fall-back for.
            case asker(Int32)
        }

        var source: Source
        var use: Use
        var connects: Bool
    }

    /// A piece that is fetched or served.
    struct Row {
        var transfer: Int32
        var end: Int32
    }

    /// Positions in `Catalogue.items`; ascending by key once they are ``settled``.
    private(set) var items: [Int32] = []
    private(set) var ends: [End] = []
    var fetch: [Row] = []
    var serve: [Row] = []
    var standby: [FetchedItems.Entry] = []
    /// Places of the ends of ``standby``.
    var askers: [Int32] = []

    /// An empty one.
    package init() { bytes.reserveCapacity(16_384) }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        fetch.removeAll(keepingCapacity: true)
        serve.removeAll(keepingCapacity: true)
        standby.removeAll(keepingCapacity: true)
        askers.removeAll(keepingCapacity: true)
    }

    /// A device names few items and ends, so searches along arrays beat hashing.
    mutating func name(_ item: Int32) {
        if items.last != item, !items.contains(item) { items.append(item) }
    }

    mutating func place(of end: End) -> Int32 {
        if let place = ends.lastIndex(of: end) { return Int32(place) }
        ends.append(end)
        return Int32(ends.count - 1)
    }

    /// Orders the items, all of which have been named.
    mutating func settle(_ ranks: [Int32]) { items.sort { ranks[Int($0)] < ranks[Int($1)] } }

    func place(ofItem item: Int32) -> Int64 { Int64(items.firstIndex(of: item) ?? 0) }

    mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A comma unless it is the first of a list.
    mutating func separate(_ position: Int) {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
    }

    /// `[1,2,3]`.
    mutating func row(_ first: Int64, _ rest: Int64...) {
        bytes.append(UInt8(ascii: "["))
        bytes.append(decimal: first)
        for number in rest {
            bytes.append(UInt8(ascii: ","))
            bytes.append(decimal: number)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}
