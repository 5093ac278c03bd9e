import Manifest
import Quantities

/// The exchanges in which the device receives.
///
/// Invariants: ``live`` ascends by number, and a number is never given twice; an intake owns the
/// chunks `next..<limit`, which are taken in its stock and owned by no other; chunks come in order.
/// One that is released owns none.
struct Intakes: Sendable {
    struct Intake: Sendable {
        let id: IntakeID
        let stock: Int
        let end: Int
        let source: ManifestContent.End
        /// The planned piece; nil: from a fall-back.
        let piece: Int?
        /// The number of the fall-back in its stock.
        let fallback: Int?
        /// It began after its piece's slot.
        let late: Bool
        let asked: Range<Int32>
        let askedBytes: Int64
        /// The chunk that comes next.
        var next: Int32
        /// From here on the chunks belong to others.
        var limit: Int32
        let beganMs: Int64
        var lastChunkMs: Int64
        /// When it was last looked at how much a fall-back brings, and what came next then.
        var weighedMs: Int64
        var weighedNext: Int32
        let paced: Bool
        /// Whole chunks that came, good or not.
        var cameBytes: Int64 = 0
        var goodBytes: Int64 = 0
        var wasteBytes: Int64 = 0
        var stored = RangeSet32()
        /// Good chunks of which the disk hasn't said anything yet.
        var writing: [Int32] = []
        /// Bytes of it may be on their way.
        var hasBegun = false
        var lied = false
        var cancelled = false
        /// It is so slow that its chunks were given free: the next one may be asked for elsewhere
        /// too, and whoever brings it first wins.
        var released = false
        /// It is over, and how; it stays until the disk has answered.
        var ending: Ending?
        var endedAt: Moment?
    }

    private(set) var live: [Intake] = []
    private var given: Int64 = 0
    /// Not ended ones.
    private(set) var running = 0
    private(set) var fallbacks = 0

    /// Where an intake lies in ``live``. O(log live).
    func position(_ id: IntakeID) -> Int? {
        var low = 0
        var high = live.count
        while low < high {
            let middle = (low + high) / 2
            if live[middle].id.raw < id.raw { low = middle + 1 } else { high = middle }
        }
        return low < live.count && live[low].id == id ? low : nil
    }

    subscript(position: Int) -> Intake {
        get { live[position] }
        set { live[position] = newValue }
    }

    mutating func newID() -> IntakeID {
        given += 1
        return IntakeID(raw: given)
    }

    mutating func add(_ intake: Intake) {
        live.append(intake)
        running += 1
        if intake.fallback != nil { fallbacks += 1 }
    }

    mutating func begun(_ id: IntakeID) {
        if let position = position(id) { live[position].hasBegun = true }
    }

    mutating func ended(_ position: Int, _ ending: Ending, at moment: Moment) {
        live[position].ending = ending
        live[position].endedAt = moment
        running -= 1
        if live[position].fallback != nil { fallbacks -= 1 }
    }

    mutating func remove(_ position: Int) { live.remove(at: position) }
}
