import CanonicalJSON
import Catalogue
import Fleet
import Quantities
import Schedule

// From a plan to a manifest's bytes at once.
//
// Problem: a draft of structures and texts takes longer than all the hashing and signing of it.
// Idea: a manifest is a text with gaps. What all have in common, and what is said of each item,
// is printed once; a device's part is gathered as positions in the plan, the fleet and the
// catalogue, and printed into the gaps.
// Invariants: the bytes are those of the draft (``ManifestIndex/draft(forDevice:)``), which tests
// compare; so the order of members, items, ends and rows is that of the canonical form.
// Cost: linear in the bytes, and a token for each end.

/// Writes the manifest of any device of a publication.
package struct ManifestPrinter: Sendable {
    let index: ManifestIndex
    private let items: ItemTexts
    private let form: ManifestForm

    /// Works out what manifests have in common: linear in the items and what is moved and removed.
    package init(_ index: ManifestIndex) {
        self.index = index
        var isNamed = [Bool](repeating: false, count: index.catalogue.items.count)
        for transfer in index.plan.transfers { isNamed[Int(transfer.item)] = true }
        for removal in index.plan.removals { isNamed[Int(removal.item)] = true }
        items = ItemTexts(index.catalogue, index.keys, isNamed: isNamed)
        form = ManifestForm(index)
    }

    /// What the signature of a device's manifest binds to it.
    package func trustedComment(forDevice device: Int32) -> String {
        form.commentHead + ManifestNames.escaped(index.fleet.devices[Int(device)].id)
            + form.commentTail
    }

    /// Writes the manifest of the device at position `device` onto `sheet`, in place of what stood
    /// there.
    package func write(_ device: Int32, on sheet: inout ManifestSheet) {
        sheet.clear()
        gather(device, &sheet)
        // The fall-backs' ends come after all others, by item.
        let fallbacks = sheet.items.map { item in
            entry(device, item).map { self.fallbacks($0, &sheet) }
        }
        sheet.text(form.begin)
        printCaps(&sheet)
        sheet.text("},\"device\":")
        sheet.bytes.append(quoted: index.fleet.devices[Int(device)].id)
        sheet.text(",\"ends\":[")
        printEnds(of: device, &sheet)
        sheet.text(form.beforeFetch)
        printRows(sheet.fetch, &sheet)
        sheet.text(form.beforeItems)
        printItems(of: device, fallbacks, &sheet)
        sheet.text(form.beforeRates)
        printRates(of: device, &sheet)
        sheet.text("},\"remove\":[")
        printRemovals(of: device, &sheet)
        sheet.text(form.beforeServe)
        printRows(sheet.serve, &sheet)
        sheet.text(form.beforeStandby)
        for (position, entry) in sheet.standby.enumerated() {
            sheet.separate(position)
            sheet.row(
                sheet.place(ofItem: entry.item), Int64(sheet.askers[position]), entry.bytes)
        }
        sheet.text(form.beforeWindow)
        printWindow(of: device, &sheet)
        sheet.text("]}")
    }
}

// Gathering

extension ManifestPrinter {
    private func gather(_ device: Int32, _ sheet: inout ManifestSheet) {
        let transfers = index.plan.transfers
        for row in index.incoming[device] {
            let transfer = transfers[Int(row)]
            sheet.name(transfer.item)
            let isAsked = transfer.source.origin != nil || transfer.initiator == .destination
            let end = sheet.place(
                of: .init(source: transfer.source, use: .source, connects: isAsked))
            sheet.fetch.append(.init(transfer: row, end: end))
        }
        for row in index.outgoing[device] {
            let transfer = transfers[Int(row)]
            sheet.name(transfer.item)
            let end = sheet.place(
                of: .init(
                    source: .device(transfer.destination), use: .destination,
                    connects: transfer.initiator == .source))
            sheet.serve.append(.init(transfer: row, end: end))
        }
        for row in index.removals[device] { sheet.name(index.plan.removals[Int(row)].item) }
        sheet.standby = index.standbyEntries(of: device)
        for entry in sheet.standby {
            sheet.name(entry.item)
            let end = ManifestSheet.End(
                source: .device(entry.device), use: .asker(entry.item), connects: false)
            sheet.askers.append(sheet.place(of: end))
        }
        sheet.settle(items.ranks)
    }

    /// The position in `fetched.entries` of what a device fetches of an item; nil: nothing.
    private func entry(_ device: Int32, _ item: Int32) -> Int32? {
        let fetched = index.peers.fetched
        return fetched.entries(ofDevice: device).first { fetched.entries[Int($0)].item == item }
    }

    private func fallbacks(_ entry: Int32, _ sheet: inout ManifestSheet) -> [Int32] {
        let fetched = index.peers.fetched.entries[Int(entry)]
        var places: [Int32] = []
        for peer in index.peers.peers(ofEntry: entry) {
            places.append(
                sheet.place(
                    of: .init(
                        source: .device(peer), use: .fallback(fetched.item), connects: true)))
        }
        let site = index.fleet.devices[Int(fetched.device)].site
        for origin in index.origins.origins(forSite: site).prefix(Int(index.header.maxFallbacks)) {
            places.append(
                sheet.place(of: .init(source: .origin(origin), use: .source, connects: true)))
        }
        return places
    }
}

