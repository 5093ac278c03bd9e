import CanonicalJSON
import Catalogue
import Quantities

// From bytes that are signed to a manifest's content: version first, then
// every member that this version knows, then what must hold between them.

extension ManifestContent {
    private static let exact = 0...CanonicalWriter.integerLimit
    private static let positive = 1...CanonicalWriter.integerLimit
    /// Names that `critical` may list.
    private static let known: Set<String> = [
        "caps", "critical", "device", "expires", "fetch", "fleet", "issued", "items", "night",
        "not_before", "plan", "remove", "schema", "sequence", "serve", "slot_seconds", "version",
        "window",
    ]

    /// Reads a manifest's text; whatever this doesn't accept, no device obeys.
    package init(json: [UInt8]) throws(ManifestRefusal) {
        let value: JSONValue
        do { value = try StrictJSONReader.read(json) } catch {
            throw .malformed("at byte \(error.offset): \(error.message)")
        }
        let head = try Self.understood { () throws(MemberFault) in
            try Head(ObjectReader(value, at: ""))
        }
        guard head.major == Self.major else { throw .unknownVersion(head.version) }
        let unknown = head.critical.filter { !Self.known.contains($0) }
        guard unknown.isEmpty else { throw .unknownCritical(unknown) }
        self = try Self.understood { () throws(MemberFault) in
            let content = try ManifestContent(head)
            try content.checkPieces()
            return content
        }
    }

    private static func understood<Value>(
        _ read: () throws(MemberFault) -> Value
    ) throws(ManifestRefusal) -> Value {
        do { return try read() } catch { throw .malformed(error.message) }
    }

    /// What tells whether the rest can be understood.
    private struct Head {
        let root: ObjectReader
        let version: String
        let major: Int32
        let minor: Int32
        let critical: [String]

        init(_ root: ObjectReader) throws(MemberFault) {
            guard try root.text("schema") == schema else {
                throw root.refusal("schema", "isn't \(schema)")
            }
            version = try root.text("version")
            let parts = version.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let major = Int32(parts[0]), let minor = Int32(parts[1]),
                "\(major).\(minor)" == version, minor >= 0
            else { throw root.refusal("version", "isn't MAJOR.MINOR") }
            self.root = root
            self.major = major
            self.minor = minor
            critical = try ManifestContent.critical(root)
        }
    }

    private static func critical(_ root: ObjectReader) throws(MemberFault) -> [String] {
        guard root.has("critical") else { return [] }
        var names: [String] = []
        for name in try root.elements("critical") {
            guard case .text(let text) = name else {
                throw root.refusal("critical", "holds \(name.kind)")
            }
            names.append(text)
        }
        return names
    }

    private init(_ head: Head) throws(MemberFault) {
        let root = head.root
        let night = try root.text("night")
        guard let date = CivilDate(night) else {
            throw root.refusal("night", "isn't a day like 2026-11-23")
        }
        self.init(
            fleet: try root.text("fleet"), device: try root.text("device"), night: date,
            sequence: try root.integer("sequence", in: Self.positive),
            plan: try root.digest("plan"), issued: try root.instant("issued"),
            notBefore: try root.instant("not_before"), expires: try root.instant("expires"),
            slotSeconds: Int32(try root.integer("slot_seconds", in: 1...Int64(Int32.max))),
            window: try root.objects("window", Self.span), items: try Self.items(root),
            fetch: try root.objects("fetch", Self.fetch),
            serve: try root.objects("serve", Self.serve),
            remove: try root.objects("remove", Self.remove),
            caps: try Self.caps(root.object("caps")))
        minor = head.minor
    }

    private static func caps(_ caps: ObjectReader) throws(MemberFault) -> Caps {
        Caps(
            fetchBytes: try caps.integer("fetch_bytes", in: exact),
            fallbackBytes: try caps.integer("fallback_bytes", in: exact),
            serveBytes: try caps.integer("serve_bytes", in: exact))
    }

    private static func span(_ span: ObjectReader) throws(MemberFault) -> Span {
        let times = Span(starts: try span.instant("starts"), ends: try span.instant("ends"))
        guard times.starts < times.ends else { throw span.refusal("ends", "isn't after starts") }
        return times
    }

    private static func fetch(_ fetch: ObjectReader) throws(MemberFault) -> Fetch {
        Fetch(
            piece: try piece(fetch), movement: try movement(fetch),
            source: try end(fetch.object("source")), area: try fetch.word("area"),
            fallbacks: try fetch.objects("fallbacks", end))
    }

    private static func serve(_ serve: ObjectReader) throws(MemberFault) -> Serve {
        Serve(
            piece: try piece(serve), movement: try movement(serve),
            destination: try end(serve.object("destination")))
    }

    private static func remove(_ remove: ObjectReader) throws(MemberFault) -> Remove {
        Remove(piece: try piece(remove), at: try remove.instant("at"))
    }

    private static func movement(_ movement: ObjectReader) throws(MemberFault) -> Movement {
        Movement(
            transfer: try movement.integer("transfer", in: exact), span: try span(movement),
            rateKbps: try movement.integer("rate_kbps", in: positive),
            role: try movement.word("role"))
    }

    private static func end(_ end: ObjectReader) throws(MemberFault) -> End {
        let kind: End.Kind = try end.word("kind")
        return End(
            kind: kind, id: try end.text("id"),
            address: kind == .origin ? try end.text("base_url") : try end.textIfAny("address"),
            publicKey: try end.textIfAny("public_key"))
    }

