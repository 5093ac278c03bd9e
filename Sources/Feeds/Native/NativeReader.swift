import Catalogue
import Quantities

/// Reads the native format: many titles a document, each passed on as it ends.
struct NativeReader: CatalogueReader {
    /// Open elements below the root.
    private var depth = 0
    /// The title that is open; nil outside of one.
    private var draft: NativeTitle?
    /// Names that were warned of.
    private var warned: Set<String> = []

    /// - Throws: `FeedFault` when the root is of another version, or doesn't say what it holds.
    init(_ root: XMLElement, _ run: inout CatalogueRun) throws {
        guard root.namespace == NativeCatalogue.namespace else {
            throw FeedFault(
                "E_FORMAT", at: root,
                "the root 'catalogue' is in the namespace '\(root.namespace)', not "
                    + "'\(NativeCatalogue.namespace)'",
                hint: "write <catalogue xmlns=\"\(NativeCatalogue.namespace)\" …>")
        }
        switch root.value("extent").map(trimmed) {
        case "full": run.summary.isFull = true
        case "delta": run.summary.isFull = false
        default:
            throw FeedFault(
                "E_EXTENT", at: root, "the root doesn't say which extent the feed has",
                hint: "extent=\"full\" when titles that it doesn't name are gone, else \"delta\"")
        }
        try warnUnknown(root, known: ["extent"], &run)
    }

    mutating func start(_ element: XMLElement, _ run: inout CatalogueRun) throws {
        depth += 1
        guard element.namespace == NativeCatalogue.namespace else { return }
        switch (depth, element.name) {
        case (1, "title"):
            draft = NativeTitle(element, run.settings)
            try warnUnknown(element, known: NativeTitle.attributes, &run)
        case (2, _) where draft != nil && NativeTitle.children[element.name] != nil:
            draft?.add(element)
            try warnUnknown(element, known: NativeTitle.children[element.name] ?? [], &run)
        case (2..., _) where draft == nil:
            return
        default:
            if warned.count < 20, warned.insert(element.name).inserted {
                try run.warn(
                    FeedFault(
                        "W_ELEMENT", at: element,
                        "the element '\(element.name)' isn't known here and is ignored"))
            }
        }
    }

    mutating func end(_ run: inout CatalogueRun) throws {
        depth -= 1
        guard depth == 0, let title = draft else { return }
        draft = nil
        guard title.faults.isEmpty else { return try run.refuse(title.faults) }
        for warning in title.warnings { try run.warn(warning) }
        try run.take(title.record)
    }

    /// Warns once of each attribute that isn't known.
    private mutating func warnUnknown(
        _ element: XMLElement, known: [String], _ run: inout CatalogueRun
    ) throws {
        for attribute in element.attributes
        where attribute.namespace.isEmpty && !known.contains(attribute.name) {
            let name = "\(element.name)/@\(attribute.name)"
            guard warned.count < 20, warned.insert(name).inserted else { continue }
            try run.warn(
                FeedFault(
                    "W_ATTRIBUTE", at: element,
                    "the attribute '\(attribute.name)' of '\(element.name)' isn't known and is ignored"
                ))
        }
    }
}
