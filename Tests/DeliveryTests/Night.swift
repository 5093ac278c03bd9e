import Catalogue
import Content
import Manifest
import Quantities

@testable import Delivery

/// Makes small manifests: slots are numbered from 0, the window's first second is `Night.start`.
struct Night {
    /// The window opens here, in seconds since the epoch.
    static let start: Int64 = 1_800_000_000

    var slotSeconds: Int32 = 1
    var content: ManifestContent

    init(slotSeconds: Int32 = 1, slots: Int64 = 60, device: String = "me") {
        self.slotSeconds = slotSeconds
        let opens = Instant(seconds: Night.start)
        let closes = Instant(seconds: Night.start + slots * Int64(slotSeconds))
        content = ManifestContent(
            fleet: "f", device: device, night: CivilDate(dayNumber: 20_833), sequence: 1,
            plan: Night.digest("plan", 0), issued: opens,
            notBefore: opens.advanced(bySeconds: -3600),
            expires: closes.advanced(bySeconds: 3600), slotSeconds: slotSeconds,
            window: [.init(starts: opens, ends: closes)],
            caps: .init(
                fetchBytes: 1 << 40, fallbackBytes: 1 << 40, reserveBytes: 1 << 40,
                serveBytes: 1 << 40),
            rates: .init(upKbps: 10_000, downKbps: 50_000))
    }

    /// Stands for the SHA-256 of a chunk: distinct for distinct arguments.
    static func digest(_ content: String, _ chunk: Int32) -> Digest {
        let key = Policy.key("\(content)#\(chunk)")
        let words = (0..<4).map { SplitMix64.mixed(key &+ UInt64($0)) }
        let bytes = words.flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 255) } }
        return Digest(bytes: bytes) ?? sha256([])
    }

    static func device(_ id: String, token: String = "") -> ManifestContent.End {
        .init(kind: .device, id: id, address: "\(id):7000", token: token)
    }

    static let origin = ManifestContent.End(kind: .origin, id: "o", address: "http://o/base")

    /// The index of an item whose last chunk is half a chunk; `alike`: contents by chunk number.
    static func index(
        _ title: String, version: String = "1", chunks: Int32, chunkBytes: Int64 = 100_000,
        alike: (Int32) -> String = { _ in "" }
    ) -> ChunkIndex {
        let bytes = Int64(chunks) * chunkBytes - chunkBytes / 2
        return ChunkIndex(
            title: title, version: version, chunkBytes: chunkBytes,
            files: [
                StoredFile(name: "f", kind: "movie", plainBytes: bytes, storedBytes: bytes)
            ],
            blob: digest(title + version, -1),
            chunks: (0..<chunks).map { chunk in
                let same = alike(chunk)
                return digest(same.isEmpty ? "\(title)@\(version)" : same, chunk)
            })
    }

    /// Names an item in the manifest.
    mutating func add(
        _ index: ChunkIndex, completes: Bool = true, fallbacks: [ManifestContent.End] = []
    ) {
        content.items.append(
            ManifestItem(
                key: ManifestNames.item(title: index.title, version: index.version),
                title: index.title, version: index.version, name: "",
                fileBytes: index.files.map(\.storedBytes), chunkBytes: index.chunkBytes,
                index: index.blob, completes: completes,
                path: "blobs/\(index.title)", fallbacks: fallbacks))
        content.items.sort { $0.key < $1.key }
    }

    func span(_ slot: Int64) -> ManifestContent.Span {
        let starts = Night.start + slot * Int64(slotSeconds)
        return .init(
            starts: Instant(seconds: starts),
            ends: Instant(seconds: starts + Int64(slotSeconds)))
    }

    func piece(_ index: ChunkIndex, _ chunks: ClosedRange<Int32>) -> ManifestContent.Piece {
        let range = chunks.lowerBound..<(chunks.upperBound + 1)
        return .init(
            item: ManifestNames.item(title: index.title, version: index.version), chunks: chunks,
            offset: index.layout.offset(ofChunk: range.lowerBound),
            bytes: index.layout.bytes(in: range))
    }

    func movement(
        _ slot: Int64, _ bytes: Int64, _ role: ManifestContent.Movement.Role, token: String
    ) -> ManifestContent.Movement {
        .init(
            span: span(slot),
            rateKbps: max(
                1, (bytes * 8 + Int64(slotSeconds) * 1000 - 1) / (Int64(slotSeconds) * 1000)),
            role: role, token: token)
    }

    mutating func fetch(
        _ index: ChunkIndex, _ chunks: ClosedRange<Int32>, slot: Int64,
        from source: ManifestContent.End = Night.origin,
        role: ManifestContent.Movement.Role = .connect, token: String = "t",
        area: ManifestContent.Fetch.Area = .wish
    ) {
        let piece = piece(index, chunks)
        content.fetch.append(
            .init(
                piece: piece,
                movement: movement(
                    slot, piece.bytes, role, token: source.kind == .origin ? "" : token),
                source: source, area: area))
    }

    mutating func serve(
        _ index: ChunkIndex, _ chunks: ClosedRange<Int32>, slot: Int64,
        to destination: ManifestContent.End = Night.device("peer"),
        role: ManifestContent.Movement.Role = .listen, token: String = "s"
    ) {
        let piece = piece(index, chunks)
        content.serve.append(
            .init(
                piece: piece, movement: movement(slot, piece.bytes, role, token: token),
                destination: destination))
    }
}

