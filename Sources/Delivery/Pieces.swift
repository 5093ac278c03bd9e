import Manifest
import Quantities

/// What the manifest fetches, piece by piece, in order of time.
///
/// Decides which pieces have come up. Invariants: ``all`` ascends by start; every piece before
/// ``next`` has come up once, and stays in ``open`` until all its chunks are there, whatever the
/// clock does.
struct Pieces: Sendable {
    struct Piece: Hashable, Sendable {
        let stock: Int
        var chunks: Range<Int32>
        let startsMs: Int64
        let endsMs: Int64
        let end: Int
        let source: ManifestContent.End
        let connects: Bool
        let token: String
        var bytesPerSecond: Int64
        /// Received in planned exchanges, for the pace of the next one.
        var movedBytes: Int64 = 0
        /// The planned exchange under way.
        var intake: IntakeID?
        /// That exchange is too slow: fall-backs are asked beside it.
        var released = false
        /// The source said no, so many times in a row, and when to ask again.
        var refusals = 0
        var nextTryMs = Int64.min
        /// What it said last is that it won't have it, not only that it hasn't now.
        var isDenied = false
    }

    var all: [Piece]
    /// The first that hasn't come up.
    private(set) var next = 0
    /// Numbers of those that have and are not complete, ascending.
    var open: [Int] = []

    /// Takes pieces in any order.
    init(_ pieces: [Piece]) {
        all = []
        let sorted = pieces.enumerated().sorted {
            ($0.element.startsMs, $0.element.stock, $0.offset)
                < ($1.element.startsMs, $1.element.stock, $1.offset)
        }
        for (_, piece) in sorted {
            if let last = all.last, last.continues(in: piece) {
                all[all.count - 1].chunks = last.chunks.lowerBound..<piece.chunks.upperBound
                all[all.count - 1].bytesPerSecond += piece.bytesPerSecond
            } else {
                all.append(piece)
            }
        }
    }

    /// Brings up what starts before `wallMs`.
    mutating func comeUp(before wallMs: Int64) {
        while next < all.count, all[next].startsMs <= wallMs {
            open.append(next)
            next += 1
        }
    }

    /// Numbers of those that come up before `wallMs` and haven't, in order.
    func coming(before wallMs: Int64) -> Range<Int> {
        next..<(all[next...].firstIndex { $0.startsMs > wallMs } ?? all.count)
    }

    /// When the next piece starts.
    var nextStartMs: Int64? { next < all.count ? all[next].startsMs : nil }
}

extension Pieces.Piece {
    /// Whether `other` is the same exchange, a little further on.
    fileprivate func continues(in other: Self) -> Bool {
        stock == other.stock && startsMs == other.startsMs && endsMs == other.endsMs
            && end == other.end && source == other.source && connects == other.connects
            && token == other.token && chunks.upperBound == other.chunks.lowerBound
    }

    /// How fast it may go from now on, so that it has never moved more since its slot began than
    /// its rate allows.
    func pace(_ moment: Moment, burstBytes: Int64) -> Pace {
        Pace(
            from: startsMs, until: endsMs, bytesPerSecond: bytesPerSecond, moved: movedBytes,
            burstBytes: burstBytes, moment)
    }
}

extension Pace {
    /// The pace of a planned movement of which `moved` bytes are over.
    init(
        from startsMs: Int64, until endsMs: Int64, bytesPerSecond: Int64, moved: Int64,
        burstBytes: Int64, _ moment: Moment
    ) {
        let shift = moved * 1000 / max(1, bytesPerSecond)
        let from = moment.steady(atWallMs: startsMs) + shift
        self.init(
            fromSteadyMs: from, untilSteadyMs: moment.steady(atWallMs: endsMs),
            bytesPerSecond: bytesPerSecond, burstBytes: burstBytes, order: startsMs)
    }

    /// No pace of its own.
    init(order: Int64, _ moment: Moment) {
        self.init(
            fromSteadyMs: moment.steadyMs, untilSteadyMs: moment.steadyMs,
            bytesPerSecond: 1, burstBytes: 1, order: order)
    }
}
