import Glibc

/// The C library's allocator.
enum Allocator {
    /// Makes freed blocks of up to 32 MiB stay with the process, so that buffers of a few megabytes
    /// aren't paged in anew each time: sealing runs at a third of its speed otherwise.
    static func keepLargeBlocks() {
        // The C library declares `mallopt` in a header that Swift's module map lacks; the numbers
        // are M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of mallopt(3).
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let setOption = unsafeBitCast(
            symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
        _ = setOption(-3, 32 << 20)
        _ = setOption(-1, 256 << 20)
    }
}
