import Fleet
import Quantities

/// One entry of a device's packed holdings.
///
/// A packed row is: the format (1); the number of entries; for each, ascending
/// by name, the difference of its name from the one before, and its fields.
/// The fields are a byte of flags (``Flag``); the chunk ranges when they are
/// not all, as their number and for each the gap from the one before and its
/// length; the bytes; the time, as the difference from the last one stated.
/// About three bytes for an entry whose chunks are all there.
struct PackedHolding: Hashable {
    /// `held_name.id`.
    var name: Int32
    var chunks: Holding.Chunks = .all
    /// Nil: not stated.
    var area: Holding.Area?
    var bought = false
    var bytes: Int64?
    var observedAt: Instant?

    /// The first byte of a packed row.
    static let format: UInt8 = 1

    enum Flag {
        static let ranges: UInt8 = 1
        static let stated: UInt8 = 2
        static let wish: UInt8 = 4
        static let bought: UInt8 = 8
        static let bytes: UInt8 = 16
        static let observed: UInt8 = 32
        /// Of a collected row only: it removes.
        static let removal: UInt8 = 64
    }
}

extension PackedHolding {
    /// A whole row. `holdings` ascend by name, no two alike; equal ones give equal bytes.
    static func packed(_ holdings: [PackedHolding]) -> [UInt8] {
        var writer = ByteWriter(capacity: 4 + 5 * holdings.count)
        writer.append(byte: format)
        writer.append(varint: UInt64(holdings.count))
        var name: Int32 = 0
        var time: Int64 = 0
        for holding in holdings {
            writer.append(varint: UInt64(holding.name - name))
            holding.writeFields(into: &writer, flags: 0, time: time)
            name = holding.name
            time = holding.observedAt?.seconds ?? time
        }
        return writer.bytes
    }

    /// What ``packed(_:)`` was given.
    static func unpacked(_ bytes: [UInt8]) throws(ByteReader.Fault) -> [PackedHolding] {
        var reader = ByteReader(bytes)
        guard try reader.byte() == format else { throw .outOfRange }
        let count = try reader.count(upTo: reader.remaining)
        var holdings: [PackedHolding] = []
        holdings.reserveCapacity(count)
        var name: Int32 = 0
        var time: Int64 = 0
        for _ in 0..<count {
            name += Int32(try reader.count(upTo: Int(Int32.max - name)))
            let (holding, _) = try read(name: name, from: &reader, time: time)
            time = holding.observedAt?.seconds ?? time
            holdings.append(holding)
        }
        guard reader.remaining == 0 else { throw .outOfRange }
        return holdings
    }

    /// Writes all but the name.
    func writeFields(into writer: inout ByteWriter, flags: UInt8, time: Int64) {
        var flags = flags | (bought ? Flag.bought : 0)
        if let area { flags |= Flag.stated | (area == .wish ? Flag.wish : 0) }
        if bytes != nil { flags |= Flag.bytes }
        if observedAt != nil { flags |= Flag.observed }
        if case .some = chunks { flags |= Flag.ranges }
        writer.append(byte: flags)
        if case .some(let set) = chunks { PackedHolding.write(set, into: &writer) }
        if let bytes { writer.append(signed: bytes) }
        if let observedAt { writer.append(signed: observedAt.seconds &- time) }
    }

    /// Reads all but the name; second, whether the row removes.
    static func read(name: Int32, from reader: inout ByteReader, time: Int64)
        throws(ByteReader.Fault) -> (PackedHolding, Bool)
    {
        let flags = try reader.byte()
        var holding = PackedHolding(name: name, bought: flags & Flag.bought != 0)
        if flags & Flag.stated != 0 { holding.area = flags & Flag.wish != 0 ? .wish : .cache }
        if flags & Flag.ranges != 0 { holding.chunks = .some(try ranges(from: &reader)) }
        if flags & Flag.bytes != 0 { holding.bytes = try reader.signed() }
        if flags & Flag.observed != 0 {
            holding.observedAt = Instant(seconds: try reader.signed() &+ time)
        }
        return (holding, flags & Flag.removal != 0)
    }

    private static func write(_ set: RangeSet32, into writer: inout ByteWriter) {
        writer.append(varint: UInt64(set.ranges.count))
        var end: Int32 = 0
        for range in set.ranges {
            writer.append(signed: Int64(range.lowerBound) - Int64(end))
            writer.append(varint: UInt64(range.count))
            end = range.upperBound
        }
    }

    private static func ranges(from reader: inout ByteReader) throws(ByteReader.Fault) -> RangeSet32
    {
        let count = try reader.count(upTo: reader.remaining)
        var ranges: [Range<Int32>] = []
        ranges.reserveCapacity(count)
        var end: Int64 = 0
        for _ in 0..<count {
            let (lower, overflow) = end.addingReportingOverflow(try reader.signed())
            let length = try reader.count(upTo: Int(UInt32.max))
            guard !overflow, let first = Int32(exactly: lower),
                let past = Int32(exactly: Int64(first) + Int64(length))
            else { throw .outOfRange }
            ranges.append(first..<past)
            end = Int64(past)
        }
        return RangeSet32(ranges)
    }
}