/// A machine, a clock, and what it said last.
struct Bench {
    var delivery: Delivery
    /// Milliseconds since the window opened, on both clocks.
    var nowMs: Int64 = 0
    /// How far the wall clock is ahead.
    var aheadMs: Int64 = 0
    var all: [Action] = []

    init(
        _ night: Night, shelf: [Event.Shelved] = [], freeBytes: Int64 = 1 << 40,
        indexes: [ChunkIndex] = [], atMs: Int64 = 0
    ) {
        delivery = Delivery(content: night.content)
        nowMs = atMs
        tell(.began(shelf: shelf, freeBytes: freeBytes))
        for index in indexes {
            tell(
                .index(item: ManifestNames.item(title: index.title, version: index.version), index))
        }
    }

    @discardableResult
    mutating func tell(_ event: Event, at ms: Int64? = nil) -> [Action] {
        if let ms { nowMs = ms }
        let actions = delivery.handle(
            event, at: Moment(wallMs: Night.start * 1000 + nowMs + aheadMs, steadyMs: nowMs + 5000))
        all += actions
        return actions
    }

    /// The time goes by: it is woken whenever it asked to be.
    @discardableResult
    mutating func wait(until ms: Int64) -> [Action] {
        var said: [Action] = []
        while let wake = delivery.wakeMs, wake - 5000 <= ms, wake - 5000 > nowMs {
            said += tell(.tick, at: wake - 5000)
        }
        nowMs = ms
        return said + tell(.tick)
    }

    /// A whole exchange comes, is right, and is written.
    @discardableResult
    mutating func deliver(
        _ id: IntakeID, _ pull: Action.Pull, _ index: ChunkIndex, ending: Ending = .complete,
        chunks: Int? = nil
    ) -> [Action] {
        var said: [Action] = []
        for chunk in Array(pull.chunks).prefix(chunks ?? Int.max) {
            said += tell(.chunk(id, chunk: chunk, digest: index.chunks[Int(chunk)]))
            said += tell(.stored(item: pull.item, chunk: chunk))
        }
        return said + tell(.intakeEnded(id, ending, wasteBytes: 0))
    }
}

extension [Action] {
    var pulls: [(id: IntakeID, pull: Action.Pull)] {
        compactMap { if case .pull(let id, let pull) = $0 { (id, pull) } else { nil } }
    }
    var sends: [(id: OutletID, send: Action.Send)] {
        compactMap { if case .send(let id, let send) = $0 { (id, send) } else { nil } }
    }
    var pushes: [(id: OutletID, token: String, send: Action.Send)] {
        compactMap {
            if case .push(let id, _, let token, let send) = $0 { (id, token, send) } else { nil }
        }
    }
    var refusals: [(id: OutletID, status: Int, retryAfterMs: Int64?)] {
        compactMap {
            if case .refuse(let id, let status, let ms) = $0 { (id, status, ms) } else { nil }
        }
    }
    var notes: [Note] { compactMap { if case .note(let note) = $0 { note } else { nil } } }
    var removals: [String] {
        compactMap {
            if case .remove(let item, let chunks) = $0 {
                chunks.map { "\(item) \($0)" } ?? item
            } else {
                nil
            }
        }
    }
}
