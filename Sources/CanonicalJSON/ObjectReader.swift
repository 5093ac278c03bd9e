package import Quantities

/// A member of an object that isn't what a reader needs.
package struct MemberFault: Error, Hashable, Sendable {
    /// Where, and what is wrong.
    package let message: String

    package init(message: String) { self.message = message }
}

/// Takes the members of one JSON object by name, with messages that say where.
///
/// Members that nobody asks for are ignored.
package struct ObjectReader {
    /// Where the object stands, such as `fetch[3].`; empty for the whole text.
    private let path: String
    private let members: [String: JSONValue]

    /// Reads `value`, which stands at `path`; anything but an object is refused.
    package init(_ value: JSONValue, at path: String) throws(MemberFault) {
        guard case .object(let members) = value else {
            throw MemberFault(
                message: "\(path.isEmpty ? "the text" : path) is \(value.kind), not an object")
        }
        self.path = path.isEmpty ? "" : path + "."
        self.members = Dictionary(
            members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// A refusal that names a member.
    package func refusal(_ key: String, _ what: String) -> MemberFault {
        MemberFault(message: "\(path)\(key) \(what)")
    }

    /// Whether there is such a member.
    package func has(_ key: String) -> Bool { members[key] != nil }

    /// A member of any kind, which must be there.
    package func value(_ key: String) throws(MemberFault) -> JSONValue {
        guard let value = members[key] else { throw refusal(key, "is missing") }
        return value
    }

    /// An integer within bounds.
    package func integer(_ key: String, in range: ClosedRange<Int64>) throws(MemberFault) -> Int64 {
        guard case .integer(let integer) = try value(key), range.contains(integer) else {
            throw refusal(key, "isn't an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    /// Text; may be empty.
    package func text(_ key: String) throws(MemberFault) -> String {
        guard case .text(let text) = try value(key) else { throw refusal(key, "isn't text") }
        return text
    }

    /// Text that may be absent, which is then empty.
    package func textIfAny(_ key: String) throws(MemberFault) -> String {
        has(key) ? try text(key) : ""
    }

    /// True or false.
    package func flag(_ key: String) throws(MemberFault) -> Bool {
        guard case .flag(let flag) = try value(key) else {
            throw refusal(key, "isn't true or false")
        }
        return flag
    }

    /// True or false; absent means false.
    package func flagIfAny(_ key: String) throws(MemberFault) -> Bool {
        has(key) ? try flag(key) : false
    }

    /// A time as manifests write it: UTC, to the second.
    package func instant(_ key: String) throws(MemberFault) -> Instant {
        let text = try text(key)
        guard let instant = Instant(rfc3339: text), instant.description == text else {
            throw refusal(key, "isn't a time like 2026-11-23T20:15:00Z")
        }
        return instant
    }

    /// 64 lower-case hexadecimal digits.
    package func digest(_ key: String) throws(MemberFault) -> Digest {
        let text = try text(key)
        guard let digest = Digest(hex: text), digest.hex == text else {
            throw refusal(key, "isn't 64 lower-case hexadecimal digits")
        }
        return digest
    }

    /// One of the words of a type.
    package func word<Word: RawRepresentable<String>>(_ key: String) throws(MemberFault) -> Word {
        guard let word = Word(rawValue: try text(key)) else {
            throw refusal(key, "isn't a word that is known")
        }
        return word
    }

    /// An object.
    package func object(_ key: String) throws(MemberFault) -> ObjectReader {
        try ObjectReader(value(key), at: path + key)
    }

    /// The elements of an array; may be none.
    package func elements(_ key: String) throws(MemberFault) -> [JSONValue] {
        guard case .array(let elements) = try value(key) else {
            throw refusal(key, "isn't an array")
        }
        return elements
    }

    /// An array of objects.
    package func objects<Element>(
        _ key: String, _ read: (ObjectReader) throws(MemberFault) -> Element
    ) throws(MemberFault) -> [Element] {
        var result: [Element] = []
        for (position, element) in try elements(key).enumerated() {
            result.append(try read(ObjectReader(element, at: "\(path)\(key)[\(position)]")))
        }
        return result
    }

    /// The members of an object whose keys are data, in the order of the text.
    package func entries(_ key: String) throws(MemberFault) -> [(key: String, reader: ObjectReader)]
    {
        guard case .object(let members) = try value(key) else {
            throw refusal(key, "isn't an object")
        }
        var entries: [(key: String, reader: ObjectReader)] = []
        for member in members {
            entries.append(
                (member.key, try ObjectReader(member.value, at: "\(path)\(key).\(member.key)")))
        }
        return entries
    }
}