// Printing

extension ManifestPrinter {
    private func printEnds(of device: Int32, _ sheet: inout ManifestSheet) {
        for position in sheet.ends.indices {
            let end = sheet.ends[position]
            sheet.separate(position)
            if let origin = end.source.origin {
                sheet.text(form.origins[Int(origin)])
            } else {
                write(end, device, &sheet)
            }
        }
    }

    private func write(_ end: ManifestSheet.End, _ device: Int32, _ sheet: inout ManifestSheet) {
        let other = index.fleet.devices[Int(end.source.raw)]
        let own = index.fleet.devices[Int(device)].id
        sheet.text("{")
        if end.connects {
            sheet.text("\"address\":")
            let isKnown = index.hasAddress[Int(end.source.raw)]
            sheet.bytes.append(quoted: isKnown ? other.address : "")
            sheet.text(",")
        }
        sheet.text("\"id\":")
        sheet.bytes.append(quoted: other.id)
        if !other.publicKey.isEmpty {
            sheet.text(",\"public_key\":")
            sheet.bytes.append(quoted: other.publicKey)
        }
        sheet.text(",\"token\":\"")
        switch end.use {
        case .source: index.tokens.append(source: other.id, destination: own, to: &sheet.bytes)
        case .destination:
            index.tokens.append(source: own, destination: other.id, to: &sheet.bytes)
        case .fallback(let item):
            index.tokens.append(
                source: other.id, destination: own, item: index.keys.keys[Int(item)],
                to: &sheet.bytes)
        case .asker(let item):
            index.tokens.append(
                source: own, destination: other.id, item: index.keys.keys[Int(item)],
                to: &sheet.bytes)
        }
        sheet.text("\"}")
    }

    private func printRows(_ rows: [ManifestSheet.Row], _ sheet: inout ManifestSheet) {
        for (position, row) in rows.enumerated() {
            let transfer = index.plan.transfers[Int(row.transfer)]
            sheet.separate(position)
            sheet.row(
                Int64(transfer.slot), sheet.place(ofItem: transfer.item), Int64(row.end),
                Int64(transfer.chunks.lowerBound), Int64(transfer.chunks.upperBound - 1),
                index.plan.night.kbps(toMove: bytes(transfer)))
        }
    }

    private func bytes(_ transfer: Transfer) -> Int64 {
        index.keys.layouts[Int(transfer.item)].bytes(in: transfer.chunks)
    }

    private func printItems(
        of device: Int32, _ fallbacks: [[Int32]?], _ sheet: inout ManifestSheet
    ) {
        let completed = index.completed[device].map { index.plan.outcomes[Int($0)].item }
        for (position, item) in sheet.items.enumerated() {
            sheet.separate(position)
            guard let fallbacks = fallbacks[position] else {
                items.append(item, completes: completed.contains(item), to: &sheet.bytes)
                continue
            }
            items.append(
                item, fallbacks: fallbacks, completes: completed.contains(item),
                isWish: index.isWished(item, by: device), to: &sheet.bytes)
        }
    }

    private func printRates(of device: Int32, _ sheet: inout ManifestSheet) {
        let box = index.fleet.devices[Int(device)]
        sheet.bytes.append(decimal: box.downKbps)
        sheet.text(",\"up_kbps\":")
        sheet.bytes.append(decimal: box.upKbps)
    }

    private func printRemovals(of device: Int32, _ sheet: inout ManifestSheet) {
        for (position, row) in index.removals[device].enumerated() {
            let removal = index.plan.removals[Int(row)]
            sheet.separate(position)
            sheet.row(
                Int64(removal.slot), sheet.place(ofItem: removal.item),
                Int64(removal.chunks.lowerBound), Int64(removal.chunks.upperBound - 1))
        }
    }

    private func printWindow(of device: Int32, _ sheet: inout ManifestSheet) {
        for (position, span) in index.windows[device].enumerated() {
            sheet.separate(position)
            sheet.text("{\"ends\":\"")
            sheet.bytes.append(instant: span.ends)
            sheet.text("\",\"starts\":\"")
            sheet.bytes.append(instant: span.starts)
            sheet.text("\"}")
        }
    }

    private func printCaps(_ sheet: inout ManifestSheet) {
        let caps = index.caps(
            fetch: total(sheet.fetch), serve: total(sheet.serve),
            standby: sheet.standby.reduce(0) { $0 + $1.bytes })
        sheet.bytes.append(decimal: caps.fallbackBytes)
        sheet.text(",\"fetch_bytes\":")
        sheet.bytes.append(decimal: caps.fetchBytes)
        sheet.text(",\"reserve_bytes\":")
        sheet.bytes.append(decimal: caps.reserveBytes)
        sheet.text(",\"serve_bytes\":")
        sheet.bytes.append(decimal: caps.serveBytes)
    }

    private func total(_ rows: [ManifestSheet.Row]) -> ManifestIndex.Moved {
        var moved = ManifestIndex.Moved()
        for row in rows {
            let transfer = index.plan.transfers[Int(row.transfer)]
            moved.add(bytes(transfer), index.catalogue.items[Int(transfer.item)].chunkBytes)
        }
        return moved
    }
}
