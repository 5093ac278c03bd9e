import Quantities

extension PlanDocument {
    /// The document that ``encoded()`` gave these bytes for.
    ///
    /// Whatever the bytes are, this returns or throws: what it returns has all
    /// its positions within its tables, slots within the night, and chunks
    /// within their items.
    package init(decoding bytes: [UInt8]) throws(PlanDocumentError) {
        let body = try PlanDocument.body(of: bytes)
        do {
            var reader = PlanBodyReader(bytes, in: body)
            self = try reader.document()
        } catch {
            throw PlanDocumentError(.corrupt, "the plan is damaged inside (\(error))")
        }
    }

    /// Where the body lies, once magic, version, length and checksum hold.
    private static func body(of bytes: [UInt8]) throws(PlanDocumentError) -> Range<Int> {
        guard !bytes.isEmpty, bytes.starts(with: PlanFormat.magic.prefix(bytes.count)) else {
            throw PlanDocumentError(.notAPlan, "the file is not a plan")
        }
        let truncated = PlanDocumentError(.truncated, "the plan ends too early")
        guard bytes.count > PlanFormat.magic.count else { throw truncated }
        var reader = ByteReader(bytes, in: PlanFormat.magic.count..<bytes.count)
        guard let version = try? reader.varint() else { throw truncated }
        guard version == PlanFormat.version else {
            throw PlanDocumentError(
                .newerVersion,
                "the plan has format \(version), this program knows \(PlanFormat.version)")
        }
        guard let length = try? reader.count(upTo: Int(Int32.max)) else { throw truncated }
        let end = reader.position + length
        guard end + PlanFormat.checksumBytes <= bytes.count else { throw truncated }
        guard end + PlanFormat.checksumBytes == bytes.count else {
            throw PlanDocumentError(.corrupt, "something follows the end of the plan")
        }
        var stated: UInt64 = 0
        for byte in bytes[end...].reversed() { stated = stated << 8 | UInt64(byte) }
        guard stated == PlanFormat.checksum(bytes[..<end]) else {
            throw PlanDocumentError(
                .corrupt, "the plan's checksum is wrong: its bytes were changed")
        }
        return reader.position..<end
    }
}
