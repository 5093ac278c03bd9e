package import Catalogue
package import Fleet
package import Quantities
package import Schedule

// From a plan to one manifest for each device.
//
// Problem: a plan lists transfers by slot; a device wants its own, in and out.
// Idea: sort positions of transfers by destination and by source once, and do
// the same for removals; then each device's manifest costs what it says, and
// any number of threads may each take a range of devices.
// Cost: O(transfers + removals + devices + sites · origins), then per manifest
// linear in its size. The plan must keep the model's rules; the audit has seen
// to that before anything is published.

/// A plan, prepared so that the manifest of any device can be drawn up by itself.
package struct ManifestIndex: Sendable {
    let plan: Plan
    let catalogue: Catalogue
    let fleet: Fleet
    let header: ManifestHeader
    private let incoming: DeviceGroups
    private let outgoing: DeviceGroups
    private let removals: DeviceGroups
    private let completed: DeviceGroups
    private let fallbacks: FallbackOrigins
    private let windows: DeviceWindows
    private let keys: ItemKeys

    /// Sorts the plan by device once. O(transfers + devices).
    package init(plan: Plan, catalogue: Catalogue, fleet: Fleet, header: ManifestHeader) {
        let devices = fleet.devices.count
        self.plan = plan
        self.catalogue = catalogue
        self.fleet = fleet
        self.header = header
        incoming = DeviceGroups(devices: devices, count: plan.transfers.count) {
            plan.transfers[$0].destination
        }
        outgoing = DeviceGroups(devices: devices, count: plan.transfers.count) {
            plan.transfers[$0].source.device
        }
        removals = DeviceGroups(devices: devices, count: plan.removals.count) {
            plan.removals[$0].device
        }
        completed = DeviceGroups(devices: devices, count: plan.outcomes.count) {
            plan.outcomes[$0].cause == nil ? plan.outcomes[$0].device : nil
        }
        fallbacks = FallbackOrigins(fleet)
        windows = DeviceWindows(fleet: fleet, night: plan.night)
        keys = ItemKeys(catalogue)
    }

    /// Positions of the devices that get a manifest: every active one, so that none that came
    /// differs from one that has nothing to do.
    package var devices: [Int32] {
        fleet.devices.indices.filter { fleet.devices[$0].state == .active }.map(Int32.init)
    }

    /// The manifest of the device at position `device`. Linear in what it says.
    package func draft(forDevice device: Int32) -> ManifestDraft {
        var content = ManifestContent(
            fleet: header.fleet, device: fleet.devices[Int(device)].id, night: plan.night.date,
            sequence: header.sequence, plan: header.plan, issued: header.issued,
            notBefore: header.notBefore, expires: header.expires,
            slotSeconds: plan.night.slotSeconds, window: windows[device])
        var items = ItemTable(
            catalogue: catalogue, keys: keys,
            completed: completed[device].map { plan.outcomes[Int($0)].item })
        let wished = Set(fleet.wishes(of: Int(device)).map { fleet.wishes[$0].title })
        content.fetch = incoming[device].map { row in
            fetch(Int(row), to: device, wished: wished, &items)
        }
        content.serve = outgoing[device].map { serve(Int($0), &items) }
        content.remove = removals[device].map { remove(plan.removals[Int($0)], &items) }
        content.items = items.sorted
        content.caps = caps(content, items)
        return ManifestDraft(content: content)
    }
}

// Actions

extension ManifestIndex {
    private func fetch(
        _ row: Int, to device: Int32, wished: Set<Int32>, _ items: inout ItemTable
    ) -> ManifestContent.Fetch {
        let transfer = plan.transfers[row]
        let title = catalogue.items[Int(transfer.item)].title
        let isWished =
            wished.contains(title) && catalogue.titles[Int(title)].currentItem == transfer.item
        let connects = transfer.initiator == .destination
        let piece = items.piece(transfer.item, transfer.chunks)
        return ManifestContent.Fetch(
            piece: piece, movement: movement(row, connects, piece.bytes),
            source: end(transfer.source, connects: connects), area: isWished ? .wish : .cache,
            fallbacks: fallbackEnds(of: device, beside: transfer.source))
    }

    private func serve(_ row: Int, _ items: inout ItemTable) -> ManifestContent.Serve {
        let transfer = plan.transfers[row]
        let connects = transfer.initiator == .source
        let piece = items.piece(transfer.item, transfer.chunks)
        return ManifestContent.Serve(
            piece: piece, movement: movement(row, connects, piece.bytes),
            destination: end(.device(transfer.destination), connects: connects))
    }

    private func remove(_ removal: Removal, _ items: inout ItemTable) -> ManifestContent.Remove {
        ManifestContent.Remove(
            piece: items.piece(removal.item, removal.chunks),
            at: plan.night.start(ofSlot: removal.slot))
    }

    private func movement(_ row: Int, _ connects: Bool, _ bytes: Int64)
        -> ManifestContent.Movement
    {
        let slot = plan.transfers[row].slot
        return ManifestContent.Movement(
            transfer: Int64(row),
            span: .init(
                starts: plan.night.start(ofSlot: slot), ends: plan.night.start(ofSlot: slot + 1)),
            rateKbps: plan.night.kbps(toMove: bytes), role: connects ? .connect : .listen)
    }

    /// A device's address is given only to who connects to it.
    private func end(_ source: Source, connects: Bool) -> ManifestContent.End {
        if let origin = source.origin { return originEnd(origin) }
        let device = fleet.devices[Int(source.raw)]
        return ManifestContent.End(
            kind: .device, id: device.id, address: connects ? device.address : "",
            publicKey: device.publicKey)
    }

    private func originEnd(_ origin: Int32) -> ManifestContent.End {
        var url = fleet.origins[Int(origin)].baseURL[...]
        while url.utf8.last == UInt8(ascii: "/") { url.removeLast() }
        return ManifestContent.End(
            kind: .origin, id: fleet.origins[Int(origin)].id, address: String(url))
    }

    private func fallbackEnds(of device: Int32, beside source: Source) -> [ManifestContent.End] {
        fallbacks.origins(forSite: fleet.devices[Int(device)].site)
            .filter { Source.origin($0) != source }.prefix(Int(header.maxFallbacks))
            .map(originEnd)
    }

    private func caps(_ content: ManifestContent, _ items: ItemTable) -> ManifestContent.Caps {
        func capped(_ pieces: [ManifestContent.Piece]) -> (planned: Int64, cap: Int64) {
            let planned = pieces.reduce(0) { $0 + $1.bytes }
            let chunk = pieces.map { items.chunkBytes(ofKey: $0.item) }.max() ?? 0
            return (planned, planned + max(planned.percent(header.sparePercent), chunk))
        }
        let fetch = capped(content.fetch.map(\.piece))
        return ManifestContent.Caps(
            fetchBytes: fetch.cap, fallbackBytes: fetch.planned.percent(header.fallbackPercent),
            serveBytes: capped(content.serve.map(\.piece)).cap)
    }
}

extension Int64 {
    /// That many hundredths of it, rounded down; the number must not be negative.
    fileprivate func percent(_ percent: Int32) -> Int64 {
        self / 100 * Int64(percent) + self % 100 * Int64(percent) / 100
    }
}

extension Night {
    /// The least rate that moves `bytes` in one slot, in kbps; at least 1.
    package func kbps(toMove bytes: Int64) -> Int64 {
        let bytesPerKbps = 125 * Int64(slotSeconds)
        return Swift.max(1, (bytes + bytesPerKbps - 1) / bytesPerKbps)
    }
}
