/// Reads what ``ByteWriter`` wrote; never traps, whatever the bytes are.
public struct ByteReader: Sendable {
    /// Why bytes can't be read.
    public enum Fault: Error, Hashable, Sendable {
        /// They end too early.
        case truncated
        /// An integer is above what its place allows.
        case outOfRange
        /// A text is not UTF-8.
        case notUTF8
    }

    private let bytes: [UInt8]
    /// Where the next byte is read.
    public private(set) var position: Int
    /// Where reading ends.
    public let end: Int

    /// Reads `bytes` from the first to the last.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    /// Reads the part `range` of `bytes`, which is cut to what is there.
    public init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        let part = range.clamped(to: 0..<bytes.count)
        position = part.lowerBound
        end = part.upperBound
    }

    /// How many bytes are left.
    public var remaining: Int { end - position }

    /// One byte.
    public mutating func byte() throws(Fault) -> UInt8 {
        guard position < end else { throw .truncated }
        position += 1
        return bytes[position - 1]
    }

    /// An integer that ``ByteWriter/append(varint:)`` wrote.
    public mutating func varint() throws(Fault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let next = bytes[position]
            position += 1
            guard shift < 63 || next <= 1 else { throw .outOfRange }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        throw .truncated
    }

    /// A varint that is at most `limit`.
    public mutating func count(upTo limit: Int) throws(Fault) -> Int {
        let value = try varint()
        guard value <= UInt64(max(limit, 0)) else { throw .outOfRange }
        return Int(value)
    }

    /// A varint that fits 31 bits.
    public mutating func int32() throws(Fault) -> Int32 {
        Int32(truncatingIfNeeded: try count(upTo: Int(Int32.max)))
    }

    /// An integer that ``ByteWriter/append(signed:)`` wrote.
    public mutating func signed() throws(Fault) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A block that ``ByteWriter/append(block:)`` wrote.
    public mutating func block() throws(Fault) -> [UInt8] {
        let length = try count(upTo: Int.max)
        guard length <= remaining else { throw .truncated }
        position += length
        return Array(bytes[(position - length)..<position])
    }

    /// A text that ``ByteWriter/append(text:)`` wrote.
    public mutating func text() throws(Fault) -> String {
        guard let text = String(validating: try block(), as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}
