/// One line of a head: a name as it was written, and a value without blanks around it.
///
/// Bytes from 0x80 stand as the characters U+0080 to U+00FF (RFC 9110, 5.5: `obs-text`), so that
/// nothing is lost or invented.
struct Field: Hashable, Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the name is `lowercaseName`, either case.
    func isNamed(_ lowercaseName: String) -> Bool {
        name.utf8.count == lowercaseName.utf8.count
            && zip(name.utf8, lowercaseName.utf8).allSatisfy { Field.lowercase($0) == $1 }
    }

    static func lowercase(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
}

/// What a head says that it may not: in words, as a part of a sentence.
struct HeadFault: Error, Hashable {
    var text: String

    init(_ text: String) { self.text = text }
}

extension [Field] {
    /// The value of a field that may stand once, nil where it isn't there; throws where it is
    /// repeated, even with the same value.
    func single(_ lowercaseName: String) throws(HeadFault) -> String? {
        var found: String?
        for field in self where field.isNamed(lowercaseName) {
            guard found == nil else { throw HeadFault("\(lowercaseName) is repeated") }
            found = field.value
        }
        return found
    }

    func has(_ lowercaseName: String) -> Bool { contains { $0.isNamed(lowercaseName) } }

    /// Whether one of the words of a list field (RFC 9110, 5.6.1), in any of its lines, is `word`,
    /// either case.
    func lists(_ word: String, in lowercaseName: String) -> Bool {
        contains { field in
            field.isNamed(lowercaseName)
                && field.value.split(separator: ",").contains {
                    Field(String($0.trimmingBlanks), "").isNamed(word)
                }
        }
    }

    /// The announced length of a body; nil without one.
    func contentLength() throws(HeadFault) -> Int64? {
        guard let text = try single("content-length") else { return nil }
        guard let bytes = decimal(text.utf8) else {
            throw HeadFault("content-length is no number: \(text.prefix(40))")
        }
        return bytes
    }
}

extension Substring {
    /// Without the spaces and tabs at either end.
    var trimmingBlanks: Substring {
        var rest = self
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}

/// A number of 1 to 18 decimal digits; nil for anything else, a sign included.
func decimal(_ digits: some Collection<UInt8>) -> Int64? {
    guard (1...18).contains(digits.count) else { return nil }
    var value: Int64 = 0
    for digit in digits {
        guard (48...57).contains(digit) else { return nil }
        value = value * 10 + Int64(digit - 48)
    }
    return value
}
