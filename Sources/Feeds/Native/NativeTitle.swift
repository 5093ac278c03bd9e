import Catalogue
import Quantities

/// A title of the native format while its element is open.
struct NativeTitle {
    static let attributes = [
        "id", "name", "verb", "major", "minor", "peer-to-peer", "chunk-bytes", "index",
    ]
    /// The elements that a title may have, with their attributes.
    static let children = [
        "alias": ["id"],
        "licence": ["start", "end"],
        "territories": ["allow", "deny"],
        "file": ["name", "kind", "size", "id"] + digests,
    ]
    private static let digests = ["sha256", "sha512", "sha384", "sha1", "md5"]

    private(set) var record: TitleRecord
    /// Why the title can't be taken.
    private(set) var faults: [FeedFault] = []
    private(set) var warnings: [FeedFault] = []
    private var seen: [String] = []
    private var totalBytes: Int64 = 0
    private let element: XMLElement

    init(_ element: XMLElement, _ settings: FeedSettings) {
        self.element = element
        record = TitleRecord(
            id: trimmed(element.value("id") ?? ""), name: displayName(element.value("name") ?? ""),
            territories: settings.defaultTerritories, peerToPeer: settings.defaultPeerToPeer,
            version: TitleRecord.Version(major: 0), line: element.line)
        if !isIdentifier(record.id) {
            fault(
                "E_ID", element, "the title's id is missing, too long or holds control characters")
        }
        record.verb = choice("verb", ["put": .put, "delete": .delete]) ?? .put
        record.peerToPeer =
            choice("peer-to-peer", ["yes": true, "no": false]) ?? settings.defaultPeerToPeer
        let versions = 0...Int64(Int32.max)
        if let major = number("major", element, versions) {
            record.version.major = Int32(major)
        } else if element.value("major") == nil {
            fault("E_MISSING", element, "the title has no attribute 'major'")
        }
        record.version.minor = Int32(number("minor", element, versions) ?? 0)
        record.chunkBytes = number("chunk-bytes", element, TitleLimits.chunkBytes)
        if let text = element.value("index").map(trimmed) {
            record.indexDigest = Digest(hex: text)
            if record.indexDigest == nil {
                fault("E_DIGEST", element, "'index' is \(shown(text)), not 64 hexadecimal digits")
            }
        }
    }

    /// Adds an element of the title.
    mutating func add(_ child: XMLElement) {
        if child.name == "licence" || child.name == "territories" {
            if seen.contains(child.name) {
                fault("E_TWICE", child, "the title has a second element '\(child.name)'")
            }
            seen.append(child.name)
        }
        switch child.name {
        case "alias": addAlias(child)
        case "licence": addLicence(child)
        case "territories": addTerritories(child)
        default: addFile(child)
        }
    }

    private mutating func addAlias(_ child: XMLElement) {
        let id = trimmed(child.value("id") ?? "")
        guard isIdentifier(id), record.aliases.count < TitleLimits.count else {
            return fault("E_ID", child, "an alias has no usable id, or there are too many")
        }
        if id != record.id, !record.aliases.contains(id) { record.aliases.append(id) }
    }

    private mutating func addLicence(_ child: XMLElement) {
        record.licence = LicenceWindow(start: time("start", child), end: time("end", child))
        if let start = record.licence.start, let end = record.licence.end, end <= start {
            fault("E_WINDOW", child, "the licence ends at \(end), not after its start at \(start)")
        }
    }

    private mutating func addTerritories(_ child: XMLElement) {
        let allow = child.value("allow")
        let deny = child.value("deny")
        guard let text = allow ?? deny else { return record.territories = .everywhere }
        guard allow == nil || deny == nil, let codes = territoryCodes(text) else {
            return fault(
                "E_TERRITORY", child, "the territories are not one list of countries",
                hint: "write allow or deny, with codes of ISO 3166 such as \"DE AT\"")
        }
        record.territories = allow != nil ? .only(codes) : .except(codes)
    }

    private mutating func addFile(_ child: XMLElement) {
        guard record.files.count < TitleLimits.count else {
            return fault("E_FILES", child, "the title has more than \(TitleLimits.count) files")
        }
        let kind = trimmed(child.value("kind") ?? "").lowercased()
        let name = trimmed(child.value("name") ?? "")
        guard isIdentifier(name), isIdentifier(kind) else {
            return fault("E_MISSING", child, "a file needs a name and a kind")
        }
        let size = number("size", child, 0...TitleLimits.bytes) ?? 0
        if size == 0 {
            warnings.append(
                FeedFault(
                    "W_SIZE", at: child,
                    "the size of \(shown(name)) isn't stated: the title can't be planned"
                ))
        }
        totalBytes += size
        if totalBytes > TitleLimits.bytes {
            fault("E_RANGE", child, "the title has more than \(TitleLimits.bytes) bytes")
        }
        record.files.append(
            FileRecord(
                name: name, kind: kind, sizeBytes: size == 0 ? nil : size,
                checksum: digest(child), id: trimmed(child.value("id") ?? "")))
    }

    /// The strongest digest that is stated.
    private mutating func digest(_ child: XMLElement) -> String? {
        let lengths = ["md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128]
        for name in NativeTitle.digests {
            guard let text = child.value(name) else { continue }
            if let digits = checksum(text), digits.utf8.count == lengths[name] { return digits }
            fault("E_DIGEST", child, "'\(name)' is \(shown(text)), not its hexadecimal digits")
        }
        return nil
    }

    private mutating func time(_ name: String, _ child: XMLElement) -> Instant? {
        guard let text = child.value(name).map(trimmed) else { return nil }
        let instant = Instant(rfc3339: text)
        if instant == nil {
            fault(
                "E_TIME", child, "'\(name)' is \(shown(text)), not a time",
                hint: "write it as RFC 3339 with a zone, such as 2026-11-23T20:15:00Z")
        }
        return instant
    }

    private mutating func number(
        _ name: String, _ child: XMLElement, _ range: ClosedRange<Int64>
    ) -> Int64? {
        guard let text = child.value(name).map(trimmed), !text.isEmpty else { return nil }
        let value = wholeNumber(text, in: range)
        if value == nil {
            fault(
                "E_RANGE", child,
                "'\(name)' is \(shown(text)), not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    private mutating func choice<Value>(_ name: String, _ values: KeyValuePairs<String, Value>)
        -> Value?
    {
        guard let text = element.value(name).map(trimmed) else { return nil }
        if let found = values.first(where: { $0.key == text }) { return found.value }
        fault(
            "E_WORD", element, "'\(name)' is \(shown(text))",
            hint: "it is one of: " + values.map(\.key).joined(separator: ", "))
        return nil
    }

    private mutating func fault(
        _ code: String, _ child: XMLElement, _ message: String, hint: String? = nil
    ) {
        faults.append(FeedFault(code, at: child, message, hint: hint))
    }
}
