import Glibc

// Calls of Linux that the Glibc module doesn't show, since it is built without GNU's extensions.

enum LinuxCalls {
    /// `lseek`'s word for "the next byte that isn't in a hole" (lseek(2)).
    static let seekData: Int32 = 3

    private typealias Fallocate = @convention(c) (Int32, Int32, Int64, Int64) -> Int32
    private typealias SyncRange = @convention(c) (Int32, Int64, Int64, UInt32) -> Int32

    /// Gives the disk the space of a part of a file back; the file keeps its size (fallocate(2)).
    /// False where the disk can't.
    static func punchHole(_ file: Int32, _ range: Range<Int64>) -> Bool {
        // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
        let mode: Int32 = 1 | 2
        guard let address = dlsym(nil, "fallocate64") else { return false }
        // The C library declares it so: int fallocate64(int, int, off64_t, off64_t).
        let call = unsafeBitCast(address, to: Fallocate.self)
        return call(file, mode, range.lowerBound, range.upperBound - range.lowerBound) == 0
    }

    /// Begins to bring a part of a file to the disk and doesn't wait for it (sync_file_range(2)),
    /// so that a later fsync has little left to do.
    static func beginWriting(_ file: Int32, _ range: Range<Int64>) {
        guard let address = dlsym(nil, "sync_file_range") else { return }
        // The C library declares it so: int sync_file_range(int, off64_t, off64_t, unsigned).
        let call = unsafeBitCast(address, to: SyncRange.self)
        // SYNC_FILE_RANGE_WRITE
        _ = call(file, range.lowerBound, range.upperBound - range.lowerBound, 2)
    }
}
