import CanonicalJSON
import Quantities

// From bytes that are signed to a manifest's content: version first, then
// every member that this version knows, then what must hold between them.

extension ManifestContent {
    static let exact = 0...CanonicalWriter.integerLimit
    static let positive = 1...CanonicalWriter.integerLimit
    /// Names that `critical` may list.
    private static let known: Set<String> = [
        "ahead_seconds", "caps", "critical", "device", "ends", "expires", "fetch", "fleet",
        "issued", "items", "night", "not_before", "origin_patience_seconds", "plan", "rates",
        "remove", "schema", "sequence", "serve", "slot_seconds", "standby", "starts", "version",
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
            try content.checkOrder()
            try content.checkCaps()
            try content.checkEnds()
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
        let slotSeconds = try root.integer("slot_seconds", in: 1...Int64(Int32.max))
        let items = try Self.items(root)
        let rows = try Self.rows(root, items, slotSeconds)
        self.init(
            fleet: try root.text("fleet"), device: try root.text("device"), night: date,
            sequence: try root.integer("sequence", in: Self.positive),
            plan: try root.digest("plan"), issued: try root.instant("issued"),
            notBefore: try root.instant("not_before"), expires: try root.instant("expires"),
            slotSeconds: Int32(slotSeconds), window: try root.objects("window", Self.span),
            items: try Self.withFallbacks(items, root, rows),
            fetch: try root.rows("fetch", of: 6...7, rows.fetch),
            serve: try root.rows("serve", of: 6...7, rows.serve),
            remove: try root.rows("remove", of: 4...4, rows.remove),
            standby: try root.rows("standby", of: 3...3, rows.standby),
            caps: try Self.caps(root.object("caps")), rates: try Self.rates(root.object("rates")),
            aheadSeconds: try Self.ahead(root),
            originPatienceSeconds: try Self.originPatience(root), starts: rows.starts)
        minor = head.minor
    }

    private static func rows(_ root: ObjectReader, _ items: [ManifestItem], _ slotSeconds: Int64)
        throws(MemberFault) -> RowReading
    {
        let areas = try root.objects("items") { item throws(MemberFault) -> Fetch.Area in
            try item.flagIfAny("wish") ? .wish : .cache
        }
        return RowReading(
            items: items, layouts: items.map(\.layout), areas: areas, ends: try EndList(root),
            starts: try root.instant("starts"), slotSeconds: slotSeconds)
    }

    private static func withFallbacks(
        _ items: [ManifestItem], _ root: ObjectReader, _ rows: RowReading
    ) throws(MemberFault) -> [ManifestItem] {
        let fallbacks = try root.objects("items") { item throws(MemberFault) -> [End] in
            guard item.has("fallbacks") else { return [] }
            let row = try NumberRow(
                item.value("fallbacks"), at: "fallbacks", counts: 1...Int.max)
            var ends: [End] = []
            for place in row.numbers { ends.append(try rows.fallback(place, row)) }
            return ends
        }
        return zip(items, fallbacks).map { item, fallbacks in
            var item = item
            item.fallbacks = fallbacks
            return item
        }
    }

    private static func span(_ span: ObjectReader) throws(MemberFault) -> Span {
        let times = Span(starts: try span.instant("starts"), ends: try span.instant("ends"))
        guard times.starts < times.ends else { throw span.refusal("ends", "isn't after starts") }
        return times
    }

    private static func ahead(_ root: ObjectReader) throws(MemberFault) -> Int32 {
        guard root.has("ahead_seconds") else { return 0 }
        return Int32(try root.integer("ahead_seconds", in: 1...Int64(maxAheadSeconds)))
    }

    private static func originPatience(_ root: ObjectReader) throws(MemberFault) -> Int32? {
        guard root.has("origin_patience_seconds") else { return nil }
        return Int32(try root.integer("origin_patience_seconds", in: 0...Int64(Int32.max)))
    }

    private static func caps(_ caps: ObjectReader) throws(MemberFault) -> Caps {
        Caps(
            fetchBytes: try caps.integer("fetch_bytes", in: exact),
            fallbackBytes: try caps.integer("fallback_bytes", in: exact),
            reserveBytes: try caps.integer("reserve_bytes", in: exact),
            serveBytes: try caps.integer("serve_bytes", in: exact))
    }

    private static func rates(_ rates: ObjectReader) throws(MemberFault) -> Rates {
        Rates(
            upKbps: try rates.integer("up_kbps", in: exact),
            downKbps: try rates.integer("down_kbps", in: exact))
    }
}
