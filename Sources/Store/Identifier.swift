import Foundation

/// A text that is equal to another only when all bytes of their UTF-8 are, and ordered by them.
///
/// Swift's `String` takes canonically equivalent texts for equal and orders by
/// their normal form; a database, a file and a signature don't.
struct Identifier: Hashable, Comparable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (a: Self, b: Self) -> Bool {
        let equal = a.text.utf8.withContiguousStorageIfAvailable { one in
            b.text.utf8.withContiguousStorageIfAvailable { other in
                one.count == other.count
                    && (one.isEmpty || memcmp(one.baseAddress!, other.baseAddress!, one.count) == 0)
            }
        }
        return (equal ?? nil) ?? a.text.utf8.elementsEqual(b.text.utf8)
    }

    static func < (a: Self, b: Self) -> Bool {
        a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        let hashed: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        guard hashed == nil else { return }
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension String {
    /// Whether it has a NUL, before which SQLite would end it.
    var holdsNUL: Bool {
        let found = utf8.withContiguousStorageIfAvailable {
            $0.isEmpty ? false : memchr($0.baseAddress!, 0, $0.count) != nil
        }
        return found ?? utf8.contains(0)
    }
}

/// Identifiers in order, each with its position.
struct IdentifierIndex {
    /// Ascending by UTF-8 bytes.
    let texts: [String]
    private let positions: [Identifier: Int32]

    /// - Parameter texts: ascending and distinct by UTF-8 bytes, as SQLite's `ORDER BY` gives them.
    init(ascending texts: [String]) {
        self.texts = texts
        var positions: [Identifier: Int32] = [:]
        positions.reserveCapacity(texts.count)
        for (position, text) in texts.enumerated() { positions[Identifier(text)] = Int32(position) }
        self.positions = positions
    }

    /// Its position, nil when it isn't there.
    func position(of text: String) -> Int32? { positions[Identifier(text)] }
}
