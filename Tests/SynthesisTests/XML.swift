/// Just enough of XML to find a slip in what is written.
enum XML {
    /// What is wrong with `document`: tags that don't match, an attribute twice, a stray `<` or
    /// `&`; nil when nothing is.
    static func fault(in document: String) -> String? {
        var open: [String] = []
        for piece in document.split(separator: "<") {
            let parts = piece.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return "no end of tag: \(piece)" }
            let tag = parts[0]
            if tag.hasPrefix("?") || tag.hasPrefix("!") { continue }
            if tag.hasPrefix("/") {
                guard open.popLast() == String(tag.dropFirst()) else { return "closes \(tag)" }
                continue
            }
            let fields = tag.split(separator: "\"", omittingEmptySubsequences: false)
            guard fields.count % 2 == 1 else { return "quotes: \(tag)" }
            let names = stride(from: 0, to: fields.count - 1, by: 2).map { fields[$0] }
            guard Set(names.dropFirst()).count == max(names.count - 1, 0) else {
                return "twice: \(tag)"
            }
            if !tag.hasSuffix("/") { open.append(String(tag.prefix { $0 != " " })) }
        }
        for piece in document.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            guard ["amp;", "lt;", "gt;", "quot;"].contains(where: piece.hasPrefix) else {
                return "stray &: \(piece.prefix(20))"
            }
        }
        return open.isEmpty ? nil : "left open: \(open)"
    }

    /// The title elements of a catalogue.
    static func titles(_ document: String) -> [String] {
        var titles: [String] = []
        for line in document.split(separator: "\n") {
            if line.hasPrefix("  <title ") {
                titles.append(String(line))
            } else if line.hasPrefix("    "), !titles.isEmpty {
                titles[titles.count - 1] += "\n" + line
            }
        }
        return titles
    }

    /// The values of attribute `name` of elements `element`.
    static func values(of name: String, in element: String, _ document: String) -> [String] {
        document.split(separator: "<").compactMap { piece in
            guard piece.hasPrefix(element + " ") else { return nil }
            let fields = piece.split(separator: "\"", omittingEmptySubsequences: false)
            let place = fields.firstIndex { $0.hasSuffix(" " + name + "=") }
            return place.map { String(fields[$0 + 1]) }
        }
    }
}

extension Written {
    /// Identifiers and aliases of all titles.
    var titleIDs: Set<String> {
        let catalogue = text("catalogue.xml")
        var ids = Set(XML.values(of: "id", in: "title", catalogue))
        ids.formUnion(XML.values(of: "id", in: "alias", catalogue))
        for path in paths where path.hasPrefix("adi/") {
            let providers = XML.values(of: "Provider_ID", in: "AMS", text(path))
            let assets = XML.values(of: "Asset_ID", in: "AMS", text(path))
            let kinds = XML.values(of: "Asset_Class", in: "AMS", text(path))
            for (position, kind) in kinds.enumerated() where kind == "title" {
                ids.insert(providers[position] + "/" + assets[position])
            }
        }
        return ids
    }
}
