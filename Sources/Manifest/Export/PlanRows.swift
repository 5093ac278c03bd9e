package import Catalogue
package import Fleet
import Quantities
package import Schedule

/// A whole plan as rows with identifiers in place of positions.
package struct PlanRows: Sendable {
    let plan: Plan
    let catalogue: Catalogue
    let fleet: Fleet
    let keys: ItemKeys
    let nightText: String

    /// Prepares the identifiers: O(items).
    package init(plan: Plan, catalogue: Catalogue, fleet: Fleet) {
        self.plan = plan
        self.catalogue = catalogue
        self.fleet = fleet
        keys = ItemKeys(catalogue)
        nightText = plan.night.date.description
    }

    /// Hands the bytes of one table to `write`, in pieces of about 64 KiB.
    ///
    /// Linear in the rows; memory doesn't grow with them. Equal plans give equal bytes.
    package func write(
        _ table: PlanTable, as format: RowFormat, to write: ([UInt8]) throws -> Void
    ) rethrows {
        var rows = RowWriter(table, format)
        switch table {
        case .transfers:
            for position in plan.transfers.indices {
                append(position, plan.transfers[position], &rows)
                try rows.end(write)
            }
        case .removals:
            for removal in plan.removals {
                append(removal, &rows)
                try rows.end(write)
            }
        case .outcomes:
            for outcome in plan.outcomes {
                append(outcome, &rows)
                try rows.end(write)
            }
        case .prices:
            for price in prices {
                append(price, &rows)
                try rows.end(write)
            }
        }
        try rows.finish(write)
    }
}

extension PlanRows {
    private func append(_ position: Int, _ transfer: Transfer, _ rows: inout RowWriter) {
        let night = plan.night
        let bytes = keys.layouts[Int(transfer.item)].bytes(in: transfer.chunks)
        rows.text(nightText)
        rows.integer(Int64(position))
        rows.integer(Int64(transfer.slot))
        rows.instant(night.start(ofSlot: transfer.slot))
        rows.instant(night.start(ofSlot: transfer.slot + 1))
        if let origin = transfer.source.origin {
            rows.text("origin")
            rows.text(fleet.origins[Int(origin)].id)
        } else {
            rows.text("device")
            rows.text(fleet.devices[Int(transfer.source.raw)].id)
        }
        rows.text(fleet.devices[Int(transfer.destination)].id)
        append(item: transfer.item, &rows)
        append(transfer.item, transfer.chunks, &rows)
        rows.integer(night.kbps(toMove: bytes))
        rows.text(transfer.initiator.rawValue)
    }

    private func append(_ removal: Removal, _ rows: inout RowWriter) {
        rows.text(nightText)
        rows.integer(Int64(removal.slot))
        rows.instant(plan.night.start(ofSlot: removal.slot))
        rows.text(fleet.devices[Int(removal.device)].id)
        append(item: removal.item, &rows)
        append(removal.item, removal.chunks, &rows)
    }

    private func append(_ outcome: Outcome, _ rows: inout RowWriter) {
        rows.text(nightText)
        rows.text(fleet.devices[Int(outcome.device)].id)
        rows.integer(Int64(outcome.rank))
        if outcome.item >= 0 {
            append(item: outcome.item, &rows)
        } else {
            rows.text(catalogue.titles[Int(outcome.title)].id)
            rows.absent()
            rows.absent()
        }
        rows.text(outcome.cause == nil ? "served" : outcome.plannedBytes > 0 ? "part" : "unserved")
        rows.integer(outcome.worth)
        rows.integer(outcome.missingBytes)
        rows.integer(outcome.plannedBytes)
        if let cause = outcome.cause { rows.text(cause.rawValue) } else { rows.absent() }
    }

    /// Title, version, item key.
    private func append(item: Int32, _ rows: inout RowWriter) {
        let entry = catalogue.items[Int(item)]
        rows.text(catalogue.titles[Int(entry.title)].id)
        rows.text(entry.version)
        rows.text(keys.keys[Int(item)])
    }

    /// Chunks as the tables of holdings write them, offset, bytes.
    private func append(_ item: Int32, _ chunks: Range<Int32>, _ rows: inout RowWriter) {
        let layout = keys.layouts[Int(item)]
        let last = chunks.upperBound - 1
        rows.text(chunks.count == 1 ? "\(last)" : "\(chunks.lowerBound)-\(last)")
        rows.integer(layout.offset(ofChunk: chunks.lowerBound))
        rows.integer(layout.bytes(in: chunks))
    }
}
