/// What goes out: bytes, then, under a pace, a part of a file.
final class Outflow {
    /// A part of a file.
    struct FilePart {
        var file: Int32
        var offset: Int64
        var remainingBytes: Int64
        var pacer: Pacer
    }

    var bytes: ArraySlice<UInt8>
    var part: FilePart?
    /// Called once, when all of it went.
    let onDone: () -> Void

    init(_ bytes: [UInt8], part: FilePart? = nil, onDone: @escaping () -> Void) {
        self.bytes = bytes[...]
        self.part = part
        self.onDone = onDone
    }

    var isWaiting: Bool { part?.pacer.isWaiting ?? false }
    var sentBytes: Int64 { part?.pacer.movedBytes ?? 0 }
}
