package import Catalogue
import Quantities

/// The native feed as bytes, to be written piece by piece: header, titles, footer.
///
/// What is written reads back as the same records (``TitleRecord/line`` apart),
/// if names hold no control characters and checksums have a known length.
package enum NativeCatalogue {
    /// Of all elements; a new version of the format has a new one.
    package static let namespace = "urn:mediaplan:catalogue:1"

    /// What comes before the titles.
    ///
    /// - Parameter isFull: titles that the feed doesn't name are gone.
    /// - Returns: UTF-8.
    package static func header(isFull: Bool) -> [UInt8] {
        let extent = isFull ? "full" : "delta"
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <catalogue xmlns="\(namespace)" extent="\(extent)">

            """.utf8)
    }

    /// What comes after the titles.
    package static let footer = Array("</catalogue>\n".utf8)

    /// One title.
    package static func title(_ record: TitleRecord) -> [UInt8] {
        var text = XMLText()
        text.open(
            "  <title",
            [
                ("id", record.id), ("name", record.name.isEmpty ? nil : record.name),
                ("major", "\(record.version.major)"),
                ("minor", record.version.minor == 0 ? nil : "\(record.version.minor)"),
                ("verb", record.verb == .put ? nil : record.verb.rawValue),
                ("peer-to-peer", record.peerToPeer ? "yes" : "no"),
                ("chunk-bytes", record.chunkBytes.map { "\($0)" }),
                ("index", record.indexDigest?.hex),
            ], ">\n")
        for alias in record.aliases { text.open("    <alias", [("id", alias)], "/>\n") }
        let licence = record.licence
        if licence.start != nil || licence.end != nil {
            text.open(
                "    <licence",
                [("start", licence.start?.description), ("end", licence.end?.description)], "/>\n")
        }
        text.open("    <territories", territories(record.territories), "/>\n")
        for file in record.files { text.open("    <file", attributes(of: file), "/>\n") }
        return text.bytes + Array("  </title>\n".utf8)
    }

    /// A whole document in memory.
    package static func document(_ records: some Sequence<TitleRecord>, isFull: Bool) -> [UInt8] {
        records.reduce(into: header(isFull: isFull)) { $0 += title($1) } + footer
    }

    private static func territories(_ territories: Territories) -> [(String, String?)] {
        switch territories {
        case .everywhere: []
        case .only(let codes): [("allow", codes.joined(separator: " "))]
        case .except(let codes): codes.isEmpty ? [] : [("deny", codes.joined(separator: " "))]
        }
    }

    private static func attributes(of file: FileRecord) -> [(String, String?)] {
        let kinds = [32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"]
        var attributes: [(String, String?)] = [
            ("name", file.name), ("kind", file.kind), ("size", file.sizeBytes.map { "\($0)" }),
            ("id", file.id.isEmpty ? nil : file.id),
        ]
        if let checksum = file.checksum, let kind = kinds[checksum.utf8.count] {
            attributes.append((kind, checksum))
        }
        return attributes
    }
}

/// Text of a document with its special characters escaped.
private struct XMLText {
    private(set) var bytes: [UInt8] = []

    /// `begin`, the attributes that have a value, `end`.
    mutating func open(_ begin: String, _ attributes: [(String, String?)], _ end: String) {
        bytes += begin.utf8
        for case (let name, .some(let value)) in attributes {
            bytes += " \(name)=\"".utf8
            for scalar in value.unicodeScalars { append(scalar) }
            bytes.append(quote)
        }
        bytes += end.utf8
    }

    /// Characters that XML 1.0 (2.2) doesn't have become U+FFFD.
    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "&": bytes += "&amp;".utf8
        case "<": bytes += "&lt;".utf8
        case ">": bytes += "&gt;".utf8
        case "\"": bytes += "&quot;".utf8
        case "\t", "\n", "\r": bytes += "&#\(scalar.value);".utf8
        case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": bytes += "\u{FFFD}".utf8
        default: bytes += UTF8.encode(scalar).map { Array($0) } ?? []
        }
    }
}
