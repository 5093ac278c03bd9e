import CZlib

/// Inflates a gzip file (RFC 1952): members one after the other, as `cat` and log rotation leave
/// them, and zeros after the last, as tapes do.
@safe final class GzipDecompressor: Decompressor {
    private enum Place {
        case inMember
        case betweenMembers
        case inPadding
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var place = Place.betweenMembers

    /// - Throws: `CompressionFault` when there is no memory.
    init() throws {
        // Safe: the stream stays at this address, zeroed as zlib wants it, until `deinit` frees it.
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else {
            unsafe stream.deallocate()
            throw CompressionFault(code: "E_GZIP", message: "no memory to decompress the file")
        }
    }

    deinit {
        // Safe: initialised in `init`, freed once.
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    var isAtEnd: Bool { place != .inMember }

    func decompress(_ input: [UInt8], at: inout Int, limit: Int) throws -> [UInt8] {
        if place != .inMember { try begin(input, at: &at) }
        guard place == .inMember else { return [] }
        let (code, output) = inflate(input, &at, limit)
        switch code {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: place = .betweenMembers
        default:
            throw CompressionFault(
                code: "E_GZIP", message: "the gzip data is damaged", hint: "fetch the file again")
        }
        return output
    }

    /// Looks at what follows a member: another one, zeros, or something that doesn't belong there.
    private func begin(_ input: [UInt8], at: inout Int) throws {
        guard at < input.count else { return }
        if input[at] == 0x1F, place == .betweenMembers {
            // Safe: an initialised stream.
            unsafe inflateReset(stream)
            return place = .inMember
        }
        place = .inPadding
        guard input[at...].allSatisfy({ $0 == 0 }) else {
            throw CompressionFault(
                code: "E_GZIP", message: "something that isn't gzip follows the gzip data",
                hint: "fetch the file again")
        }
        at = input.count
    }

    /// One call of zlib's.
    private func inflate(_ input: [UInt8], _ at: inout Int, _ limit: Int) -> (Int32, [UInt8]) {
        let size = min(input.count - at, 1 << 30)
        var code = Z_OK
        // Safe: zlib reads at most `avail_in` bytes from `next_in` and writes at most `avail_out`
        // to `next_out`; both buffers are alive and at least that long during the call, and zlib is
        // given new pointers at the next one. As many bytes as it says it wrote are initialised.
        let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            unsafe input.withUnsafeBufferPointer { source in
                unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(
                    mutating: source.baseAddress.map { unsafe $0 + at })
                unsafe stream.pointee.avail_in = UInt32(size)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = UInt32(limit)
                code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            }
            count = unsafe limit - Int(stream.pointee.avail_out)
        }
        at += unsafe size - Int(stream.pointee.avail_in)
        return (code, output)
    }
}
