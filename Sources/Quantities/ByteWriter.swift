/// Writes the compact integers that packed rows, plan documents and digests are made of.
///
/// A varint is little-endian base 128, the high bit meaning "more follows"
/// (LEB128, as in DWARF and Protocol Buffers): 1 byte up to 127, 10 at most.
@frozen
public struct ByteWriter: Sendable {
    /// What was written so far.
    public var bytes: [UInt8]

    /// An empty writer with room for `capacity` bytes.
    @inlinable
    public init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// One byte.
    @inlinable
    public mutating func append(byte: UInt8) { bytes.append(byte) }

    /// An integer that is never negative: 1 to 10 bytes.
    @inlinable
    public mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// An integer of either sign, those near 0 shortest: 0, -1, 1, -2 … as 0, 1, 2, 3 ….
    @inlinable
    public mutating func append(signed value: Int64) {
        append(varint: UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// A length and that many bytes.
    @inlinable
    public mutating func append(block: some Collection<UInt8>) {
        append(varint: UInt64(block.count))
        bytes.append(contentsOf: block)
    }

    /// A text as the length and bytes of its UTF-8.
    @inlinable
    public mutating func append(text: String) {
        append(varint: UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}
