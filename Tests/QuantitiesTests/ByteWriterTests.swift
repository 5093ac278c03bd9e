import Quantities
import Testing

/// Varints and texts: identity, lengths, and what bytes that nobody wrote lead to.
struct ByteWriterTests {
    private static let edges: [UInt64] =
        [0, 1, 127, 128, 16_383, 16_384, UInt64.max - 1, UInt64.max]
        + (1..<64).flatMap { shift in [1 << UInt64(shift) - 1, 1 << UInt64(shift)] }

    @Test func `what was written is read`() throws {
        var writer = ByteWriter()
        for value in ByteWriterTests.edges {
            writer.append(varint: value)
            writer.append(signed: Int64(bitPattern: value))
            writer.append(byte: UInt8(truncatingIfNeeded: value))
            writer.append(text: "\(value) é\u{10FFFF}")
        }
        writer.append(block: [])
        var reader = ByteReader(writer.bytes)
        for value in ByteWriterTests.edges {
            #expect(try reader.varint() == value)
            #expect(try reader.signed() == Int64(bitPattern: value))
            #expect(try reader.byte() == UInt8(truncatingIfNeeded: value))
            #expect(try reader.text() == "\(value) é\u{10FFFF}")
        }
        #expect(try reader.block().isEmpty)
        #expect(reader.remaining == 0)
        #expect(throws: ByteReader.Fault.truncated) { try reader.byte() }
    }

    @Test(
        arguments: [
            (0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (UInt64.max >> 1, 9),
            (UInt64.max, 10),
        ] as [(UInt64, Int)])
    func `a varint takes a byte for each seven bits`(value: UInt64, length: Int) {
        var writer = ByteWriter()
        writer.append(varint: value)
        #expect(writer.bytes.count == length)
    }

    @Test func `numbers near zero are short, whatever their sign`() {
        for value in -64...63 as ClosedRange<Int64> {
            var writer = ByteWriter()
            writer.append(signed: value)
            #expect(writer.bytes.count == 1)
        }
    }

    @Test func `faults are told`() {
        func fault(_ bytes: [UInt8], _ read: (inout ByteReader) throws -> Void) -> ByteReader.Fault?
        {
            var reader = ByteReader(bytes)
            do { try read(&reader) } catch { return error as? ByteReader.Fault }
            return nil
        }
        let tooLong = [UInt8](repeating: 0xFF, count: 9) + [2]
        #expect(fault([], { _ = try $0.varint() }) == .truncated)
        #expect(fault([0x80], { _ = try $0.varint() }) == .truncated)
        #expect(fault(tooLong, { _ = try $0.varint() }) == .outOfRange)
        #expect(fault([9], { _ = try $0.count(upTo: 8) }) == .outOfRange)
        #expect(fault([0], { _ = try $0.count(upTo: -1) }) == nil)
        #expect(fault([0x80, 0x80, 0x80, 0x80, 0x08], { _ = try $0.int32() }) == .outOfRange)
        #expect(fault([3, 65, 66], { _ = try $0.text() }) == .truncated)
        #expect(fault([2, 0xC3, 0x28], { _ = try $0.text() }) == .notUTF8)
    }

    @Test func `reads a part as if it were all`() throws {
        var reader = ByteReader([1, 2, 3, 0x80, 5], in: 1..<4)
        #expect(try reader.byte() == 2)
        #expect(try reader.varint() == 3)
        #expect(reader.position == 3)
        #expect(throws: ByteReader.Fault.truncated) { try reader.varint() }
        #expect(ByteReader([1, 2], in: 5..<9).remaining == 0)
    }
}
