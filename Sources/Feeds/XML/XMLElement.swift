/// A start tag.
struct XMLElement {
    /// Without its prefix.
    var name: String
    /// Empty when it is in none.
    var namespace: String
    var attributes: [XMLAttribute]
    /// Where the tag begins: line from 1, byte of the line from 1 (0: unknown).
    var line: Int
    var column: Int

    /// The value of an attribute in no namespace, nil when it isn't there.
    func value(_ name: String) -> String? {
        attributes.first { $0.name == name && $0.namespace.isEmpty }?.value
    }
}

struct XMLAttribute {
    /// Without its prefix.
    var name: String
    /// Empty when it is in none.
    var namespace: String
    var value: String
}

/// What a document consists of, as far as a feed says something with it: all known feeds say it in
/// attributes.
enum XMLEvent {
    case start(XMLElement)
    case end
}
