import Catalogue
package import Quantities
package import Schedule

/// A transfer with names in place of positions.
package struct PlannedTransfer: Hashable, Sendable {
    /// From 0.
    package var slot: Int32
    /// When the slot begins.
    package var starts: Instant
    /// When it ends.
    package var ends: Instant
    /// The source's identifier.
    package var source: String
    /// Whether the source is an origin.
    package var isOrigin: Bool
    /// The device that receives.
    package var device: String
    /// The title's identifier.
    package var title: String
    /// The content's version.
    package var version: String
    /// Chunk numbers.
    package var chunks: RangeSet32
    /// Of these chunks.
    package var bytes: Int64
    /// The end that opens the connection.
    package var initiator: Transfer.Initiator
}

/// A removal with names in place of positions.
package struct PlannedRemoval: Hashable, Sendable {
    /// From 0.
    package var slot: Int32
    /// When the slot begins: from then on the chunks are gone.
    package var at: Instant
    /// The device that removes.
    package var device: String
    /// The title's identifier.
    package var title: String
    /// The content's version.
    package var version: String
    /// Chunk numbers.
    package var chunks: RangeSet32
    /// Of these chunks.
    package var bytes: Int64
}

/// An open wish with names in place of positions.
package struct PlannedOutcome: Hashable, Sendable {
    /// The device that wishes.
    package var device: String
    /// The title's identifier.
    package var title: String
    /// The content's version; empty when the catalogue has none of known size.
    package var version: String
    /// What becomes of it.
    package var outcome: Outcome
}

extension KeptPlan {
    /// The night that it is for.
    package var night: Night { document.plan.night }

    /// Gives each transfer by slot, device and item; those of one device (as receiver or sender) or
    /// title only when it is stated.
    package func forEachTransfer(
        device: String?, title: String?, _ body: (PlannedTransfer) throws -> Void
    ) rethrows {
        let filter = RowFilter(document.names, device, title)
        let layouts = catalogue.items.map(\.layout)
        for transfer in document.plan.transfers
        where filter.shows(title: document.names.items[Int(transfer.item)].title)
            && filter.shows(transfer)
        {
            let item = document.names.items[Int(transfer.item)]
            let origin = transfer.source.origin
            try body(
                PlannedTransfer(
                    slot: transfer.slot, starts: night.start(ofSlot: transfer.slot),
                    ends: night.start(ofSlot: transfer.slot + 1),
                    source: origin.map { document.names.origins[Int($0)] }
                        ?? document.names.devices[Int(transfer.source.raw)],
                    isOrigin: origin != nil,
                    device: document.names.devices[Int(transfer.destination)],
                    title: document.names.titles[Int(item.title)], version: item.version,
                    chunks: RangeSet32(transfer.chunks),
                    bytes: layouts[Int(transfer.item)].bytes(in: transfer.chunks),
                    initiator: transfer.initiator))
        }
    }

    /// Gives each removal by slot, device and item; those of one device or title only when it is
    /// stated.
    package func forEachRemoval(
        device: String?, title: String?, _ body: (PlannedRemoval) throws -> Void
    ) rethrows {
        let filter = RowFilter(document.names, device, title)
        let layouts = catalogue.items.map(\.layout)
        for removal in document.plan.removals
        where filter.shows(device: removal.device)
            && filter.shows(title: document.names.items[Int(removal.item)].title)
        {
            let item = document.names.items[Int(removal.item)]
            try body(
                PlannedRemoval(
                    slot: removal.slot, at: night.start(ofSlot: removal.slot),
                    device: document.names.devices[Int(removal.device)],
                    title: document.names.titles[Int(item.title)], version: item.version,
                    chunks: RangeSet32(removal.chunks),
                    bytes: layouts[Int(removal.item)].bytes(in: removal.chunks)))
        }
    }

    /// Gives each open wish by device and rank; those of one device or title only when it is
    /// stated.
    package func forEachOutcome(
        device: String?, title: String?, _ body: (PlannedOutcome) throws -> Void
    ) rethrows {
        let filter = RowFilter(document.names, device, title)
        for outcome in document.plan.outcomes
        where filter.shows(device: outcome.device) && filter.shows(title: outcome.title) {
            try body(
                PlannedOutcome(
                    device: document.names.devices[Int(outcome.device)],
                    title: document.names.titles[Int(outcome.title)],
                    version: outcome.item < 0
                        ? "" : document.names.items[Int(outcome.item)].version,
                    outcome: outcome))
        }
    }
}

/// Which rows are asked for.
private struct RowFilter {
    /// Nil: all; -1: a name that the plan doesn't have.
    private let device: Int32?
    private let title: Int32?

    init(_ names: PlanNames, _ device: String?, _ title: String?) {
        self.device = device.map { Int32(names.devices.firstIndex(of: $0) ?? -1) }
        self.title = title.map { Int32(names.titles.firstIndex(of: $0) ?? -1) }
    }

    func shows(device: Int32) -> Bool { self.device.map { $0 == device } ?? true }
    func shows(title: Int32) -> Bool { self.title.map { $0 == title } ?? true }
    func shows(_ transfer: Transfer) -> Bool {
        device.map { $0 == transfer.destination || $0 == transfer.source.device } ?? true
    }
}
