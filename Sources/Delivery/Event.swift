package import Content
package import Quantities

/// Identifies one exchange in which the device receives; given by ``Delivery``, never used again.
package struct IntakeID: Hashable, Sendable {
    /// Any number; equal ones are the same exchange.
    package var raw: Int64
    package init(raw: Int64) { self.raw = raw }
}

/// Identifies one request of another end that the device answers, or one push of its own; given by
/// the shell for requests (even numbers) and by ``Delivery`` for pushes (odd numbers).
package struct OutletID: Hashable, Sendable {
    /// Any number; equal ones are the same exchange.
    package var raw: Int64
    package init(raw: Int64) { self.raw = raw }
}

/// What happened, as the shell tells it.
package enum Event: Hashable, Sendable {
    /// First of all, once: what lies verified on the disk, by item key in ascending order, and the
    /// bytes that may still be written.
    case began(shelf: [Shelved], freeBytes: Int64)
    /// An item's index, checked against the manifest's digest and the signed catalogue; nil: it
    /// can't be had now, or isn't trusted.
    case index(item: String, ChunkIndex?)
    /// An intake that was asked for will bring something: told before a byte of it comes.
    case intakeBegan(IntakeID)
    /// An intake brought a whole chunk, whose bytes have this digest.
    case chunk(IntakeID, chunk: Int32, digest: Digest)
    /// A chunk that ``Action/store(_:item:chunk:)`` or ``Action/copy(item:chunk:from:fromChunk:)``
    /// named lies on the disk.
    case stored(item: String, chunk: Int32)
    /// It doesn't, and why.
    case notStored(item: String, chunk: Int32, DiskFault)
    /// An intake is over. `waste`: bytes of payload that came and were not a whole chunk.
    case intakeEnded(IntakeID, Ending, wasteBytes: Int64)
    /// Another end asks for `bytes` of an item.
    case asked(OutletID, token: String, item: String, bytes: Range<Int64>)
    /// Another end wants to send `bytes` of an item.
    case offered(OutletID, token: String, item: String, bytes: Range<Int64>)
    /// An answer or a push is over, or who asked went away before it was answered; `sentBytes` of
    /// payload went out.
    case outletEnded(OutletID, Ending, sentBytes: Int64)
    /// Nothing of an answer has moved for a second or so, although it may (who asked may be gone),
    /// or it moves again.
    case outletQuiet(OutletID, Bool)
    /// Reading a chunk to send it failed: it is not there any more.
    case unreadable(item: String, chunk: Int32)
    /// ``Action/remove(item:chunks:)`` is done.
    case removed(item: String, freeBytes: Int64)
    /// ``Action/finish(item:)`` is done: every file lies under its name, or it couldn't be done.
    case finished(item: String, DiskFault?)
    /// The time that ``Action/wake(steadyMs:)`` named has come, or the wall clock jumped.
    case tick
    /// The shell was told to stop: nothing new begins, what is under way ends.
    case stop

    /// One item on the disk.
    package struct Shelved: Hashable, Sendable {
        package var item: String
        package var chunks: RangeSet32
        /// Nothing may remove it.
        package var bought: Bool
        /// Its index, where the device knows it; of an item that the manifest names: only the one
        /// whose digest the manifest states.
        package var index: ChunkIndex?

        package init(item: String, chunks: RangeSet32, bought: Bool, index: ChunkIndex?) {
            self.item = item
            self.chunks = chunks
            self.bought = bought
            self.index = index
        }
    }
}

/// Why the disk did not do what was asked.
package enum DiskFault: Hashable, Sendable {
    case full
    case unreadable
    case unwritable
}

/// How an exchange ended.
package enum Ending: Hashable, Sendable {
    /// All that was asked for came, or went.
    case complete
    /// The other end sent a shorter beginning of the range, properly ended.
    case short
    /// The other end answered, but not with data: its status, and when it wants to be asked again.
    case refused(status: Int, retryAfterMs: Int64?)
    /// No connection could be opened.
    case unreachable
    /// The connection broke.
    case cut
    /// Nothing moved for too long.
    case stalled
    /// The other end doesn't keep to the protocol: wrong range, endless body, a redirect, nonsense.
    case malformed
    /// The device itself gave it up.
    case cancelled
}
