import CZstd

/// Decompresses zstd frames (RFC 8878) one after the other; skippable frames are skipped.
///
/// A frame that needs a window above 128 MiB is refused, so that memory stays bounded.
@safe final class ZstdDecompressor: Decompressor {
    private let stream: OpaquePointer
    private(set) var isAtEnd = true

    /// - Throws: `CompressionFault` when there is no memory.
    init() throws {
        // Safe: freed once, in `deinit`.
        guard let stream = unsafe ZSTD_createDCtx() else {
            throw CompressionFault(code: "E_ZSTD", message: "no memory to decompress the file")
        }
        unsafe self.stream = stream
        unsafe ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
    }

    deinit {
        // Safe: created in `init`, freed once.
        unsafe ZSTD_freeDCtx(stream)
    }

    func decompress(_ input: [UInt8], at: inout Int, limit: Int) throws -> [UInt8] {
        var (code, used) = (0, at)
        // Safe: zstd reads within `source` and writes within `target`, which are alive and as long
        // as stated; as many bytes as it says it wrote are initialised.
        let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            unsafe input.withUnsafeBytes { source in
                var from = unsafe ZSTD_inBuffer(
                    src: source.baseAddress, size: source.count, pos: at)
                var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: limit, pos: 0)
                code = unsafe ZSTD_decompressStream(stream, &to, &from)
                (used, count) = unsafe (from.pos, to.pos)
            }
        }
        guard ZSTD_isError(code) == 0 else { throw fault(code) }
        // At the end of a frame the code is 0; a call that neither reads nor writes then begins no
        // new one.
        if used > at || !output.isEmpty { isAtEnd = code == 0 }
        at = used
        return output
    }

    private func fault(_ code: Int) -> CompressionFault {
        if ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge {
            return CompressionFault(
                code: "E_ZSTD", message: "the zstd data needs a window above 128 MiB",
                hint: "compress it without --long, or with --long=27")
        }
        return CompressionFault(
            code: "E_ZSTD", message: "the zstd data is damaged, or something else follows it",
            hint: "fetch the file again")
    }
}