    private static func piece(_ piece: ObjectReader) throws(MemberFault) -> Piece {
        let ends = try piece.elements("chunks")
        guard ends.count == 2, case .integer(let first) = ends[0],
            case .integer(let last) = ends[1], 0 <= first, first <= last, last < Int64(Int32.max)
        else { throw piece.refusal("chunks", "isn't a first and a last chunk number") }
        return Piece(
            item: try piece.text("item"), chunks: Int32(first)...Int32(last),
            offset: try piece.integer("offset", in: exact),
            bytes: try piece.integer("bytes", in: positive))
    }
}

// Items

extension ManifestContent {
    private static func items(_ root: ObjectReader) throws(MemberFault) -> [ManifestItem] {
        var items: [ManifestItem] = []
        for (key, reader) in try root.entries("items") { items.append(try item(key, reader)) }
        return items.sorted { $0.key < $1.key }
    }

    private static func item(_ key: String, _ item: ObjectReader) throws(MemberFault)
        -> ManifestItem
    {
        let isKnown = try item.flag("index_known")
        let read = ManifestItem(
            key: key, title: try item.text("title"), version: try item.text("version"),
            name: try item.text("name"), files: try files(item),
            chunkBytes: try item.integer("chunk_bytes", in: positive),
            index: isKnown ? try item.digest("index") : nil, completes: try item.flag("completes"))
        guard ManifestNames.item(title: read.title, version: read.version) == key else {
            throw item.refusal("title", "and version don't make up the key")
        }
        let index = try item.value("index")
        guard isKnown || index == .null else {
            throw item.refusal("index", "isn't null, although index_known is false")
        }
        try check(item, read)
        return read
    }

    /// The files in order; their offsets must follow from their sizes.
    private static func files(_ item: ObjectReader) throws(MemberFault) -> [ItemFile] {
        var offset: Int64 = 0
        let files = try item.objects("files") { file throws(MemberFault) in
            let bytes = try file.integer("bytes", in: positive)
            guard try file.integer("offset", in: exact) == offset else {
                throw file.refusal("offset", "isn't the sum of the sizes before")
            }
            offset += bytes
            guard offset <= CanonicalWriter.integerLimit else {
                throw file.refusal("bytes", "makes the item too long")
            }
            return ItemFile(
                name: try file.text("name"), sizeBytes: bytes, kind: try file.text("kind"))
        }
        guard !files.isEmpty else { throw item.refusal("files", "is empty") }
        return files
    }

    /// `bytes` and `chunks` must follow from the files.
    private static func check(_ item: ObjectReader, _ read: ManifestItem) throws(MemberFault) {
        let bytes = try item.integer("bytes", in: positive)
        let chunks = try item.integer("chunks", in: 1...Int64(Int32.max) - 1)
        guard bytes == read.totalBytes, chunks == read.chunkCount else {
            throw item.refusal("chunks", "and bytes don't follow from the files")
        }
        guard read.chunkBytes <= Int64.max / (2 * chunks) else {
            throw item.refusal("chunk_bytes", "is too great")
        }
    }
}

// What must hold between the members

extension ManifestContent {
    /// Every piece lies where its item's cut puts it, actions ascend in time, and the caps leave
    /// room for the plan.
    private func checkPieces() throws(MemberFault) {
        let layouts = Dictionary(
            items.map { ($0.key, $0.layout) }, uniquingKeysWith: { first, _ in first })
        try check(fetch.map { ($0.piece, $0.movement.span.starts) }, "fetch", layouts)
        try check(serve.map { ($0.piece, $0.movement.span.starts) }, "serve", layouts)
        try check(remove.map { ($0.piece, $0.at) }, "remove", layouts)
        guard caps.fetchBytes >= Self.total(fetch.map(\.piece)),
            caps.serveBytes >= Self.total(serve.map(\.piece))
        else { throw MemberFault(message: "caps are below what is planned") }
        guard notBefore < expires else {
            throw MemberFault(message: "expires isn't after not_before")
        }
        guard zip(window, window.dropFirst()).allSatisfy({ $0.ends < $1.starts }) else {
            throw MemberFault(message: "window doesn't ascend")
        }
    }

    /// Bytes of all pieces; `Int64.max` when they are more.
    private static func total(_ pieces: [Piece]) -> Int64 {
        pieces.reduce(0) { total, piece in
            let (sum, overflow) = total.addingReportingOverflow(piece.bytes)
            return overflow ? Int64.max : sum
        }
    }

    private func check(
        _ actions: [(piece: Piece, at: Instant)], _ name: String, _ layouts: [String: ChunkLayout]
    ) throws(MemberFault) {
        for (position, action) in actions.enumerated() {
            let piece = action.piece
            guard let layout = layouts[piece.item] else {
                throw MemberFault(message: "\(name)[\(position)].item isn't among the items")
            }
            let chunks = piece.chunks.lowerBound..<piece.chunks.upperBound + 1
            guard chunks.upperBound <= layout.count,
                piece.offset == layout.offset(ofChunk: chunks.lowerBound),
                piece.bytes == layout.bytes(in: chunks)
            else {
                throw MemberFault(message: "\(name)[\(position)] doesn't lie where its chunks do")
            }
            guard position == 0 || actions[position - 1].at <= action.at else {
                throw MemberFault(message: "\(name)[\(position)] comes before the one above it")
            }
        }
    }
}
