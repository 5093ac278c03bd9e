/// One `Asset` of a package, or the package itself, as the document states it.
struct ADIAsset: Placed {
    /// Position of the asset that it is nested in; -1 for the package.
    let parent: Int
    let line: Int
    let column: Int
    /// The attributes of the first `AMS`, names in lower case, values trimmed, empty ones left out.
    private(set) var identity: [String: String] = [:]
    /// All `App_Data` in order, names in lower case, empty values left out.
    private(set) var data: [ADIValue] = []
    /// The file's name or location, blanks trimmed; nil: none stated.
    private(set) var content: ADIValue?

    init(parent: Int, _ element: XMLElement) {
        self.parent = parent
        line = element.line
        column = element.column
    }

    /// Takes an `AMS`; a second one, as for a second language, adds nothing.
    mutating func addIdentity(_ element: XMLElement) {
        guard identity.isEmpty else { return }
        for attribute in element.attributes {
            let value = trimmed(attribute.value)
            if !value.isEmpty { identity[attribute.name.lowercased()] = value }
        }
    }

    /// Takes an `App_Data`; one without a value, as `In` and `Out` marks are, says nothing here.
    mutating func addData(_ element: XMLElement) {
        let name = trimmed(element.anyCaseValue("name")).lowercased()
        let value = trimmed(element.anyCaseValue("value"))
        guard !name.isEmpty, !value.isEmpty else { return }
        data.append(ADIValue(name: name, text: value, element))
    }

    mutating func addContent(_ element: XMLElement) {
        let value = trimmed(element.anyCaseValue("value"))
        if content == nil, !value.isEmpty {
            content = ADIValue(name: "content", text: value, element)
        }
    }

    /// The class in lower case, its words joined by hyphens: `title`, `movie`, `box-cover`.
    var kind: String {
        (identity["asset_class"] ?? "").lowercased()
            .split { $0 == " " || $0 == "_" || $0 == "-" }.joined(separator: "-")
    }

    var isDeleted: Bool { identity["verb"]?.lowercased() == "delete" }

    /// All values of an `App_Data`, the name in lower case.
    func values(_ name: String) -> [ADIValue] { data.filter { $0.name == name } }

    /// The first value of an `App_Data`, the name in lower case.
    func value(_ name: String) -> ADIValue? { data.first { $0.name == name } }
}

/// A value and where it stands.
struct ADIValue: Placed {
    let name: String
    let text: String
    let line: Int
    let column: Int

    init(name: String, text: String, _ element: XMLElement) {
        self.name = name
        self.text = text
        line = element.line
        column = element.column
    }
}

extension XMLElement {
    /// The value of an attribute whose name in lower case is `name`; empty when it isn't there.
    fileprivate func anyCaseValue(_ name: String) -> String {
        attributes.first { $0.name.lowercased() == name }?.value ?? ""
    }
}
