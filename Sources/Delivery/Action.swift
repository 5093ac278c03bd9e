package import Manifest
package import Quantities

/// What the shell shall do, in the order given.
package enum Action: Hashable, Sendable {
    /// Get the index of an item, from `ends` in order; answered by ``Event/index(item:_:)``.
    case needIndex(item: String, digest: Digest, ends: [ManifestContent.End])
    /// Ask an end for chunks of an item; each whole chunk is answered by
    /// ``Event/chunk(_:chunk:digest:)``, the end by ``Event/intakeEnded(_:_:wasteBytes:)``.
    case pull(IntakeID, Pull)
    /// Take what another end offered: the chunks come as if they had been asked for.
    case accept(OutletID, IntakeID, Pull)
    /// Give an intake up; it ends as ``Ending/cancelled``.
    case cancel(IntakeID)
    /// The chunk that just came is good: write it, and say when it lies there.
    case store(IntakeID, item: String, chunk: Int32)
    /// The chunk that just came is of no use: forget it.
    case discard(IntakeID, chunk: Int32)
    /// A chunk of another item on the disk has the same digest: copy it, after checking it.
    case copy(item: String, chunk: Int32, from: String, fromChunk: Int32)
    /// Delete chunks of an item; nil: whatever there is of it.
    case remove(item: String, chunks: RangeSet32?)
    /// All chunks are there: publish the item under its name, and mark that it may be bought.
    case finish(item: String, mayBeBought: Bool)
    /// Send what was asked for.
    case send(OutletID, Send)
    /// An answer that was begun ahead of its slot goes at this pace from now on; what has moved
    /// doesn't count in it.
    case hasten(OutletID, Pace)
    /// Open a connection and send, as the manifest says.
    case push(OutletID, to: ManifestContent.End, token: String, Send)
    /// Don't; with the HTTP status, and when asking again makes sense.
    case refuse(OutletID, status: Int, retryAfterMs: Int64?)
    /// End an answer or a push that is under way.
    case hangUp(OutletID)
    /// Something that the report tells.
    case note(Note)
    /// Send ``Event/tick`` at this time of the steady clock; replaces the one before.
    case wake(steadyMs: Int64)
    /// Nothing is left to do tonight.
    case done

    /// What is asked for.
    package struct Pull: Hashable, Sendable {
        package var end: ManifestContent.End
        package var token: String
        /// The path at the end, without a leading slash: an item key, or an origin's path.
        package var path: String
        package var item: String
        package var chunks: ClosedRange<Int32>
        /// Bytes of the item, from the first chunk's first to the last chunk's last.
        package var bytes: Range<Int64>
        /// The sizes of the chunks, in order.
        package var chunkBytes: [Int64]
        package var pace: Pace

        package init(
            end: ManifestContent.End, token: String, path: String, item: String,
            chunks: ClosedRange<Int32>, bytes: Range<Int64>, chunkBytes: [Int64], pace: Pace
        ) {
            self.end = end
            self.token = token
            self.path = path
            self.item = item
            self.chunks = chunks
            self.bytes = bytes
            self.chunkBytes = chunkBytes
            self.pace = pace
        }
    }

    /// What is sent.
    package struct Send: Hashable, Sendable {
        package var item: String
        /// Bytes of the item; all in chunks that the device holds.
        package var bytes: Range<Int64>
        package var pace: Pace

        package init(item: String, bytes: Range<Int64>, pace: Pace) {
            self.item = item
            self.bytes = bytes
            self.pace = pace
        }
    }
}

/// How fast an exchange may go, beside the limits of the whole line.
///
/// At steady time `t` no more than `burstBytes + bytesPerSecond · (t − fromSteadyMs)` bytes have
/// moved; from `untilSteadyMs` on the line alone limits it. Of several exchanges that want the
/// line, the one with the lowest `order` goes first.
package struct Pace: Hashable, Sendable {
    /// When the allowance begins to grow, on the steady clock; may lie in the future or the past.
    package var fromSteadyMs: Int64
    /// When it ends, on the steady clock; not after now: there is none.
    package var untilSteadyMs: Int64
    /// At least 1.
    package var bytesPerSecond: Int64
    /// What may move at once: at least a chunk, where there is a pace.
    package var burstBytes: Int64
    /// Of what is planned the slot's beginning, later still for what wasn't planned.
    package var order: Int64

    package init(
        fromSteadyMs: Int64, untilSteadyMs: Int64, bytesPerSecond: Int64, burstBytes: Int64,
        order: Int64
    ) {
        self.fromSteadyMs = fromSteadyMs
        self.untilSteadyMs = untilSteadyMs
        self.bytesPerSecond = bytesPerSecond
        self.burstBytes = burstBytes
        self.order = order
    }
}

/// One line of what a device reports after a night: what one end sent it of one piece.
package struct Note: Hashable, Sendable {
    /// What came of it.
    package enum Result: String, Hashable, Sendable, CaseIterable {
        /// All of it came.
        case complete
        /// Some of it came.
        case partial
        /// Nothing came, or the exchange broke.
        case failed
        /// The end sent bytes that weren't the chunk's.
        case corrupt
        /// The end said no.
        case refused
        /// It was on the disk already, in another item.
        case local
    }

    package var item: String
    /// What came and was stored; empty when nothing was.
    package var chunks: RangeSet32
    /// The end that sent, or should have sent: empty for ``Result/local``.
    package var source: ManifestContent.End?
    /// Payload that counts.
    package var bytes: Int64
    /// Payload that came and was of no use.
    package var wasteBytes: Int64
    /// From the request to the last byte.
    package var durationMs: Int64
    /// When the exchange ended.
    package var at: Moment
    /// Whether the device or the other end held the rate down.
    package var paced: Bool
    package var result: Result

    package init(
        item: String, chunks: RangeSet32, source: ManifestContent.End?, bytes: Int64,
        wasteBytes: Int64, durationMs: Int64, at: Moment, paced: Bool, result: Result
    ) {
        self.item = item
        self.chunks = chunks
        self.source = source
        self.bytes = bytes
        self.wasteBytes = wasteBytes
        self.durationMs = durationMs
        self.at = at
        self.paced = paced
        self.result = result
    }
}
