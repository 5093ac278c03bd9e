package import Catalogue
import Crypto
package import Fleet
package import Quantities
package import Schedule

/// A whole plan as rows with identifiers in place of positions.
package struct PlanRows: Sendable {
    private let plan: Plan
    private let catalogue: Catalogue
    private let fleet: Fleet
    private let keys: ItemKeys

    package init(plan: Plan, catalogue: Catalogue, fleet: Fleet) {
        self.plan = plan
        self.catalogue = catalogue
        self.fleet = fleet
        keys = ItemKeys(catalogue)
    }

    /// Hands the bytes of one table to `write`, in pieces of about 64 KiB that may end inside a row.
    ///
    /// Linear in the rows; memory doesn't grow with them. Equal plans give equal bytes.
    package func write(
        _ table: PlanTable, as format: RowFormat, to write: ([UInt8]) throws -> Void
    ) rethrows {
        var rows = RowWriter(table, format)
        switch table {
        case .transfers:
            for position in plan.transfers.indices { try rows.row(transfer(position), write) }
        case .removals:
            for removal in plan.removals { try rows.row(cells(removal), write) }
        case .outcomes:
            for outcome in plan.outcomes { try rows.row(cells(outcome), write) }
        }
        try rows.finish(write)
    }

    /// Identifies the plan: the SHA-256 of a line with its night and profile and of all tables as JSON Lines.
    ///
    /// It depends on identifiers, not on positions, so it is the same wherever the plan is computed.
    package var digest: Quantities.Digest {
        var hash = SHA256()
        let night = plan.night
        let head = [
            "mediaplan-plan 1", night.date.description, night.start.description,
            String(night.slotSeconds), String(night.slotCount), plan.profile.order.rawValue,
            String(plan.profile.alpha), String(plan.profile.beta),
        ]
        hash.update(data: Array((head.joined(separator: " ") + "\n").utf8))
        for table in PlanTable.allCases {
            hash.update(data: Array((table.rawValue + "\n").utf8))
            write(table, as: .jsonLines) { hash.update(data: $0) }
        }
        guard let digest = Quantities.Digest(bytes: Array(hash.finalize())) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return digest
    }
}

extension PlanRows {
    private typealias Cell = RowWriter.Cell

    private func transfer(_ position: Int) -> [Cell] {
        let transfer = plan.transfers[position]
        let night = plan.night
        let bytes = keys.layouts[Int(transfer.item)].bytes(in: transfer.chunks)
        let source: [Cell] =
            if let origin = transfer.source.origin {
                [.text("origin"), .text(fleet.origins[Int(origin)].id)]
            } else {
                [.text("device"), .text(fleet.devices[Int(transfer.source.raw)].id)]
            }
        return [
            .text(night.date.description), .integer(Int64(position)),
            .integer(Int64(transfer.slot)), .instant(night.start(ofSlot: transfer.slot)),
            .instant(night.start(ofSlot: transfer.slot + 1)),
        ] + source + [.text(fleet.devices[Int(transfer.destination)].id)]
            + item(transfer.item) + piece(transfer.item, transfer.chunks)
            + [
                .integer(night.kbps(toMove: bytes)), .text(transfer.initiator.rawValue),
            ]
    }

    private func cells(_ removal: Removal) -> [Cell] {
        [
            .text(plan.night.date.description), .integer(Int64(removal.slot)),
            .instant(plan.night.start(ofSlot: removal.slot)),
            .text(fleet.devices[Int(removal.device)].id),
        ] + item(removal.item) + piece(removal.item, removal.chunks)
    }

    private func cells(_ outcome: Outcome) -> [Cell] {
        let word =
            outcome.cause == nil ? "served" : outcome.plannedBytes > 0 ? "part" : "unserved"
        let item: [Cell] =
            outcome.item < 0
            ? [.text(catalogue.titles[Int(outcome.title)].id), .absent, .absent]
            : item(outcome.item)
        return [
            .text(plan.night.date.description), .text(fleet.devices[Int(outcome.device)].id),
            .integer(Int64(outcome.rank)),
        ] + item + [
            .text(word), .integer(outcome.worth), .integer(outcome.missingBytes),
            .integer(outcome.plannedBytes),
            outcome.cause.map { .text($0.rawValue) } ?? .absent,
        ]
    }

    /// Title, version, item key.
    private func item(_ item: Int32) -> [Cell] {
        let entry = catalogue.items[Int(item)]
        return [
            .text(catalogue.titles[Int(entry.title)].id), .text(entry.version),
            .text(keys.keys[Int(item)]),
        ]
    }

    /// Chunks as the tables of holdings write them, offset, bytes.
    private func piece(_ item: Int32, _ chunks: Range<Int32>) -> [Cell] {
        let layout = keys.layouts[Int(item)]
        return [
            .text(RangeSet32(chunks).description),
            .integer(layout.offset(ofChunk: chunks.lowerBound)),
            .integer(layout.bytes(in: chunks)),
        ]
    }
}
