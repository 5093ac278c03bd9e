import CanonicalJSON
import Catalogue
import Quantities

// How a manifest's content is written: members ascend by their names, items and ends are listed
// once and named by their places.

extension CanonicalWriter {
    mutating func value(_ content: ManifestContent) {
        var places = ManifestPlaces(content)
        object { writer in
            if content.aheadSeconds > 0 { writer.member("ahead_seconds", content.aheadSeconds) }
            writer.member("caps", object: { $0.members(content.caps) })
            writer.member("device", content.device)
            writer.member("ends", array: places.ends.entries) { $0.value($1) }
            writer.member("expires", content.expires)
            writer.member("fetch", array: content.fetch) { writer, fetch in
                let end = places.ends.number(of: fetch)
                writer.row(fetch.piece, fetch.movement, end, places)
            }
            writer.member("fleet", content.fleet)
            writer.member("issued", content.issued)
            writer.items(content, &places)
            writer.member("night", content.night.description)
            writer.member("not_before", content.notBefore)
            if let patience = content.originPatienceSeconds {
                writer.member("origin_patience_seconds", patience)
            }
            writer.member("plan", content.plan.hex)
            writer.member("rates", object: { $0.members(content.rates) })
            writer.member("remove", array: content.remove) { $0.row($1, places) }
            writer.member("schema", ManifestContent.schema)
            writer.member("sequence", content.sequence)
            writer.member("serve", array: content.serve) { writer, serve in
                let end = places.ends.number(of: serve)
                writer.row(serve.piece, serve.movement, end, places)
            }
            writer.member("slot_seconds", content.slotSeconds)
            writer.member("standby", array: content.standby) { writer, standby in
                let end = places.ends.number(of: standby)
                writer.row([places.item(standby.item), end, standby.bytes])
            }
            writer.member("starts", content.starts)
            writer.member("version", "\(ManifestContent.major).\(content.minor)")
            writer.member("window", array: content.window) { writer, span in
                writer.object { writer in
                    writer.member("ends", span.ends)
                    writer.member("starts", span.starts)
                }
            }
        }
    }

    private mutating func members(_ caps: ManifestContent.Caps) {
        member("fallback_bytes", caps.fallbackBytes)
        member("fetch_bytes", caps.fetchBytes)
        member("reserve_bytes", caps.reserveBytes)
        member("serve_bytes", caps.serveBytes)
    }

    private mutating func members(_ rates: ManifestContent.Rates) {
        member("down_kbps", rates.downKbps)
        member("up_kbps", rates.upKbps)
    }

    private mutating func items(_ content: ManifestContent, _ places: inout ManifestPlaces) {
        name("items")
        array(content.items) { writer, item in
            let fallbacks = item.fallbacks.map { places.ends.number(of: $0) }
            writer.object { writer in
                if item.completes { writer.member("completes", true) }
                writer.name("cut")
                writer.row([item.chunkBytes] + item.fileBytes)
                if !fallbacks.isEmpty {
                    writer.name("fallbacks")
                    writer.row(fallbacks)
                }
                if let index = item.index { writer.member("index", index.hex) }
                writer.member("key", item.key)
                if !item.name.isEmpty { writer.member("name", item.name) }
                if !item.path.isEmpty { writer.member("path", item.path) }
                if !item.keyTellsTitle { writer.member("title", item.title) }
                if !item.keyTellsTitle { writer.member("version", item.version) }
                if places.isWish(item.key) { writer.member("wish", true) }
            }
        }
    }

    /// An origin states its `base_url`; a device its `address`, if this device connects to it, and
    /// its `public_key` where one is known.
    private mutating func value(_ entry: ManifestEnds.Entry) {
        let end = entry.end
        object { writer in
            if end.kind == .device, entry.connects { writer.member("address", end.address) }
            if end.kind == .origin { writer.member("base_url", end.address) }
            writer.member("id", end.id)
            if !end.publicKey.isEmpty { writer.member("public_key", end.publicKey) }
            if !end.token.isEmpty { writer.member("token", end.token) }
        }
    }

    /// The last number, how many slots it lasts, is left out where it is one.
    private mutating func row(
        _ piece: ManifestContent.Piece, _ movement: ManifestContent.Movement, _ end: Int64,
        _ places: ManifestPlaces
    ) {
        let slot = places.slot(movement.span.starts)
        let slots = places.slot(movement.span.ends) - slot
        let numbers = [
            slot, places.item(piece.item), end, Int64(piece.chunks.lowerBound),
            Int64(piece.chunks.upperBound), movement.rateKbps,
        ]
        row(slots == 1 ? numbers : numbers + [slots])
    }

    private mutating func row(_ remove: ManifestContent.Remove, _ places: ManifestPlaces) {
        row([
            places.slot(remove.at), places.item(remove.piece.item),
            Int64(remove.piece.chunks.lowerBound), Int64(remove.piece.chunks.upperBound),
        ])
    }

    private mutating func row(_ numbers: [Int64]) { array(numbers) { $0.value($1) } }
}

/// What the rows of a manifest name by number.
struct ManifestPlaces {
    var ends: ManifestEnds
    private let items: [String: Int64]
    private let wishes: Set<String>
    private let starts: Instant
    private let slotSeconds: Int64

    /// The items must have names as keys, ascend by them, and be all that the rows name; times must
    /// be whole slots from the start; the pieces of an item must all be of one area; movements must
    /// have the tokens that follow from their ends.
    init(_ content: ManifestContent) {
        precondition(
            zip(content.items, content.items.dropFirst()).allSatisfy { $0.key < $1.key }
                && content.items.allSatisfy { ManifestNames.isName($0.key) },
            "the items of a manifest have names as keys and ascend by them")
        ends = ManifestEnds(content)
        items = Dictionary(
            uniqueKeysWithValues: content.items.enumerated().map { ($1.key, Int64($0)) })
        let wishes = Set(content.fetch.filter { $0.area == .wish }.map(\.piece.item))
        precondition(
            content.fetch.allSatisfy { ($0.area == .wish) == wishes.contains($0.piece.item) },
            "an item's pieces are of one area")
        precondition(
            content.fetch.allSatisfy { $0.movement.isTokened($0.piece, $0.source) }
                && content.serve.allSatisfy { $0.movement.isTokened($0.piece, $0.destination) },
            "a movement's token follows from its other end")
        self.wishes = wishes
        starts = content.starts
        slotSeconds = Int64(content.slotSeconds)
    }

    func isWish(_ key: String) -> Bool { wishes.contains(key) }

    func item(_ key: String) -> Int64 {
        guard let number = items[key] else { preconditionFailure("an item that isn't described") }
        return number
    }

    func slot(_ instant: Instant) -> Int64 {
        let (slot, rest) = (instant.seconds - starts.seconds).quotientAndRemainder(
            dividingBy: slotSeconds)
        precondition(slot >= 0 && rest == 0, "what a manifest says begins with a slot")
        return slot
    }
}

extension ManifestContent.Movement {
    fileprivate func isTokened(_ piece: ManifestContent.Piece, _ end: ManifestContent.End) -> Bool {
        token == end.token(for: piece, at: span.starts)
    }
}
