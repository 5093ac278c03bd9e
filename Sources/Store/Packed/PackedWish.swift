import Quantities

/// One entry of a device's packed wishes.
///
/// A packed row is: the format (1); the number of entries; for each, ascending
/// by name, the difference of its name from the one before, twice its rank
/// plus one when it ends, and its end.
struct PackedWish: Hashable {
    /// `wished_name.id`.
    var name: Int32
    var rank: Int32
    var wantedUntil: Instant?

    /// The first byte of a packed row.
    static let format: UInt8 = 1

    /// A whole row. `wishes` ascend by name, no two alike; equal ones give equal bytes.
    static func packed(_ wishes: [PackedWish]) -> [UInt8] {
        var writer = ByteWriter(capacity: 4 + 4 * wishes.count)
        writer.append(byte: format)
        writer.append(varint: UInt64(wishes.count))
        var name: Int32 = 0
        for wish in wishes {
            writer.append(varint: UInt64(wish.name - name))
            wish.writeFields(into: &writer)
            name = wish.name
        }
        return writer.bytes
    }

    /// What ``packed(_:)`` was given.
    static func unpacked(_ bytes: [UInt8]) throws(ByteReader.Fault) -> [PackedWish] {
        var reader = ByteReader(bytes)
        guard try reader.byte() == format else { throw .outOfRange }
        let count = try reader.count(upTo: reader.remaining)
        var wishes: [PackedWish] = []
        wishes.reserveCapacity(count)
        var name: Int32 = 0
        for _ in 0..<count {
            name += Int32(try reader.count(upTo: Int(Int32.max - name)))
            wishes.append(try read(name: name, from: &reader))
        }
        guard reader.remaining == 0 else { throw .outOfRange }
        return wishes
    }

    /// Writes all but the name.
    func writeFields(into writer: inout ByteWriter) {
        writer.append(signed: Int64(rank) * 2 + (wantedUntil == nil ? 0 : 1))
        if let wantedUntil { writer.append(signed: wantedUntil.seconds) }
    }

    /// Reads all but the name.
    static func read(name: Int32, from reader: inout ByteReader) throws(ByteReader.Fault)
        -> PackedWish
    {
        let doubled = try reader.signed()
        guard let rank = Int32(exactly: doubled >> 1) else { throw .outOfRange }
        let until = doubled & 1 == 0 ? nil : Instant(seconds: try reader.signed())
        return PackedWish(name: name, rank: rank, wantedUntil: until)
    }
}
