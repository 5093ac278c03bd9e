import Catalogue
import Fleet
import Quantities
import Schedule

// What is moved and removed, and what caps follow.

extension ManifestIndex {
    /// Whether an item counts in the wish area of a device.
    func isWished(_ item: Int32, by device: Int32) -> Bool {
        let title = catalogue.items[Int(item)].title
        return catalogue.titles[Int(title)].currentItem == item
            && fleet.wishes(of: Int(device)).contains { fleet.wishes[$0].title == title }
    }

    func fetch(_ row: Int, _ items: inout ItemTable) -> ManifestContent.Fetch {
        let transfer = plan.transfers[row]
        let isWished = isWished(transfer.item, by: transfer.destination)
        let connects = transfer.initiator == .destination
        let piece = items.piece(transfer.item, transfer.chunks)
        var source = end(transfer.source, connects: connects)
        source.token = token(transfer)
        return ManifestContent.Fetch(
            piece: piece, movement: movement(transfer, piece, with: source, connects),
            source: source, area: isWished ? .wish : .cache)
    }

    func serve(_ row: Int, _ items: inout ItemTable) -> ManifestContent.Serve {
        let transfer = plan.transfers[row]
        let connects = transfer.initiator == .source
        let piece = items.piece(transfer.item, transfer.chunks)
        var destination = end(.device(transfer.destination), connects: connects)
        destination.token = token(transfer)
        return ManifestContent.Serve(
            piece: piece, movement: movement(transfer, piece, with: destination, connects),
            destination: destination)
    }

    func remove(_ removal: Removal, _ items: inout ItemTable) -> ManifestContent.Remove {
        ManifestContent.Remove(
            piece: items.piece(removal.item, removal.chunks),
            at: plan.night.start(ofSlot: removal.slot))
    }

    private func movement(
        _ transfer: Transfer, _ piece: ManifestContent.Piece, with end: ManifestContent.End,
        _ connects: Bool
    ) -> ManifestContent.Movement {
        let starts = plan.night.start(ofSlot: transfer.slot)
        return ManifestContent.Movement(
            span: .init(starts: starts, ends: plan.night.start(ofSlot: transfer.slot + 1)),
            rateKbps: plan.night.kbps(toMove: piece.bytes), role: connects ? .connect : .listen,
            token: end.token(for: piece, at: starts))
    }

    /// What the two ends share; origins ask for none.
    private func token(_ transfer: Transfer) -> String {
        guard let source = transfer.source.device else { return "" }
        return tokens.token(
            source: fleet.devices[Int(source)].id,
            destination: fleet.devices[Int(transfer.destination)].id)
    }

    /// A device's address is given only to who connects to it.
    func end(_ source: Source, connects: Bool) -> ManifestContent.End {
        if let origin = source.origin { return originEnds[Int(origin)] }
        let device = fleet.devices[Int(source.raw)]
        let isKnown = connects && hasAddress[Int(source.raw)]
        return ManifestContent.End(
            kind: .device, id: device.id, address: isKnown ? device.address : "",
            publicKey: device.publicKey)
    }

    /// What others may ask of it as a fall-back is added to what it may send.
    func caps(_ content: ManifestContent, _ items: ItemTable) -> ManifestContent.Caps {
        func moved(_ pieces: [ManifestContent.Piece]) -> Moved {
            var moved = Moved()
            for piece in pieces { moved.add(piece.bytes, items.chunkBytes(ofKey: piece.item)) }
            return moved
        }
        return caps(
            fetch: moved(content.fetch.map(\.piece)), serve: moved(content.serve.map(\.piece)),
            standby: content.standby.reduce(0) { $0 + $1.bytes })
    }

    /// What is moved in one direction: its bytes, and the largest chunk among it.
    struct Moved {
        private(set) var bytes: Int64 = 0
        private var chunkBytes: Int64 = 0

        mutating func add(_ bytes: Int64, _ chunkBytes: Int64) {
            self.bytes += bytes
            self.chunkBytes = max(self.chunkBytes, chunkBytes)
        }

        /// With some percent to spare, or a chunk.
        func cap(sparePercent: Int32) -> Int64 {
            bytes + max(bytes.percent(sparePercent), chunkBytes)
        }
    }

    func caps(fetch: Moved, serve: Moved, standby: Int64) -> ManifestContent.Caps {
        let fallback = fetch.bytes.percent(header.fallbackPercent)
        return ManifestContent.Caps(
            fetchBytes: fetch.cap(sparePercent: header.sparePercent), fallbackBytes: fallback,
            reserveBytes: min(fallback, fetch.bytes.percent(header.originReservePercent)),
            serveBytes: serve.cap(sparePercent: header.sparePercent) + standby)
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
