/// The next piece of raw input, possibly compressed; empty at its end, and not called again after
/// that.
///
/// What it throws passes through the readers unchanged.
package typealias ReadBytes = () throws -> [UInt8]

/// How much a reader takes before it refuses an input; bounds the work that a hostile file can
/// cause.
package struct InputLimits: Hashable, Sendable {
    /// The most bytes that an input may have once decompressed.
    package var totalBytes: Int64
    /// The most decompressed bytes for each compressed one, looked at beyond ``freeBytes``.
    package var ratio: Int64
    /// Decompressed bytes for which the ratio doesn't matter: short repetitive files are no bombs.
    package var freeBytes: Int64

    package init(
        totalBytes: Int64 = 256 << 30, ratio: Int64 = 250, freeBytes: Int64 = 64 << 20
    ) {
        self.totalBytes = totalBytes
        self.ratio = ratio
        self.freeBytes = freeBytes
    }
}
