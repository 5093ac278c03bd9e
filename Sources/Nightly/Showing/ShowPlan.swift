import Catalogue
import Manifest
import Quantities
import Schedule

/// Gives the rows of a night's plan with identifiers in place of positions.
///
/// The plan is held in memory, as one file; its rows are made one by one, until
/// there are no more or `body` returns false.
package struct ShowPlan {
    private let plan: Plan
    private let names: PlanNames
    private let keys: [String]
    private let layouts: [ChunkLayout]
    /// Positions in ``names``; nil: all.
    private let device: Int32?
    private let title: Int32?
    private let cause: Cause?

    /// Reads the plan of the night that is asked for.
    ///
    /// - Throws: when there is no plan, or of kind `usage` when it knows no such device or title.
    package init(in workspace: Workspace, request: ShowRequest) throws(NightlyError) {
        let kept: KeptPlan
        if let night = request.night {
            kept = try KeptPlan(night, in: workspace)
        } else {
            kept = try KeptPlan(KeptPlan.newest(in: workspace), in: workspace)
        }
        plan = kept.document.plan
        names = kept.document.names
        layouts = kept.catalogue.items.map(\.layout)
        keys = names.items.map { [names] in
            ManifestNames.item(title: names.titles[Int($0.title)], version: $0.version)
        }
        device = try ShowPlan.position("device", request.device, names.devices, plan)
        title = try ShowPlan.position("title", request.title, names.titles, plan)
        cause = request.cause
    }

    private static func position(
        _ kind: String, _ name: String?, _ all: [String], _ plan: Plan
    ) throws(NightlyError) -> Int32? {
        guard let name else { return nil }
        guard let position = all.firstIndex(where: { $0.isExactly(name) }) else {
            throw NightlyError(
                .usage, "the plan for \(plan.night.date) knows no \(kind) '\(name)'",
                hint: kind == "title"
                    ? "nobody holds it or wishes for it; titles go by their identifiers" : nil)
        }
        return Int32(position)
    }

    /// Transfers in the plan's order; with a device, what it sends or receives.
    package func transfers(_ body: (ShownTransfer) throws -> Bool) rethrows {
        for (number, transfer) in plan.transfers.enumerated() {
            guard isShown(transfer.item),
                device == nil || transfer.destination == device || transfer.source.raw == device
            else { continue }
            guard try body(shown(transfer, number)) else { return }
        }
    }

    /// Removals in the plan's order.
    package func removals(_ body: (ShownRemoval) throws -> Bool) rethrows {
        for removal in plan.removals
        where isShown(removal.item) && (device == nil || removal.device == device) {
            let shown = ShownRemoval(
                night: plan.night, slot: removal.slot, device: names.devices[Int(removal.device)],
                piece: piece(removal.item, removal.chunks))
            guard try body(shown) else { return }
        }
    }

    /// Outcomes of wishes by device, then rank.
    package func outcomes(_ body: (ShownOutcome) throws -> Bool) rethrows {
        for outcome in plan.outcomes
        where (device == nil || outcome.device == device)
            && (title == nil || outcome.title == title) && (cause == nil || outcome.cause == cause)
        {
            guard try body(shown(outcome)) else { return }
        }
    }

    /// Devices that the plan moves anything to or from, or that have an open wish.
    package func loads(_ body: (DeviceLoad) throws -> Bool) rethrows {
        for (position, load) in loads().enumerated()
        where device.map({ position == $0 }) ?? load.isBusy {
            guard try body(load) else { return }
        }
    }
}

extension ShowPlan {
    private func isShown(_ item: Int32) -> Bool {
        title == nil || names.items[Int(item)].title == title
    }

    private func piece(_ item: Int32, _ chunks: Range<Int32>) -> ShownPiece {
        let entry = names.items[Int(item)]
        let layout = layouts[Int(item)]
        return ShownPiece(
            title: names.titles[Int(entry.title)], version: entry.version, item: keys[Int(item)],
            chunks: chunks, offset: layout.offset(ofChunk: chunks.lowerBound),
            bytes: layout.bytes(in: chunks))
    }

    private func shown(_ transfer: Transfer, _ number: Int) -> ShownTransfer {
        let origin = transfer.source.origin
        let piece = piece(transfer.item, transfer.chunks)
        return ShownTransfer(
            night: plan.night, number: number, slot: transfer.slot, isFromOrigin: origin != nil,
            source: origin.map { names.origins[Int($0)] }
                ?? names.devices[Int(transfer.source.raw)],
            destination: names.devices[Int(transfer.destination)], piece: piece,
            rateKbps: plan.night.kbps(toMove: piece.bytes), initiator: transfer.initiator)
    }

    private func shown(_ outcome: Outcome) -> ShownOutcome {
        let item = outcome.item >= 0 ? Int(outcome.item) : nil
        return ShownOutcome(
            night: plan.night, device: names.devices[Int(outcome.device)],
            title: names.titles[Int(outcome.title)], version: item.map { names.items[$0].version },
            item: item.map { keys[$0] }, outcome: outcome)
    }

    /// By position of the device.
    private func loads() -> [DeviceLoad] {
        var loads = names.devices.map { DeviceLoad(night: plan.night, device: $0) }
        for outcome in plan.outcomes { loads[Int(outcome.device)].add(outcome) }
        for transfer in plan.transfers {
            let bytes = layouts[Int(transfer.item)].bytes(in: transfer.chunks)
            let isFromOrigin = transfer.source.origin != nil
            loads[Int(transfer.destination)].receive(
                bytes, in: transfer.slot, fromOrigin: isFromOrigin)
            if let source = transfer.source.device {
                loads[Int(source)].send(bytes, in: transfer.slot)
            }
        }
        for removal in plan.removals {
            loads[Int(removal.device)].removedBytes += layouts[Int(removal.item)]
                .bytes(in: removal.chunks)
        }
        return loads
    }
}
