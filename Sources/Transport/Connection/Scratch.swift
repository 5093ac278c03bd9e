/// Memory in which heads are looked at, shared by connections of one thread; used within one call
/// at a time.
final class Scratch {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 16) }

    deinit { bytes.deallocate() }
}
