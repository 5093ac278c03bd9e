package import Quantities

/// Writes JSON that is in the canonical form of RFC 8785 (JCS) by construction.
///
/// The form asks for UTF-8, no blanks, members ordered by UTF-16 code units,
/// ECMAScript numbers and the shortest escapes. This writer takes ASCII keys in
/// ascending order (where bytes and code units order alike) and integers below
/// 2⁵³ (whose ECMAScript form is their digits), so that the bytes that are signed
/// never depend on who prints them.
///
/// Cost: linear in the bytes written.
package struct CanonicalWriter {
    /// The greatest integer that every JSON reader keeps exact: 2⁵³ - 1.
    package static let integerLimit: Int64 = 9_007_199_254_740_991

    /// What was written so far.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false
    /// The last key of the open object; empty when it has none.
    private var lastKey = ""

    /// An empty text, with room for that many bytes.
    package init(reservingBytes capacity: Int = 0) { bytes.reserveCapacity(capacity) }
}

// Values

extension CanonicalWriter {
    /// An integer, of a magnitude up to ``integerLimit``.
    package mutating func value(_ integer: Int64) {
        precondition(
            integer.magnitude <= CanonicalWriter.integerLimit.magnitude,
            "an integer of a manifest is below 2⁵³")
        separate()
        bytes.append(decimal: integer)
    }

    /// True or false.
    package mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// Text, quoted and escaped.
    package mutating func value(_ text: String) {
        separate()
        bytes.append(quoted: text)
    }

    /// Null: for what isn't known.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// RFC 3339 in UTC, to the second, quoted.
    package mutating func value(_ instant: Instant) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(instant: instant)
        bytes.append(UInt8(ascii: "\""))
    }

    /// An object; `members` writes its members in ascending order of their keys.
    @inline(__always)
    package mutating func object(_ members: (inout CanonicalWriter) -> Void) {
        separate()
        let outerKey = lastKey
        lastKey = ""
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
        lastKey = outerKey
    }

    /// An array; `write` writes exactly one value for each element.
    @inline(__always)
    package mutating func array<Element>(
        _ elements: [Element], _ write: (inout CanonicalWriter, Element) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        for element in elements { write(&self, element) }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }
}

// Members of the open object, in ascending order of their keys

extension CanonicalWriter {
    /// An integer.
    package mutating func member(_ key: String, _ integer: Int64) {
        name(key)
        value(integer)
    }

    /// An integer.
    package mutating func member(_ key: String, _ integer: Int32) { member(key, Int64(integer)) }

    /// True or false.
    package mutating func member(_ key: String, _ flag: Bool) {
        name(key)
        value(flag)
    }

    /// Text.
    package mutating func member(_ key: String, _ text: String) {
        name(key)
        value(text)
    }

    /// A time, to the second.
    package mutating func member(_ key: String, _ instant: Instant) {
        name(key)
        value(instant)
    }

    /// An object, see ``object(_:)``.
    package mutating func member(_ key: String, object members: (inout CanonicalWriter) -> Void) {
        name(key)
        object(members)
    }

    /// An array, see ``array(_:_:)``.
    package mutating func member<Element>(
        _ key: String, array: [Element], _ write: (inout CanonicalWriter, Element) -> Void
    ) {
        name(key)
        self.array(array, write)
    }

    /// Writes the key alone; exactly one value must follow.
    ///
    /// The key needs no escapes. That it is ASCII and above the one before is checked in debug
    /// builds only: the keys of manifests are fixed, but for those of items, which their writer
    /// checks.
    package mutating func name(_ key: String) {
        assert(
            lastKey < key
                && key.utf8.allSatisfy { (0x20..<0x80).contains($0) && ![0x22, 0x5C].contains($0) },
            "the keys of an object are ASCII and ascend")
        lastKey = key
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }
}

// Bytes

extension CanonicalWriter {
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
