import Catalogue
import Fleet
import Quantities
import Schedule

// What is moved and removed, and what caps follow.

extension ManifestIndex {
    func fetch(_ row: Int, wished: Set<Int32>, _ items: inout ItemTable) -> ManifestContent.Fetch {
        let transfer = plan.transfers[row]
        let title = catalogue.items[Int(transfer.item)].title
        let isWished =
            wished.contains(title) && catalogue.titles[Int(title)].currentItem == transfer.item
        let connects = transfer.initiator == .destination
        let piece = items.piece(transfer.item, transfer.chunks)
        return ManifestContent.Fetch(
            piece: piece, movement: movement(row, connects, piece.bytes),
            source: end(transfer.source, connects: connects), area: isWished ? .wish : .cache)
    }

    func serve(_ row: Int, _ items: inout ItemTable) -> ManifestContent.Serve {
        let transfer = plan.transfers[row]
        let connects = transfer.initiator == .source
        let piece = items.piece(transfer.item, transfer.chunks)
        return ManifestContent.Serve(
            piece: piece, movement: movement(row, connects, piece.bytes),
            destination: end(.device(transfer.destination), connects: connects))
    }

    func remove(_ removal: Removal, _ items: inout ItemTable) -> ManifestContent.Remove {
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
            rateKbps: plan.night.kbps(toMove: bytes), role: connects ? .connect : .listen,
            token: token(plan.transfers[row]))
    }

    /// Origins ask for none.
    private func token(_ transfer: Transfer) -> String {
        guard let source = transfer.source.device else { return "" }
        return tokens.token(
            source: fleet.devices[Int(source)].id,
            destination: fleet.devices[Int(transfer.destination)].id,
            item: keys.keys[Int(transfer.item)], part: (transfer.chunks, transfer.slot))
    }

    /// A device's address is given only to who connects to it.
    func end(_ source: Source, connects: Bool) -> ManifestContent.End {
        if let origin = source.origin { return originEnds[Int(origin)] }
        let device = fleet.devices[Int(source.raw)]
        let isKnown =
            connects && !device.address.isEmpty && ManifestNames.isAddress(device.address)
        return ManifestContent.End(
            kind: .device, id: device.id, address: isKnown ? device.address : "",
            publicKey: device.publicKey)
    }

    /// What others may ask of it as a fall-back is added to what it may send.
    func caps(_ content: ManifestContent, _ items: ItemTable) -> ManifestContent.Caps {
        func capped(_ pieces: [ManifestContent.Piece]) -> (planned: Int64, cap: Int64) {
            let planned = pieces.reduce(0) { $0 + $1.bytes }
            let chunk = pieces.map { items.chunkBytes(ofKey: $0.item) }.max() ?? 0
            return (planned, planned + max(planned.percent(header.sparePercent), chunk))
        }
        let fetch = capped(content.fetch.map(\.piece))
        let fallback = fetch.planned.percent(header.fallbackPercent)
        return ManifestContent.Caps(
            fetchBytes: fetch.cap, fallbackBytes: fallback,
            reserveBytes: min(fallback, fetch.planned.percent(header.originReservePercent)),
            serveBytes: capped(content.serve.map(\.piece)).cap
                + content.standby.reduce(0) { $0 + $1.bytes })
    }
}

extension ManifestContent.End {
    /// An origin, its URL without a last slash.
    init(_ origin: Origin) {
        var url = origin.baseURL[...]
        while url.utf8.last == UInt8(ascii: "/") { url.removeLast() }
        self.init(kind: .origin, id: origin.id, address: String(url))
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
