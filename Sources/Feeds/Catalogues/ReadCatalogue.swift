package import Catalogue
package import Quantities

/// Reads a catalogue feed as it streams in; plain, gzip or zstd.
///
/// Titles arrive at `emit` in the order of the document and before its end is
/// known to be well: commit them only when the function has returned. A title
/// that can't be used is an error at `diagnose`, and the rest goes on. Memory is
/// bounded by the largest title (native) or package (ADI).
///
/// - Parameters:
///   - name: the file's path, for messages only.
///   - format: what the document must be; nil: told by its root element.
///   - settings: what the operator says of the feed.
///   - read: gives the next piece of the file, empty at its end.
///   - emit: takes a title.
///   - diagnose: takes findings: errors for titles that aren't taken, warnings for the others.
/// - Returns: counts.
/// - Throws: `FeedError` when the document must be refused as a whole; what the closures throw.
package func readCatalogue(
    from name: String, format: CatalogueFormat? = nil, settings: FeedSettings = FeedSettings(),
    read: ReadBytes, emit: (TitleRecord) throws -> Void, diagnose: (Diagnostic) throws -> Void
) throws -> CatalogueSummary {
    try withoutActuallyEscaping(emit) { emit in
        try withoutActuallyEscaping(diagnose) { diagnose in
            var run = CatalogueRun(
                name: name, settings: settings, emit: emit, diagnose: diagnose,
                summary: CatalogueSummary(format: format ?? .native))
            try readDocument(&run, format, read)
            return run.summary
        }
    }
}

/// Hands the tags of the document to the reader that its root asks for.
private func readDocument(
    _ run: inout CatalogueRun, _ format: CatalogueFormat?, _ read: ReadBytes
) throws {
    var input = XMLInput(name: run.name, limits: run.settings.input)
    var reader: (any CatalogueReader)?
    try input.parse(from: read) { event in
        switch event {
        case .start(let element):
            if let fault = templateFault(element) { throw fault.error(in: run.name) }
            if reader == nil {
                reader = try makeReader(element, format, &run)
            } else {
                try reader?.start(element, &run)
            }
        case .end:
            try reader?.end(&run)
        }
    }
}

/// The reader for a document with this root.
private func makeReader(
    _ root: XMLElement, _ format: CatalogueFormat?, _ run: inout CatalogueRun
) throws -> any CatalogueReader {
    do {
        let found = try catalogueFormat(of: root)
        if let format, format != found {
            throw FeedFault(
                "E_FORMAT", at: root,
                "the document is a feed of the format \(found.rawValue), not \(format.rawValue)")
        }
        run.summary.format = found
        switch found {
        case .adi: return ADIReader(root)
        case .native: return try NativeReader(root, &run)
        }
    } catch let fault as FeedFault {
        throw fault.error(in: run.name)
    }
}

/// The format that a root element tells.
private func catalogueFormat(of root: XMLElement) throws(FeedFault) -> CatalogueFormat {
    switch root.name {
    case _ where root.name.lowercased() == "adi": return .adi
    case "catalogue": return .native
    case "ADI3":
        throw FeedFault(
            "E_FORMAT", at: root, "CableLabs Content 3.0 (ADI3, SCTE 236) isn't read yet",
            hint: "send the package as CableLabs VOD 1.1 (ADI), or convert it to the native format")
    case "rss", "feed", "MediaManifest", "CoreMetadata", "AvailList", "TVAMain":
        throw FeedFault(
            "E_FORMAT", at: root, "documents with the root '\(root.name)' aren't read yet",
            hint: "convert it to the native format, mediaplan-catalogue(5)")
    default:
        throw FeedFault(
            "E_FORMAT", at: root, "the root '\(root.name)' is that of no known feed",
            hint: "known are CableLabs VOD 1.1 (ADI) and the native format, mediaplan-catalogue(5)")
    }
}

/// A fault when an attribute's whole value is a placeholder: `%title%`, `${title}` or `{{title}}`.
private func templateFault(_ element: XMLElement) -> FeedFault? {
    guard let attribute = element.attributes.first(where: { isPlaceholder($0.value) }) else {
        return nil
    }
    return FeedFault(
        "E_TEMPLATE", at: element,
        "'\(attribute.value)' is a placeholder: this is a template, not a package",
        hint: "fill it in first")
}

private func isPlaceholder(_ value: String) -> Bool {
    guard let last = value.utf8.last, last == UInt8(ascii: "%") || last == UInt8(ascii: "}") else {
        return false
    }
    for (open, close) in [("%", "%"), ("${", "}"), ("{{", "}}")]
    where value.hasPrefix(open) && value.hasSuffix(close) {
        let inner = value.utf8.dropFirst(open.utf8.count).dropLast(close.utf8.count)
        return value.utf8.count > open.utf8.count + close.utf8.count
            && inner.allSatisfy {
                isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }
    return false
}
