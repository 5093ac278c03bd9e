package import Catalogue
package import Fleet
import Quantities
package import Schedule

// From a plan to one manifest for each device.
//
// Problem: a plan lists transfers by slot; a device wants its own, in and out.
// Idea: sort positions of transfers by destination and by source once, and do
// the same for removals; choose everybody's fall-backs, which both ends must be
// told; then each device's manifest costs what it says, and any number of
// threads may each take a range of devices.
// Cost: O(transfers + removals + devices + holdings + sites · origins) and what
// `FallbackPeers` says, then per manifest linear in its size. The plan must keep
// the model's rules; the audit has seen to that before anything is published.

/// A plan, prepared so that the manifest of any device can be drawn up by itself.
package struct ManifestIndex: Sendable {
    let plan: Plan
    let catalogue: Catalogue
    let fleet: Fleet
    let header: ManifestHeader
    let tokens: NightTokens
    let incoming: RowGroups
    let outgoing: RowGroups
    let removals: RowGroups
    let completed: RowGroups
    let origins: FallbackOrigins
    /// What manifests say of each origin, by position in `Fleet.origins`.
    let originEnds: [ManifestContent.End]
    let peers: FallbackPeers
    let windows: DeviceWindows
    let keys: ItemKeys
    /// Whether others can be told where to connect to a device, by position.
    let hasAddress: [Bool]

    /// Sorts the plan by device once and chooses the fall-backs.
    ///
    /// The transfers' tokens are made with `tokens`: a signing key's, or any for manifests that
    /// nobody will obey.
    package init(
        plan: Plan, catalogue: Catalogue, fleet: Fleet, header: ManifestHeader, tokens: TokenKey
    ) {
        let devices = fleet.devices.count
        self.plan = plan
        self.catalogue = catalogue
        self.fleet = fleet
        self.header = header
        self.tokens = tokens.tokens(fleet: header.fleet, night: plan.night.date)
        incoming = RowGroups(groups: devices, count: plan.transfers.count) {
            plan.transfers[$0].destination
        }
        outgoing = RowGroups(groups: devices, count: plan.transfers.count) {
            plan.transfers[$0].source.device
        }
        removals = RowGroups(groups: devices, count: plan.removals.count) {
            plan.removals[$0].device
        }
        completed = RowGroups(groups: devices, count: plan.outcomes.count) {
            plan.outcomes[$0].cause == nil ? plan.outcomes[$0].device : nil
        }
        origins = FallbackOrigins(fleet)
        originEnds = fleet.origins.map(ManifestContent.End.init)
        var open = plan.night
        open.slotCount += (header.overtimeSeconds + open.slotSeconds - 1) / open.slotSeconds
        windows = DeviceWindows(fleet: fleet, night: open)
        keys = ItemKeys(catalogue)
        hasAddress = fleet.devices.map {
            !$0.address.isEmpty && ManifestNames.isAddress($0.address)
        }
        peers = FallbackPeers(
            plan: plan, catalogue: catalogue, fleet: fleet, header: header, incoming: incoming,
            windows: windows, keys: keys)
    }

    /// Positions of the devices that get a manifest: every active one, so that none that came
    /// differs from one that has nothing to do.
    package var devices: [Int32] {
        fleet.devices.indices.filter { fleet.devices[$0].state == .active }.map(Int32.init)
    }

    /// The manifest of the device at position `device`. Linear in what it says.
    package func draft(forDevice device: Int32) -> ManifestDraft {
        let box = fleet.devices[Int(device)]
        var content = ManifestContent(
            fleet: header.fleet, device: box.id, night: plan.night.date,
            sequence: header.sequence, plan: header.plan, issued: header.issued,
            notBefore: header.notBefore, expires: header.expires,
            slotSeconds: plan.night.slotSeconds, window: windows[device],
            rates: .init(upKbps: box.upKbps, downKbps: box.downKbps),
            aheadSeconds: header.aheadSeconds,
            originPatienceSeconds: header.originPatienceSeconds, starts: plan.night.start)
        var items = ItemTable(
            catalogue: catalogue, keys: keys,
            completed: completed[device].map { plan.outcomes[Int($0)].item })
        content.fetch = incoming[device].map { fetch(Int($0), &items) }
        content.serve = outgoing[device].map { serve(Int($0), &items) }
        content.remove = removals[device].map { remove(plan.removals[Int($0)], &items) }
        content.standby = standby(of: device, &items)
        for entry in peers.fetched.entries(ofDevice: device) {
            items.set(
                fallbacks: fallbacks(ofEntry: entry),
                of: peers.fetched.entries[Int(entry)].item)
        }
        content.items = items.sorted
        content.caps = caps(content, items)
        return ManifestDraft(content: content)
    }
}
