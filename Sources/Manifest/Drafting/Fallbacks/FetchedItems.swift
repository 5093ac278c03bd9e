import Quantities
import Schedule

/// What each device fetches tonight, by item: one entry for a device and an item.
///
/// Entries stand in the order of the devices' sites.
struct FetchedItems: Sendable {
    /// One device's part of one item.
    struct Entry: Sendable {
        /// Position in `Fleet.devices`.
        var device: Int32
        /// Position in `Catalogue.items`.
        var item: Int32
        /// Bytes that are planned, positive.
        var bytes: Int64
        /// The planned source when there is only one.
        var soleSource: Source?
    }

    let entries: [Entry]
    private let byItem: RowGroups
    private let byDevice: RowGroups

    /// Takes the plan's transfers by destination, and what a transfer moves in bytes.
    init(
        _ plan: Plan, incoming: RowGroups, order: SiteOrder, items: Int,
        bytes: (Transfer) -> Int64
    ) {
        var entries: [Entry] = []
        for device in order.devices {
            FetchedItems.append(
                to: &entries, incoming[device].map { plan.transfers[Int($0)] }, bytes)
        }
        self.entries = entries
        byItem = RowGroups(groups: items, count: entries.count) { entries[$0].item }
        byDevice = RowGroups(groups: order.devices.count, count: entries.count) {
            entries[$0].device
        }
    }

    private static func append(
        to entries: inout [Entry], _ transfers: [Transfer], _ bytes: (Transfer) -> Int64
    ) {
        let start = entries.count
        for transfer in transfers.sorted(by: { $0.item < $1.item }) {
            let last = entries.count - 1
            if last >= start, entries[last].item == transfer.item {
                entries[last].bytes += bytes(transfer)
                if entries[last].soleSource != transfer.source { entries[last].soleSource = nil }
            } else {
                entries.append(
                    Entry(
                        device: transfer.destination, item: transfer.item, bytes: bytes(transfer),
                        soleSource: transfer.source))
            }
        }
    }

    /// Positions in ``entries`` of what concerns an item.
    func entries(ofItem item: Int32) -> ArraySlice<Int32> { byItem[item] }
    /// Positions in ``entries`` of what a device fetches, by item.
    func entries(ofDevice device: Int32) -> ArraySlice<Int32> { byDevice[device] }
}
