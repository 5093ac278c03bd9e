import CanonicalJSON
import Catalogue
import Quantities

// What is received, sent, kept ready and removed: rows that name items, ends and slots by number.

/// What the rows of a manifest refer to.
struct RowReading {
    let items: [ManifestItem]
    /// Of each item.
    let layouts: [ChunkLayout]
    /// Of each item: the area of what is fetched of it.
    let areas: [ManifestContent.Fetch.Area]
    let ends: EndList
    let starts: Instant
    let slotSeconds: Int64

    func fetch(_ row: NumberRow) throws(MemberFault) -> ManifestContent.Fetch {
        let entry = try ends.entry(row[2], row)
        guard try !item(row[1], row).path.isEmpty else {
            throw row.refusal("fetches an item without a path")
        }
        let piece = try piece(row, item: row[1], row[3], row[4])
        return ManifestContent.Fetch(
            piece: piece, movement: try movement(row, of: piece, with: entry), source: entry.end,
            area: areas[Int(row[1])])
    }

    func serve(_ row: NumberRow) throws(MemberFault) -> ManifestContent.Serve {
        let entry = try device(row[2], row)
        let piece = try piece(row, item: row[1], row[3], row[4])
        return ManifestContent.Serve(
            piece: piece, movement: try movement(row, of: piece, with: entry),
            destination: entry.end)
    }

    /// The other end connects.
    func standby(_ row: NumberRow) throws(MemberFault) -> ManifestContent.Standby {
        let entry = try device(row[1], row)
        guard !entry.connects else { throw row.refusal("is told where its asker is") }
        guard row[2] > 0 else { throw row.refusal("allows no bytes") }
        var destination = entry.end
        destination.token = ""
        return ManifestContent.Standby(
            item: try item(row[0], row).key, destination: destination, token: entry.end.token,
            bytes: row[2])
    }

    func remove(_ row: NumberRow) throws(MemberFault) -> ManifestContent.Remove {
        ManifestContent.Remove(
            piece: try piece(row, item: row[1], row[2], row[3]), at: try start(ofSlot: row[0], row))
    }

    /// An end to ask when a source fails: it must be possible to connect to it.
    func fallback(_ place: Int64, _ row: NumberRow) throws(MemberFault) -> ManifestContent.End {
        let entry = try ends.entry(place, row)
        guard entry.end.kind == .origin || !entry.end.address.isEmpty else {
            throw row.refusal("names a device without an address")
        }
        return entry.end
    }

    private func device(_ place: Int64, _ row: NumberRow) throws(MemberFault)
        -> ManifestEnds.Entry
    {
        let entry = try ends.entry(place, row)
        guard entry.end.kind == .device else { throw row.refusal("has an origin as its asker") }
        return entry
    }

    private func item(_ place: Int64, _ row: NumberRow) throws(MemberFault) -> ManifestItem {
        guard place < items.count else { throw row.refusal("names an item that isn't listed") }
        return items[Int(place)]
    }

    private func movement(
        _ row: NumberRow, of piece: ManifestContent.Piece, with entry: ManifestEnds.Entry
    ) throws(MemberFault) -> ManifestContent.Movement {
        let slots = row.numbers.count > 6 ? row[6] : 1
        guard slots > 0, slots <= ManifestContent.mostSlots else {
            throw row.refusal("lasts no slot, or too many")
        }
        guard row[5] > 0 else { throw row.refusal("has no rate") }
        let starts = try start(ofSlot: row[0], row)
        return ManifestContent.Movement(
            span: .init(starts: starts, ends: try start(ofSlot: row[0] + slots, row)),
            rateKbps: row[5], role: entry.connects ? .connect : .listen,
            token: entry.end.token(for: piece, at: starts))
    }

    private func start(ofSlot slot: Int64, _ row: NumberRow) throws(MemberFault) -> Instant {
        guard slot <= 2 * ManifestContent.mostSlots else { throw row.refusal("is too far ahead") }
        return starts.advanced(bySeconds: slot * slotSeconds)
    }

    private func piece(
        _ row: NumberRow, item place: Int64, _ first: Int64, _ last: Int64
    ) throws(MemberFault) -> ManifestContent.Piece {
        let item = try item(place, row)
        let layout = layouts[Int(place)]
        guard first <= last, last < Int64(layout.count) else {
            throw row.refusal("names chunks that the item doesn't have")
        }
        let chunks = Int32(first)..<Int32(last) + 1
        return ManifestContent.Piece(
            item: item.key, chunks: ClosedRange(chunks),
            offset: layout.offset(ofChunk: chunks.lowerBound), bytes: layout.bytes(in: chunks))
    }
}
